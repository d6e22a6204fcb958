import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { InventoryStore } from "./inventory.store.ts";

export type Unfair = Refusal<"shopper_limit" | "too_many_unpaid">;

type Wish = {
  readonly quantity: number;
  readonly sku: string;
  readonly shopper?: string | undefined;
  readonly account?: string | undefined;
  readonly isPaying?: boolean | undefined;
};

/**
 * Why these pieces cannot be held, where the merchant set limits; undefined when they can. A wish
 * that brings its payment is not bound by the share: only what stands unpaid is hoarded.
 */
export function allowed(store: InventoryStore, wish: Wish): Unfair | undefined {
  const { shopper_max, unpaid_max_percent } = store.terms();
  const { quantity, shopper, account, isPaying, sku } = wish;
  if (shopper_max !== null && shopper !== undefined) {
    const held = store.heldBy({ shopper, account });
    if (held + quantity > shopper_max)
      return refuse("shopper_limit", { sku, held, max: shopper_max });
  }
  if (unpaid_max_percent === null || isPaying) return undefined;
  const { available, held } = store.levels();
  // The last piece can always be wanted.
  const max = Math.max(1, Math.floor(((available + held) * unpaid_max_percent) / 100));
  return held + quantity > max ? refuse("too_many_unpaid", { sku, held, max }) : undefined;
}
