import { allowed, type Unfair } from "./fairness.ts";
import type { HoldRequest } from "./hold-requests.ts";
import type { HoldRow, InventoryStore } from "./inventory.store.ts";
import {
  accepted,
  BACKSTOP_GRACE_MS,
  bury,
  counted,
  type Held,
  type OutOfStock,
  quantityToTake,
  retake,
  soldOut,
} from "./inventory.ts";

/**
 * Sets pieces aside until `expiresAtMs`, all or none; of a part, as many as there are. The same key
 * answers the same hold.
 *
 * Refuses: out_of_stock, also for a key that was released already or means another hold; the merchant's
 * limits (fairness.ts).
 */
export function hold(
  store: InventoryStore,
  request: HoldRequest,
  nowMs: number,
): Held | OutOfStock | Unfair {
  const { key, checkoutId, sku, expiresAtMs } = request;
  const known = store.hold(key);
  if (known) return heldAgain(store, known, request, nowMs);
  const quantity = quantityToTake(store, request, nowMs);
  const unfair = quantity > 0 ? allowed(store, { ...request, quantity }) : undefined;
  if (quantity === 0 || unfair) {
    if (request.part === "once") bury(store, request, nowMs);
    return unfair ?? soldOut(store, sku);
  }
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
  store.insertHold(row, { token: "hold", kind: "hold", held: quantity, atMs: nowMs });
  store.move({ held: quantity });
  return accepted(store, request.part, quantity);
}

/**
 * The same hold again. A checkout that died before it wrote anything asks once more, later, and maybe for
 * something else (decision 27): for that it is refused, never answered with a number that it did not ask for.
 */
function heldAgain(
  store: InventoryStore,
  row: HoldRow,
  request: HoldRequest,
  nowMs: number,
): Held | OutOfStock {
  const { part, sku, expiresAtMs } = request;
  if (row.state === "released" || isAnother(store, row, request)) return soldOut(store, sku);
  const isLater = expiresAtMs > row.expires_at_ms && row.state !== "allocated";
  const isRetaken = row.state === "expired";
  if (isRetaken && !(isLater && retake(store, row, nowMs))) return soldOut(store, sku);
  if (isLater) {
    const due_at_ms = expiresAtMs + BACKSTOP_GRACE_MS;
    store.updateHold(
      { ...row, state: "held", expires_at_ms: expiresAtMs, due_at_ms },
      {
        ...{ token: `extend/${expiresAtMs}/${nowMs}`, kind: "extend", atMs: nowMs },
        ...(isRetaken ? { held: row.quantity } : {}),
      },
    );
  }
  return accepted(store, part, row.quantity);
}

/** Whether the key stands for another wish: of other pieces, or of somebody else. */
function isAnother(store: InventoryStore, row: HoldRow, request: HoldRequest): boolean {
  const { quantity, part } = request;
  const { shopper, account } = counted(store, request);
  const isSame = part ? row.quantity <= quantity : row.quantity === quantity;
  return !isSame || row.shopper !== shopper || row.account !== account;
}
