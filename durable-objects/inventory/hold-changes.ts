import { LATE_CALLS_MS } from "../../schema/durations.ts";
import { refuse } from "../../schema/refusals.ts";
import { quantityThere, retake, tend } from "./backstop.ts";
import type { Unfair } from "./fairness.ts";
import { allowed } from "./fairness.ts";
import type { HoldRequest, ResizeRequest } from "./hold-requests.ts";
import type { HoldRow } from "./inventory.rows.ts";
import type { InventoryStore } from "./inventory.store.ts";
import {
  accepted,
  BACKSTOP_GRACE_MS,
  counted,
  type Held,
  isElsewhere,
  type OutOfStock,
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
  // Before the hold is read, and not again: it may be overdue itself.
  if (store.levels().available < request.quantity) tend(store, nowMs);
  const row = store.hold(key);
  if (row?.generation === generation) return accepted(store, part, row.quantity);
  if (row && (row.generation > generation || row.state === "allocated")) return soldOut(store, sku);
  const has = row?.state === "held" ? row.quantity : 0;
  const wanted = request.quantity - has;
  const more = wanted > 0 ? quantityThere(store, { quantity: wanted, part }) : wanted;
  if (more < wanted && !part) return soldOut(store, sku);
  const shopper = request.shopper ?? row?.shopper ?? undefined;
  const account = request.account ?? row?.account ?? undefined;
  const unfair = more > 0 ? allowed(store, { shopper, account, sku, quantity: more }) : undefined;
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
  else store.insertHold({ ...changed, ...counted(store, request) }, move);
  store.move({ held: more });
  return accepted(store, part, quantity);
}

/**
 * Keeps a hold for longer; never shortens it. One that had expired takes its pieces again, if they are there. A hold
 * that is somebody else's by now (a guest logged in) is counted for them.
 *
 * Refuses: out_of_stock; shopper_limit where they hold too much already.
 */
export function extend(
  store: InventoryStore,
  request: HoldRequest,
  nowMs: number,
): Held | OutOfStock | Unfair {
  const row = store.hold(request.key);
  const { part } = request;
  if (isElsewhere(row, part)) return accepted(store, part, 0);
  if (row?.state === "allocated") return accepted(store, part, row.quantity);
  if (!row || row.state === "released") return soldOut(store, request.sku);
  const owner = ownerOf(row, request);
  const isHandedOver = owner.shopper !== row.shopper || owner.account !== row.account;
  const unfair = isHandedOver ? tooManyFor(store, { ...row, ...owner }, request) : undefined;
  if (unfair) return unfair;
  const isRetaken = row.state === "expired";
  if (isRetaken && !retake(store, row, nowMs)) return soldOut(store, request.sku);
  const expiresAtMs = Math.max(row.expires_at_ms, request.expiresAtMs);
  const isSame = !isRetaken && !isHandedOver && expiresAtMs === row.expires_at_ms;
  if (isSame) return accepted(store, part, row.quantity);
  const due_at_ms = expiresAtMs + BACKSTOP_GRACE_MS;
  const extended = { ...owner, state: "held" as const, expires_at_ms: expiresAtMs, due_at_ms };
  store.updateHold(
    { ...row, ...extended },
    {
      ...{ token: `extend/${expiresAtMs}/${nowMs}`, kind: "extend", atMs: nowMs },
      ...(isRetaken ? { held: row.quantity } : {}),
    },
  );
  return accepted(store, part, row.quantity);
}

type Owner = Pick<HoldRow, "shopper" | "account">;

/** A hold that nobody was counted for stays so. */
function ownerOf(row: HoldRow, { shopper, account }: HoldRequest): Owner {
  if (row.shopper === null || shopper === undefined) {
    return { shopper: row.shopper, account: row.account };
  }
  return { shopper, account: account ?? null };
}

/** Pieces of theirs beside this hold, which may be counted among them by its other pseudonym, and those of it. */
function tooManyFor(store: InventoryStore, hold: HoldRow, { sku }: HoldRequest) {
  const { shopper_max: max } = store.terms();
  const { hold_key: key, shopper, account } = hold;
  if (max === null || shopper === null) return undefined;
  const held = store.heldBy({ shopper, account: account ?? undefined }, key);
  return held + hold.quantity > max ? refuse("shopper_limit", { sku, held, max }) : undefined;
}
