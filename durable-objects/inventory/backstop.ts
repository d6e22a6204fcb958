import { LATE_CALLS_MS } from "../../schema/durations.ts";
import type { HoldRequest } from "./hold-requests.ts";
import type { HoldRow } from "./inventory.rows.ts";
import type { InventoryStore } from "./inventory.store.ts";

const DUE_BATCH = 500;

type Wish = Pick<HoldRequest, "quantity" | "part">;

/**
 * Puts the pieces of overdue holds back on the shelf (the backstop, I5), and forgets ended holds of which
 * no call can be under way any more. Answers whether more are due.
 */
export function tend(store: InventoryStore, nowMs: number): boolean {
  const due = store.dueHolds(nowMs, DUE_BATCH);
  for (const row of due) {
    if (row.state === "held") {
      store.move({ held: -row.quantity });
      store.updateHold(
        { ...row, state: "expired", due_at_ms: nowMs + LATE_CALLS_MS },
        { token: `expire/${nowMs}`, kind: "expire", held: -row.quantity, atMs: nowMs },
      );
    } else {
      store.deleteHold(row.hold_key);
    }
  }
  return due.length === DUE_BATCH;
}

/** All of it, or of a part as much as there is; 0 when it cannot be had. Overdue holds give way. */
export function quantityToTake(store: InventoryStore, wish: Wish, nowMs: number): number {
  if (store.levels().available < wish.quantity) tend(store, nowMs);
  return quantityThere(store, wish);
}

/** The same of what is there as it is. */
export function quantityThere(store: InventoryStore, { quantity, part }: Wish): number {
  const { available } = store.levels();
  if (available >= quantity) return quantity;
  return part ? available : 0;
}

/** Takes the pieces of an expired hold again; false when they went to somebody else meanwhile. */
export function retake(store: InventoryStore, row: HoldRow, nowMs: number): boolean {
  if (store.levels().available < row.quantity) {
    tend(store, nowMs);
    // It may have been due itself, to be forgotten.
    if (!store.hold(row.hold_key) || store.levels().available < row.quantity) return false;
  }
  store.move({ held: row.quantity });
  return true;
}
