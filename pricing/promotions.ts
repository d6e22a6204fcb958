import { leftOf, type Money, minus, plus, sum } from "../schema/money.ts";
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

type Outcome = Discounts & {
  readonly off: Money;
  readonly misses: ReadonlyMap<string, Miss>;
};

/**
 * Takes off the most that the promotions allow: those that combine, one after the other by rank, or
 * one exclusive promotion alone, whichever saves the shopper more. Every promotion that was asked
 * for by code has to be among them.
 *
 * Refuses: promotion_not_applicable, promotion_not_combinable.
 */
export function discountsOf(
  basket: Basket,
  promotions: readonly Promotion[],
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
    (most, next) => (next.off.amountMinor > most.off.amountMinor ? next : most),
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
  const before: Left = {
    lines: basket.lines.map(({ amount }) => amount),
    shipping: basket.shipping.amount,
  };
  let left = before;
  for (const promotion of promotions) {
    const reduction = reduce(promotion.rule, basket, left);
    if (typeof reduction === "string") {
      misses.set(promotion.promotionId, reduction);
    } else {
      applied.push({ promotion, reduction });
      left = without(left, reduction);
    }
  }
  return { applied, left, misses, off: minus(totalOf(before), totalOf(left)) };
}

function without(left: Left, reduction: Reduction): Left {
  const lines = left.lines.map((amount, at) => leftOf(amount, reduction.lines[at] ?? amount));
  return { lines, shipping: leftOf(left.shipping, reduction.shipping) };
}

function totalOf({ lines, shipping }: Left): Money {
  return plus(sum(lines, shipping.currency), shipping);
}
