import type { CheckoutId, Sku } from "../../schema/ids.ts";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { HoldRow, InventoryStore } from "./inventory.store.ts";

const MINUTE_MS = 60_000;
const BACKSTOP_GRACE_MS = 5 * MINUTE_MS; // the checkout lets go by itself; this is for when it cannot
export const FORGET_AFTER_MS = 24 * 60 * MINUTE_MS; // no message of a dead hold is under way for so long
const DUE_BATCH = 500;

/** Asks for pieces. The same key always means the same hold. */
export type HoldRequest = {
  readonly key: string;
  readonly checkoutId: CheckoutId;
  readonly sku: Sku;
  readonly quantity: number;
  readonly expiresAtMs: number;
};

/** Wants a hold to have another quantity, 0 for none. A later change has a higher generation. */
export type ResizeRequest = HoldRequest & { readonly generation: number };

/** Names a hold, and the checkout's payment that wants it allocated or lets go of it. */
export type AllocationRequest = {
  readonly key: string;
  readonly sku: Sku;
  readonly payment: number;
};

export type OutOfStock = Refusal<"out_of_stock">;
type Accepted = { readonly ok: true };
const ACCEPTED: Accepted = { ok: true };

/** Takes pieces until `expiresAtMs`. Refuses a key whose release came first. */
export function hold(
  store: InventoryStore,
  request: HoldRequest,
  nowMs: number,
): Accepted | OutOfStock {
  const { key, checkoutId, sku, quantity, expiresAtMs } = request;
  const known = store.hold(key);
  if (known) return isAlive(known) ? ACCEPTED : soldOut(store, sku);
  if (store.levels().available < quantity) tend(store, nowMs);
  if (store.levels().available < quantity) return soldOut(store, sku);
  store.insertHold({
    hold_key: key,
    checkout_id: checkoutId,
    quantity,
    state: "held",
    expires_at_ms: expiresAtMs,
    due_at_ms: expiresAtMs + BACKSTOP_GRACE_MS,
    generation: 1,
  });
  store.move({ held: quantity });
  return ACCEPTED;
}

/** Changes how many pieces are held; less always succeeds. Refuses what a later change overtook. */
export function resize(
  store: InventoryStore,
  request: ResizeRequest,
  nowMs: number,
): Accepted | OutOfStock {
  const { key, checkoutId, sku, quantity, generation, expiresAtMs } = request;
  const row = store.hold(key);
  if (row?.generation === generation) return ACCEPTED;
  if (row && (row.generation > generation || row.state === "allocated")) return soldOut(store, sku);
  const more = quantity - (row?.state === "held" ? row.quantity : 0);
  if (more > 0 && store.levels().available < more) tend(store, nowMs);
  if (more > 0 && store.levels().available < more) return soldOut(store, sku);
  const isHeld = quantity > 0;
  const changed = {
    hold_key: key,
    checkout_id: checkoutId,
    quantity,
    state: isHeld ? ("held" as const) : ("released" as const),
    expires_at_ms: expiresAtMs,
    due_at_ms: isHeld ? expiresAtMs + BACKSTOP_GRACE_MS : nowMs + FORGET_AFTER_MS,
    generation,
  };
  if (row) store.updateHold({ ...row, ...changed });
  else store.insertHold(changed);
  store.move({ held: more });
  return ACCEPTED;
}

/** Keeps a hold for longer; never shortens it. One that the backstop took is taken again. */
export function extend(
  store: InventoryStore,
  request: HoldRequest,
  nowMs: number,
): Accepted | OutOfStock {
  const row = store.hold(request.key);
  if (row?.state === "allocated") return ACCEPTED;
  if (!row || row.state === "released") return soldOut(store, request.sku);
  if (row.state === "expired" && !retake(store, row, nowMs)) return soldOut(store, request.sku);
  const expiresAtMs = Math.max(row.expires_at_ms, request.expiresAtMs);
  const due_at_ms = expiresAtMs + BACKSTOP_GRACE_MS;
  store.updateHold({ ...row, state: "held", expires_at_ms: expiresAtMs, due_at_ms });
  return ACCEPTED;
}

/** Gives the pieces of a sale that is not placed back. Before its hold it leaves a tombstone. */
export function release(
  store: InventoryStore,
  { key, checkoutId }: Pick<HoldRequest, "key" | "checkoutId">,
  nowMs: number,
): Accepted {
  const row = store.hold(key);
  const due_at_ms = nowMs + FORGET_AFTER_MS;
  if (!row) {
    const tombstone = { quantity: 0, state: "released", expires_at_ms: nowMs, due_at_ms } as const;
    store.insertHold({ hold_key: key, checkout_id: checkoutId, ...tombstone, generation: 1 });
    return ACCEPTED;
  }
  if (row.state === "held") store.move({ held: -row.quantity });
  if (row.state === "allocated") store.move({ allocated: -row.quantity });
  if (row.state !== "released") store.updateHold({ ...row, state: "released", due_at_ms });
  return ACCEPTED;
}

/** Turns held pieces into sold ones. After the backstop it takes them again, all or none. */
export function allocate(
  store: InventoryStore,
  { key, sku, payment }: AllocationRequest,
  nowMs: number,
): Accepted | OutOfStock {
  const row = store.hold(key);
  if (row?.state === "allocated") return ACCEPTED;
  if (!row || row.state === "released" || payment <= row.undone_up_to) return soldOut(store, sku);
  if (row.state === "expired" && !retake(store, row, nowMs)) return soldOut(store, sku);
  store.move({ held: -row.quantity, allocated: row.quantity });
  store.updateHold({ ...row, state: "allocated", allocated_by: payment });
  return ACCEPTED;
}

/** Undoes a payment's allocation: the pieces are held again. Refuses that payment's late allocate. */
export function unallocate(store: InventoryStore, { key, payment }: AllocationRequest): Accepted {
  const row = store.hold(key);
  if (!row) return ACCEPTED;
  const undone = { ...row, undone_up_to: Math.max(row.undone_up_to, payment) };
  if (row.state === "allocated" && row.allocated_by <= payment) {
    store.move({ held: row.quantity, allocated: -row.quantity });
    store.updateHold({ ...undone, state: "held" });
  } else {
    store.updateHold(undone);
  }
  return ACCEPTED;
}

/** Takes overdue holds back and forgets long dead ones. Answers whether more are due. */
export function tend(store: InventoryStore, nowMs: number): boolean {
  const due = store.dueHolds(nowMs, DUE_BATCH);
  for (const row of due) {
    if (row.state === "held") {
      store.move({ held: -row.quantity });
      store.updateHold({ ...row, state: "expired", due_at_ms: nowMs + FORGET_AFTER_MS });
    } else {
      store.deleteHold(row.hold_key);
    }
  }
  return due.length === DUE_BATCH;
}

function retake(store: InventoryStore, row: HoldRow, nowMs: number): boolean {
  if (store.levels().available < row.quantity) tend(store, nowMs);
  if (store.levels().available < row.quantity) return false;
  store.move({ held: row.quantity });
  return true;
}

function isAlive({ state }: HoldRow): boolean {
  return state === "held" || state === "allocated";
}

function soldOut(store: InventoryStore, sku: Sku): OutOfStock {
  return refuse("out_of_stock", { sku, available: store.levels().available });
}
