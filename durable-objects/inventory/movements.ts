import { LATE_CALLS_MS } from "../../schema/durations.ts";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { StockLevels } from "../../schema/stock.ts";
import { movesOf } from "./hold-moves.ts";
import type { Part } from "./hold-requests.ts";
import type { HoldRow, Movement } from "./inventory.rows.ts";
import type { InventoryStore } from "./inventory.store.ts";
import { accepted, type Held, putBack } from "./inventory.ts";

const NAMED_SALES_MAX = 20; // enough to begin with; the dump has them all

export type MovementRefusal = Refusal<"movement_refused" | "stock_promised">;
export type ShipmentRefusal = Refusal<"movement_refused" | "not_enough_stock">;

/** Puts the pieces of a cancelled order that have not left the house back, once per token. */
export function restock(
  store: InventoryStore,
  { token, key }: { readonly token: string; readonly key: string },
  nowMs: number,
): Held {
  const row = store.hold(key);
  const quantity = row?.state === "allocated" ? row.quantity - row.shipped : 0;
  if (!row || quantity === 0 || store.movement(token)) return accepted(store, undefined, quantity);
  store.insertMovement({ token, kind: "restock", quantity }, nowMs);
  putBack(store, row, { token: `restock/${token}`, nowMs });
  return accepted(store, undefined, quantity);
}

export type Return = {
  readonly key: string;
  /** Of whoever brings them back: told again it means the same pieces. */
  readonly token: string;
  readonly quantity: number;
  /** Out of the house's sold ones, or from the shopper. */
  readonly of: "unsent" | "sent";
  readonly part?: Part;
};

/**
 * Some sold pieces go back on the shelf, as many as are there to come back. What a token brought is
 * noted, nothing too, so that each cell of a line says the same when it is asked again.
 */
export function restockPieces(
  store: InventoryStore,
  { key, token, quantity, of, part }: Return,
  nowMs: number,
): Held {
  const row = store.hold(key);
  const name = `restock/${of}/${token}`;
  const known = row && movesOf(row.history).find((move) => move.token === name);
  if (!row) return accepted(store, part, 0);
  if (known) return accepted(store, part, Math.abs((known.allocated ?? 0) + (known.gone ?? 0)));
  const there = of === "sent" ? row.shipped : row.quantity - row.shipped;
  const back = row.state === "allocated" ? Math.min(quantity, there) : 0;
  const change = of === "sent" ? { gone: -back } : { allocated: -back };
  if (back > 0) store.move(change);
  const left = row.quantity - back;
  const shipped = of === "sent" ? row.shipped - back : row.shipped;
  const isOver = row.state === "allocated" && left === 0;
  const over = { state: "released" as const, due_at_ms: nowMs + LATE_CALLS_MS };
  store.updateHold(
    { ...row, quantity: left, shipped, ...(isOver ? over : {}) },
    { token: name, kind: "restock", ...change, atMs: nowMs },
  );
  return accepted(store, part, back);
}

export type Shipment = {
  readonly key: string;
  /** Of the parcel: told again it means the same pieces. */
  readonly token: string;
  readonly quantity: number;
  readonly part?: Part;
};

/**
 * Sold pieces leave the house, some or all; the same token means the same parcel. Refuses more than are
 * allocated and not shipped yet, a parcel that `unship` put back, and a token told with another quantity.
 */
export function ship(
  store: InventoryStore,
  { key, token, quantity, part }: Shipment,
  nowMs: number,
): Held | ShipmentRefusal {
  const row = store.hold(key);
  const isBack = gone(row, `unship/${token}`) !== undefined;
  const known = isBack ? undefined : gone(row, `ship/${token}`);
  if (known !== undefined && (part || known === quantity)) return accepted(store, part, known);
  if (known !== undefined)
    return refuse("movement_refused", { movementId: token, quantity: known });
  const left = row?.state === "allocated" && !isBack ? row.quantity - row.shipped : 0;
  const shipped = part ? Math.min(left, quantity) : quantity;
  if (part && shipped === 0) return accepted(store, part, 0);
  if (!row || left < shipped) {
    const { cells } = store.terms();
    return refuse("not_enough_stock", { quantity, left, ...(cells > 1 ? { cells } : {}) });
  }
  const change = { allocated: -shipped, gone: shipped };
  store.move(change);
  store.updateHold(
    { ...row, shipped: row.shipped + shipped },
    { token: `ship/${token}`, kind: "ship", ...change, atMs: nowMs },
  );
  return accepted(store, part, shipped);
}

/** Undo of `ship`: puts the parcel's pieces back, once. A `ship` with this token that arrives later moves nothing. */
export function unship(
  store: InventoryStore,
  { key, token }: Pick<Shipment, "key" | "token">,
  nowMs: number,
): Held {
  const row = store.hold(key);
  const back = `unship/${token}`;
  if (!row || gone(row, back) !== undefined) return accepted(store, undefined, 0);
  const shipped = gone(row, `ship/${token}`) ?? 0;
  const change = { allocated: shipped, gone: -shipped };
  if (shipped > 0) store.move(change);
  store.updateHold(
    { ...row, shipped: row.shipped - shipped },
    { token: back, kind: "unship", ...change, atMs: nowMs },
  );
  return accepted(store, undefined, 0);
}

/** What a movement of the hold added to the pieces that are gone; undefined without it. */
function gone(row: HoldRow | undefined, token: string): number | undefined {
  return row && movesOf(row.history).find((move) => move.token === token)?.gone;
}

/**
 * Books pieces that arrived, or a count that found more or fewer than there should be. The same
 * token counts once and must mean the same. What is promised to shoppers cannot be corrected away:
 * the refusal names sales that it is promised to.
 */
export function book(
  store: InventoryStore,
  movement: Movement,
  nowMs: number,
): StockLevels | MovementRefusal {
  const { token, kind, quantity } = movement;
  const known = store.movement(token);
  if (known && (known.kind !== kind || known.quantity !== quantity)) {
    return refuse("movement_refused", { movementId: token, quantity: known.quantity });
  }
  if (known) return store.levels();
  const { available, held, allocated } = store.levels();
  if (available + quantity < 0) {
    const checkouts = store.promisedTo(NAMED_SALES_MAX);
    return refuse("stock_promised", { available, held, allocated, checkouts });
  }
  store.insertMovement(movement, nowMs);
  store.move({ received: quantity });
  return store.levels();
}

/** A count of what stands in the house, sold or not. Corrects by the difference; once per token. */
export function count(
  store: InventoryStore,
  { token, counted }: { readonly token: string; readonly counted: number },
  nowMs: number,
): StockLevels | MovementRefusal {
  const known = store.movement(token);
  if (known && known.kind !== "correction") {
    return refuse("movement_refused", { movementId: token, quantity: known.quantity });
  }
  if (known) return store.levels();
  const { received, gone } = store.levels();
  const quantity = counted - (received - gone);
  if (quantity === 0) store.insertMovement({ token, kind: "correction", quantity }, nowMs);
  if (quantity === 0) return store.levels();
  return book(store, { token, kind: "correction", quantity }, nowMs);
}
