import { isOn, type SaleFlags } from "../schema/flag.ts";
import type { Refusal } from "../schema/outcome.ts";
import { type CountedPromotion, type Promotion, promotionCodeOf } from "../schema/promotion.ts";
import { refuse } from "../schema/refusals.ts";
import type { PromotionUses, ShopTerms } from "./catalogue.ts";
import { momentOf } from "./time/shop-time.ts";

export type CodeRefusal = Refusal<
  "promotion_unknown" | "promotion_not_active" | "promotion_exhausted"
>;

type Question = {
  readonly codes: readonly string[];
  readonly coded: readonly Promotion[];
  readonly terms: ShopTerms;
  readonly flags: SaleFlags;
  readonly uses: PromotionUses;
  readonly nowMs: number;
};

/**
 * The promotions that a quote may use: those that apply by themselves and have uses left, and all
 * whose codes were given. One code that cannot be used refuses them all.
 *
 * Refuses: promotion_unknown, promotion_not_active, promotion_exhausted.
 */
export async function promotionsFor(
  question: Question,
): Promise<readonly Promotion[] | CodeRefusal> {
  const { codes, coded, terms, flags, uses, nowMs } = question;
  const unknown = codes.filter(
    (code) => !coded.some((each) => each.code === promotionCodeOf(code)),
  );
  if (unknown.length > 0) return refuse("promotion_unknown", { codes: unknown });
  const isOver = (time: string) => momentOf(time, terms.timeZone) <= nowMs;
  const isActive = ({ startsAt, endsAt, flag }: Promotion) =>
    (!startsAt || isOver(startsAt)) && !(endsAt && isOver(endsAt)) && (!flag || isOn(flags, flag));
  const inactive = coded.find((promotion) => !isActive(promotion));
  if (inactive) return notActive(inactive, terms);
  const active = [...terms.promotions.filter(isActive), ...coded];
  const counted = active.flatMap(countedOf);
  if (counted.length === 0) return active;
  const usedUp = await uses.usedUp(counted);
  const exhausted = coded.filter(({ promotionId }) => usedUp.has(promotionId));
  if (exhausted.length > 0) return refuse("promotion_exhausted", { codes: exhausted.map(codeOf) });
  return active.filter(({ promotionId }) => !usedUp.has(promotionId));
}

/** What is counted of a promotion; nothing where it has no limit. */
export function countedOf(promotion: Promotion): CountedPromotion[] {
  const { promotionId, name, code, usesMax, usesPerCustomerMax } = promotion;
  if (usesMax === undefined && usesPerCustomerMax === undefined) return [];
  return [
    {
      promotionId,
      name,
      ...(code === undefined ? {} : { code }),
      ...(usesMax === undefined ? {} : { usesMax }),
      ...(usesPerCustomerMax === undefined ? {} : { usesPerCustomerMax }),
    },
  ];
}

function notActive(promotion: Promotion, { timeZone }: ShopTerms) {
  const { startsAt, endsAt } = promotion;
  return refuse("promotion_not_active", {
    codes: [codeOf(promotion)],
    timeZone,
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(endsAt === undefined ? {} : { endsAt }),
  });
}

function codeOf({ code }: Promotion): string {
  return code ?? "";
}
