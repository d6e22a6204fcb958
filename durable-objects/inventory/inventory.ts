import { LATE_CALLS_MS, MINUTE_MS } from "../../schema/durations.ts";
import type { Sku } from "../../schema/ids.ts";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { HoldRequest, Part } from "./hold-requests.ts";
import type { HoldRow } from "./inventory.rows.ts";
import type { InventoryStore } from "./inventory.store.ts";

/** A checkout lets go of its hold by itself; so long after its time the shelf does, for one that could not. */
export const BACKSTOP_GRACE_MS = 5 * MINUTE_MS;

export type OutOfStock = Refusal<"out_of_stock">;
/** In how many cells the stock lies, where it is more than one, and how much of the line is here. */
export type Held = { readonly ok: true; readonly taken?: number; readonly cells?: number };
const ACCEPTED: Held = { ok: true };

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
export function bury(
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

export function soldOut(store: InventoryStore, sku: Sku): OutOfStock {
  const { cells, last_resort } = store.terms();
  const { available } = store.levels();
  return refuse("out_of_stock", {
    ...{ sku, available, ...(cells > 1 ? { cells } : {}) },
    ...(last_resort ? { lastResort: last_resort } : {}),
  });
}
