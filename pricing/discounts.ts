import { compare, leftOf, type Money } from "../schema/money.ts";
import type { Refusal, RefusalDetail } from "../schema/outcome.ts";
import type { Promotion } from "../schema/promotion.ts";
import { refuse } from "../schema/refusals.ts";
import { type Basket, type Left, type Miss, type Reduction, reduce } from "./promotion-rules.ts";

/** One promotion with what it takes off. */
export type Applied = { readonly promotion: Promotion; readonly reduction: Reduction };

export type Discounts = {
  /** In the order in which they were taken off. */
  readonly applied: readonly Applied[];
  /** What is left to pay of each line and of shipping, before tax on top. */
  readonly left: Left;
};

/** What the shopper pays for what is left, with the tax that comes on top. */
export type CostOf = (left: Left) => Money;

type Outcome = Discounts & {
  readonly misses: ReadonlyMap<string, Miss>;
};

/**
 * Takes off the most that the promotions allow: those that combine, one after the other by rank, or
 * one exclusive promotion alone, whichever costs the shopper less. Every promotion that was asked
 * for by code has to be among them.
 *
 * Refuses: promotion_not_applicable, promotion_not_combinable.
 */
export function discountsOf(
  basket: Basket,
  promotions: readonly Promotion[],
  costOf: CostOf,
): Discounts | Refusal<"promotion_not_applicable" | "promotion_not_combinable"> {
  const ranked = promotions.toSorted(byRank);
  const combining = outcomeOf(
    basket,
    ranked.filter(({ exclusive }) => !exclusive),
  );
  const alone = ranked
    .filter(({ exclusive }) => exclusive)
    .map((promotion) => outcomeOf(basket, [promotion]));
  const best = alone.reduce(
    (best, next) => (compare(costOf(next.left), costOf(best.left)) < 0 ? next : best),
    combining,
  );
  const unmet = ranked.filter(({ code, promotionId }) => {
    return code && !best.applied.some(({ promotion }) => promotion.promotionId === promotionId);
  });
  return unmet[0] ? whyNot(basket, unmet[0], best) : best;
}

function whyNot(basket: Basket, { code, ...promotion }: Promotion, best: Outcome) {
  const about: RefusalDetail = { codes: [code ?? ""], promotion: promotion.name };
  const { promotionId } = promotion;
  const miss =
    best.misses.get(promotionId) ?? outcomeOf(basket, [promotion]).misses.get(promotionId);
  if (miss) return refuse("promotion_not_applicable", { ...about, reason: miss });
  return refuse("promotion_not_combinable", {
    ...about,
    with: best.applied.map((each) => each.promotion.name),
  });
}

function byRank(a: Promotion, b: Promotion): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.promotionId < b.promotionId ? -1 : 1;
}

function outcomeOf(basket: Basket, promotions: readonly Promotion[]): Outcome {
  const applied: Applied[] = [];
  const misses = new Map<string, Miss>();
  let left: Left = {
    lines: basket.lines.map(({ amount }) => amount),
    shipping: basket.shipping.amount,
  };
  for (const promotion of promotions) {
    const reduction = reduce(promotion.rule, basket, left);
    if (typeof reduction === "string") {
      misses.set(promotion.promotionId, reduction);
    } else {
      applied.push({ promotion, reduction });
      left = without(left, reduction);
    }
  }
  return { applied, left, misses };
}

function without(left: Left, reduction: Reduction): Left {
  const lines = left.lines.map((amount, at) => leftOf(amount, reduction.lines[at] ?? amount));
  return { lines, shipping: leftOf(left.shipping, reduction.shipping) };
}
