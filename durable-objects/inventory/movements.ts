import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { StockLevels } from "../../schema/stock.ts";
import type { InventoryStore, Movement } from "./inventory.store.ts";
import { FORGET_AFTER_MS } from "./inventory.ts";

type Accepted = { readonly ok: true };

export type MovementRefusal = Refusal<"movement_refused" | "stock_promised">;

/** Brings sold pieces back from an order; the same token counts once. */
export function restock(
  store: InventoryStore,
  { token, key }: { readonly token: string; readonly key: string },
  nowMs: number,
): Accepted {
  const row = store.hold(key);
  if (store.movement(token) || row?.state !== "allocated") return { ok: true };
  store.insertMovement({ token, kind: "restock", quantity: row.quantity }, nowMs);
  store.move({ allocated: -row.quantity });
  store.updateHold({ ...row, state: "released", due_at_ms: nowMs + FORGET_AFTER_MS });
  return { ok: true };
}

/**
 * Books pieces that arrived, or a count that found more or fewer than there should be. The same
 * token counts once and must mean the same. What is promised to shoppers cannot be corrected away.
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
  if (available + quantity < 0) return refuse("stock_promised", { available, held, allocated });
  store.insertMovement(movement, nowMs);
  store.move({ received: quantity });
  return store.levels();
}
