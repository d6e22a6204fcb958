import { quantityToTake, tend } from "./backstop.ts";
import { allowed, type Unfair } from "./fairness.ts";
import { movesOf } from "./hold-moves.ts";
import type { HoldRequest } from "./hold-requests.ts";
import type { HoldRow } from "./inventory.rows.ts";
import type { InventoryStore } from "./inventory.store.ts";
import {
  accepted,
  BACKSTOP_GRACE_MS,
  bury,
  counted,
  type Held,
  type OutOfStock,
  soldOut,
} from "./inventory.ts";

/**
 * Sets pieces aside until `expiresAtMs`, all or none; of a part, as many as there are. The same key is
 * the same hold: repeated, it takes nothing more. A wish of a later time is kept for it, and may be
 * for another quantity: the hold then has that one.
 *
 * Refuses: out_of_stock, also for a key that was released already, that is somebody else's, and for another
 * quantity that is no later wish, or of a hold that was sold or changed since; the merchant's limits
 * (fairness.ts).
 */
export function hold(
  store: InventoryStore,
  request: HoldRequest,
  nowMs: number,
): Held | OutOfStock | Unfair {
  const { sku, part } = request;
  if (isToBeHad(store, request) && take(store, request, nowMs)) {
    return accepted(store, part, request.quantity);
  }
  const known = store.hold(request.key);
  if (known) return heldAgain(store, known, request, nowMs);
  const quantity = quantityToTake(store, request, nowMs);
  const unfair = quantity > 0 ? allowed(store, { ...request, quantity }) : undefined;
  if (quantity === 0 || unfair) {
    if (part === "once") bury(store, request, nowMs);
    return unfair ?? soldOut(store, sku);
  }
  take(store, { ...request, quantity }, nowMs);
  return accepted(store, part, quantity);
}

/** Most keys are new and most pieces are there: then no row is read, as the insert tells whether the key is known. */
function isToBeHad(store: InventoryStore, request: HoldRequest): boolean {
  const { key, quantity } = request;
  const isThere = quantity > 0 && store.levels().available >= quantity;
  return isThere && !store.recentHold(key) && !allowed(store, request);
}

/** Takes nothing, and says so, when there is a hold by this key. */
function take(store: InventoryStore, request: HoldRequest, nowMs: number): boolean {
  const { key, checkoutId, quantity, expiresAtMs } = request;
  const row = {
    hold_key: key,
    checkout_id: checkoutId,
    quantity,
    state: "held" as const,
    expires_at_ms: expiresAtMs,
    due_at_ms: expiresAtMs + BACKSTOP_GRACE_MS,
    generation: 1,
    ...counted(store, request),
  };
  const move = { token: "hold", kind: "hold", held: quantity, atMs: nowMs } as const;
  const isNew = store.insertHold(row, move);
  if (isNew) store.move({ held: quantity });
  return isNew;
}

/**
 * A checkout that died before it had noted its hold asks once more, later, and maybe for more or fewer
 * (decision 27); what it asked before can still be on its way, and must not undo that. Where stock lies
 * in several cells the answer says how many are here: fewer than asked are no change.
 */
function heldAgain(
  store: InventoryStore,
  row: HoldRow,
  request: HoldRequest,
  nowMs: number,
): Held | OutOfStock | Unfair {
  const { part, sku } = request;
  if (row.state === "released" || isOfAnother(store, row, request)) return soldOut(store, sku);
  const quantity = quantityHere(store, row, request);
  const isLater = request.expiresAtMs > row.expires_at_ms && row.state !== "allocated";
  if (isLater) return keptLonger(store, request, nowMs);
  const isSame = row.state !== "expired" && quantity === row.quantity;
  return isSame ? accepted(store, part, quantity) : soldOut(store, sku);
}

function keptLonger(
  store: InventoryStore,
  request: HoldRequest,
  nowMs: number,
): Held | OutOfStock | Unfair {
  const { key, part, sku, expiresAtMs } = request;
  if (store.levels().available < request.quantity) tend(store, nowMs);
  const row = store.hold(key); // it may have been due itself
  if (!row) return soldOut(store, sku);
  const quantity = quantityHere(store, row, request);
  if (row.generation > 1 && quantity !== row.quantity) return soldOut(store, sku);
  const more = quantity - (row.state === "held" ? row.quantity : 0);
  const unfair = more > 0 ? allowed(store, { ...request, quantity: more }) : undefined;
  if (unfair || store.levels().available < more) return unfair ?? soldOut(store, sku);
  const kept = { expires_at_ms: expiresAtMs, due_at_ms: expiresAtMs + BACKSTOP_GRACE_MS };
  const token = `hold/${movesOf(row.history).length + 1}`;
  store.move({ held: more });
  store.updateHold(
    { ...row, ...kept, state: "held", quantity },
    { token, kind: "hold", held: more, atMs: nowMs },
  );
  return accepted(store, part, quantity);
}

function quantityHere(store: InventoryStore, row: HoldRow, { part, quantity }: HoldRequest) {
  const isTold = part !== undefined || store.terms().cells > 1;
  return isTold ? Math.min(row.quantity, quantity) : quantity;
}

/** Whether the pieces are counted for somebody else. */
function isOfAnother(store: InventoryStore, row: HoldRow, request: HoldRequest): boolean {
  const { shopper, account } = counted(store, request);
  return row.shopper !== shopper || row.account !== account;
}
