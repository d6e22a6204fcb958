import { LATE_CALLS_MS } from "../../schema/durations.ts";
import type { Unfair } from "./fairness.ts";
import { allowed } from "./fairness.ts";
import type { HoldRequest, ResizeRequest } from "./hold-requests.ts";
import type { InventoryStore } from "./inventory.store.ts";
import {
  accepted,
  BACKSTOP_GRACE_MS,
  counted,
  type Held,
  isElsewhere,
  type OutOfStock,
  quantityToTake,
  retake,
  soldOut,
} from "./inventory.ts";

/**
 * Changes how many pieces are held (decision 4); fewer always succeeds. The same generation answers again
 * what it did; a lower one than the hold's arrived late, changes nothing and is refused.
 */
export function resize(
  store: InventoryStore,
  request: ResizeRequest,
  nowMs: number,
): Held | OutOfStock | Unfair {
  const { key, checkoutId, sku, generation, expiresAtMs, part } = request;
  const row = store.hold(key);
  if (row?.generation === generation) return accepted(store, part, row.quantity);
  if (row && (row.generation > generation || row.state === "allocated")) return soldOut(store, sku);
  const has = row?.state === "held" ? row.quantity : 0;
  const wanted = request.quantity - has;
  const more = wanted > 0 ? quantityToTake(store, { quantity: wanted, part }, nowMs) : wanted;
  if (more < wanted && !part) return soldOut(store, sku);
  const shopper = row?.shopper ?? request.shopper;
  const unfair = more > 0 ? allowed(store, { shopper, sku, quantity: more }) : undefined;
  if (unfair) return unfair;
  const quantity = has + more;
  const isHeld = quantity > 0;
  const changed = {
    hold_key: key,
    checkout_id: checkoutId,
    quantity,
    state: isHeld ? ("held" as const) : ("released" as const),
    expires_at_ms: expiresAtMs,
    due_at_ms: isHeld ? expiresAtMs + BACKSTOP_GRACE_MS : nowMs + LATE_CALLS_MS,
    generation,
  };
  const move = { token: `resize/${generation}`, kind: "resize", held: more, atMs: nowMs } as const;
  if (row) store.updateHold({ ...row, ...changed }, move);
  else store.insertHold({ ...changed, shopper: counted(store, request) }, move);
  store.move({ held: more });
  return accepted(store, part, quantity);
}

/** Keeps a hold for longer; never shortens it. One that had expired takes its pieces again, if they are there. */
export function extend(
  store: InventoryStore,
  request: HoldRequest,
  nowMs: number,
): Held | OutOfStock {
  const row = store.hold(request.key);
  const { part } = request;
  if (isElsewhere(row, part)) return accepted(store, part, 0);
  if (row?.state === "allocated") return accepted(store, part, row.quantity);
  if (!row || row.state === "released") return soldOut(store, request.sku);
  const isRetaken = row.state === "expired";
  if (isRetaken && !retake(store, row, nowMs)) return soldOut(store, request.sku);
  const expiresAtMs = Math.max(row.expires_at_ms, request.expiresAtMs);
  if (!isRetaken && expiresAtMs === row.expires_at_ms) return accepted(store, part, row.quantity);
  const due_at_ms = expiresAtMs + BACKSTOP_GRACE_MS;
  const extended = { state: "held" as const, expires_at_ms: expiresAtMs, due_at_ms };
  store.updateHold(
    { ...row, ...extended },
    {
      ...{ token: `extend/${expiresAtMs}/${nowMs}`, kind: "extend", atMs: nowMs },
      ...(isRetaken ? { held: row.quantity } : {}),
    },
  );
  return accepted(store, part, row.quantity);
}
