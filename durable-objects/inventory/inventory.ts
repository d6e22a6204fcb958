import { LATE_CALLS_MS, MINUTE_MS } from "../../schema/durations.ts";
import type { Sku } from "../../schema/ids.ts";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import { quantityToTake } from "./backstop.ts";
import { allowed, type Unfair } from "./fairness.ts";
import { movesOf } from "./hold-moves.ts";
import type { HoldRequest, Part } from "./hold-requests.ts";
import type { HoldRow } from "./inventory.rows.ts";
import type { InventoryStore } from "./inventory.store.ts";

/** A checkout lets go of its hold by itself; so long after its time the shelf does, for one that could not. */
export const BACKSTOP_GRACE_MS = 5 * MINUTE_MS;

export type OutOfStock = Refusal<"out_of_stock">;
/** In how many cells the stock lies, where it is more than one, and how much of the line is here. */
export type Held = { readonly ok: true; readonly taken?: number; readonly cells?: number };
const ACCEPTED: Held = { ok: true };

/**
 * Sets pieces aside until `expiresAtMs`, all or none; of a part, as many as there are. The same key is
 * the same hold: repeated, it takes nothing more, and with another quantity it has the new one.
 *
 * Refuses: out_of_stock, also for a key that was released already, and for another quantity of a hold that
 * was sold or changed since; the merchant's limits (fairness.ts).
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
  if (known) return repeated(store, known, request, nowMs);
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
 * A checkout that died before it had noted its hold may come back and want more, fewer, or them for
 * longer. Where stock lies in several cells the answer says how many are here: fewer than asked are
 * no change.
 */
function repeated(
  store: InventoryStore,
  row: HoldRow,
  { sku, part, ...request }: HoldRequest,
  nowMs: number,
): Held | OutOfStock | Unfair {
  if (!isAlive(row)) return soldOut(store, sku);
  const isTold = part !== undefined || store.terms().cells > 1;
  const quantity = isTold ? Math.min(row.quantity, request.quantity) : request.quantity;
  const more = quantity - row.quantity;
  const isFixed = row.state === "allocated" || row.generation > 1;
  if (isFixed && more !== 0) return soldOut(store, sku);
  if (isFixed || (more === 0 && request.expiresAtMs <= row.expires_at_ms)) {
    return accepted(store, part, quantity);
  }
  const unfair = more > 0 ? allowed(store, { ...request, sku, quantity: more }) : undefined;
  if (unfair || store.levels().available < more) return unfair ?? soldOut(store, sku);
  const expires_at_ms = Math.max(row.expires_at_ms, request.expiresAtMs);
  const due_at_ms = expires_at_ms + BACKSTOP_GRACE_MS;
  const token = `hold/${movesOf(row.history).length + 1}`;
  store.move({ held: more });
  store.updateHold(
    { ...row, quantity, expires_at_ms, due_at_ms },
    { token, kind: "hold", held: more, atMs: nowMs },
  );
  return accepted(store, part, quantity);
}

/** Says how much of the line is here, where it may be in several cells. */
export function accepted(store: InventoryStore, part: Part, taken: number): Held {
  const { cells } = store.terms();
  if (!part && cells === 1) return ACCEPTED;
  return { ok: true, taken, ...(cells > 1 ? { cells } : {}) };
}

/** Nothing of the line was ever here: another cell has it. */
export function isElsewhere(row: HoldRow | undefined, part: Part): boolean {
  return part !== undefined && (row === undefined || row.quantity === 0);
}

/** Whom a hold is counted for, where the SKU has a limit per shopper. */
export function counted(
  store: InventoryStore,
  { shopper, account }: HoldRequest,
): Pick<HoldRow, "shopper" | "account"> {
  const isCounted = store.terms().shopper_max !== null;
  return {
    shopper: (isCounted && shopper) || null,
    account: (isCounted && account) || null,
  };
}

/**
 * Undo of `hold`, and the end of a sale that is not placed: puts the pieces back. A `hold` with this key
 * that arrives later takes nothing.
 */
export function release(
  store: InventoryStore,
  request: Pick<HoldRequest, "key" | "checkoutId" | "part">,
  nowMs: number,
): Held {
  const row = store.hold(request.key);
  if (!row) bury(store, request, nowMs);
  else if (row.state !== "released") putBack(store, row, { token: "release", nowMs });
  return accepted(store, request.part, row?.quantity ?? 0);
}

/** What is left of a hold goes back on the shelf; pieces that were shipped are gone for good. */
export function putBack(
  store: InventoryStore,
  row: HoldRow,
  { token, nowMs }: { readonly token: string; readonly nowMs: number },
): void {
  const { state, quantity, shipped } = row;
  const kind = token === "release" ? "release" : "restock";
  const change =
    state === "held"
      ? { held: -quantity }
      : state === "allocated"
        ? { allocated: shipped - quantity }
        : {};
  store.move(change);
  const left =
    shipped > 0
      ? { quantity: shipped }
      : { state: "released" as const, due_at_ms: nowMs + LATE_CALLS_MS };
  store.updateHold({ ...row, ...left }, { token, kind, ...change, atMs: nowMs });
}

/** Leaves a mark, a released hold without pieces: for `LATE_CALLS_MS` it refuses calls with this key. */
function bury(
  store: InventoryStore,
  { key, checkoutId }: Pick<HoldRequest, "key" | "checkoutId">,
  nowMs: number,
): void {
  store.insertHold({
    hold_key: key,
    checkout_id: checkoutId,
    quantity: 0,
    state: "released",
    expires_at_ms: nowMs,
    due_at_ms: nowMs + LATE_CALLS_MS,
    generation: 1,
    shopper: null,
    account: null,
  });
}

function isAlive({ state }: HoldRow): boolean {
  return state === "held" || state === "allocated";
}

export function soldOut(store: InventoryStore, sku: Sku): OutOfStock {
  const { cells, last_resort } = store.terms();
  const { available } = store.levels();
  return refuse("out_of_stock", {
    ...{ sku, available, ...(cells > 1 ? { cells } : {}) },
    ...(last_resort ? { lastResort: last_resort } : {}),
  });
}
