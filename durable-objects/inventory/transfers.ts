import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { InventoryStore } from "./inventory.store.ts";

type Accepted = { readonly ok: true };
const ACCEPTED: Accepted = { ok: true };

/** Pieces on their way between two inventories. Both ends know them by the same token. */
export type Parcel = { readonly token: string; readonly quantity: number };
export type NotEnough = Refusal<"not_enough_stock">;

/**
 * Pieces leave for another inventory. Refuses what is promised here, a parcel taken back, and a token
 * that means something else here.
 */
export function send(
  store: InventoryStore,
  { token, quantity }: Parcel,
  nowMs: number,
): Accepted | NotEnough {
  const known = store.movement(token);
  const { available } = store.levels();
  if (known?.kind === "transfer_out" && known.quantity !== 0) return ACCEPTED;
  if (known || available < quantity) return refuse("not_enough_stock", { available });
  store.insertMovement({ token, kind: "transfer_out", quantity: -quantity }, nowMs);
  store.move({ received: -quantity });
  return ACCEPTED;
}

/** Undo of `send`: the parcel's pieces are back, once. A `send` with this token that arrives later is refused. */
export function takeBack(
  store: InventoryStore,
  { token, quantity }: Parcel,
  nowMs: number,
): Accepted {
  const back = `${token}/back`;
  const known = store.movement(token);
  if (!known) store.insertMovement({ token, kind: "transfer_out", quantity: 0 }, nowMs);
  const isSent = known?.kind === "transfer_out" && known.quantity !== 0;
  if (!isSent || store.movement(back)) return ACCEPTED;
  store.insertMovement({ token: back, kind: "transfer_in", quantity }, nowMs);
  store.move({ received: quantity });
  return ACCEPTED;
}

/**
 * A parcel's pieces come in, once per token. They have left the other shelf, so that nothing may be
 * refused: a token that means something else here is booked under a name of its own.
 */
export function arrive(
  store: InventoryStore,
  { token, quantity }: Parcel,
  nowMs: number,
): Accepted {
  const known = store.movement(token);
  const own = known && known.kind !== "transfer_in" ? `${token}/in` : token;
  if (store.movement(own)) return ACCEPTED;
  store.insertMovement({ token: own, kind: "transfer_in", quantity }, nowMs);
  store.move({ received: quantity });
  return ACCEPTED;
}
