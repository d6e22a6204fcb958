import { retake } from "./backstop.ts";
import type { AllocationRequest } from "./hold-requests.ts";
import type { InventoryStore } from "./inventory.store.ts";
import { accepted, type Held, isElsewhere, type OutOfStock, soldOut } from "./inventory.ts";

/**
 * Turns held pieces into sold ones; repeated, it changes nothing. An expired hold first takes its pieces
 * again, all or none. Refuses a payment whose allocation was undone.
 */
export function allocate(
  store: InventoryStore,
  { key, sku, payment, part }: AllocationRequest,
  nowMs: number,
): Held | OutOfStock {
  const row = store.hold(key);
  if (isElsewhere(row, part)) return accepted(store, part, 0);
  if (row?.state === "allocated") return accepted(store, part, row.quantity);
  if (!row || row.state === "released" || payment <= row.undone_up_to) return soldOut(store, sku);
  const isRetaken = row.state === "expired";
  if (isRetaken && !retake(store, row, nowMs)) return soldOut(store, sku);
  store.move({ held: -row.quantity, allocated: row.quantity });
  store.updateHold(
    { ...row, state: "allocated", allocated_by: payment },
    {
      ...{ token: `allocate/${payment}`, kind: "allocate", atMs: nowMs },
      ...{ held: isRetaken ? 0 : -row.quantity, allocated: row.quantity },
    },
  );
  return accepted(store, part, row.quantity);
}

/**
 * Undo of `allocate`: the pieces are held again. An `allocate` of this payment or an earlier one that
 * arrives later is refused. What a later payment allocated stays so.
 */
export function unallocate(
  store: InventoryStore,
  { key, payment, part }: AllocationRequest,
  nowMs: number,
): Held {
  const row = store.hold(key);
  if (!row) return accepted(store, part, 0);
  const undone = { ...row, undone_up_to: Math.max(row.undone_up_to, payment) };
  if (row.state === "allocated" && row.allocated_by <= payment) {
    const change = { held: row.quantity, allocated: -row.quantity };
    const token = `unallocate/${row.allocated_by}`;
    store.move(change);
    store.updateHold(
      { ...undone, state: "held" },
      { token, kind: "unallocate", ...change, atMs: nowMs },
    );
  } else {
    store.updateHold(undone);
  }
  return accepted(store, part, row.quantity);
}
