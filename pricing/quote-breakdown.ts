import type { Quote, QuoteLine } from "../schema/checkout.ts";
import { type Currency, type Money, minus, plus, sum, zero } from "../schema/money.ts";
import type { QuoteDiscount, QuoteTax } from "../schema/quote-parts.ts";
import { STANDARD } from "../schema/tax.ts";
import type { ShippingOption, TaxRate } from "./catalogue.ts";
import type { Applied } from "./discounts.ts";
import type { Left, ListLine } from "./promotion-rules.ts";
import { isSameRate } from "./taxed-parts.ts";

/** The tax of one line, or of a share of shipping. */
export type Taxed = { readonly rate: TaxRate; readonly amount: Money };

type LineParts = {
  readonly at: number;
  readonly applied: readonly Applied[];
  readonly left: Left;
  readonly taxed: Taxed | undefined;
};

/** A line with what was taken off it, why, and its tax. */
export function quoteLineOf(line: ListLine, { at, applied, left, taxed }: LineParts): QuoteLine {
  const discounts = applied.flatMap((each) => {
    const amount = each.reduction.lines[at];
    return amount && amount.amountMinor > 0 ? [discountOf(each, amount)] : [];
  });
  const discount = minus(line.amount, left.lines[at] ?? line.amount);
  const taxClass = taxed?.rate.taxClass ?? STANDARD;
  return {
    ...line,
    ...(discounts.length > 0 ? { discount, discounts } : {}),
    ...(taxed ? { tax: taxed.amount } : {}),
    ...(taxClass === STANDARD ? {} : { taxClass }),
  };
}

/** Shipping with what was taken off it, and the tax of its shares. */
export function quoteShippingOf(
  shipping: ShippingOption,
  left: Money,
  taxed: readonly Taxed[],
): Quote["shipping"] {
  const discount = minus(shipping.amount, left);
  const taxes = taxed.map(({ amount }) => amount);
  return {
    ...shipping,
    ...(discount.amountMinor > 0 ? { discount } : {}),
    tax: sum(taxes, left.currency),
  };
}

/** Each promotion's whole part, goods and shipping. */
export function quoteDiscountsOf(applied: readonly Applied[], currency: Currency): QuoteDiscount[] {
  return applied.map((each) => {
    const { lines, shipping } = each.reduction;
    return discountOf(each, plus(sum(lines, currency), shipping));
  });
}

/** One entry per rate: the taxes of its lines and of its share of shipping. */
export function quoteTaxesOf(taxed: readonly Taxed[], currency: Currency): QuoteTax[] {
  const byRate = new Map<TaxRate, Money>();
  for (const { rate, amount } of taxed) {
    const key = [...byRate.keys()].find((known) => isSameRate(known, rate)) ?? rate;
    byRate.set(key, plus(byRate.get(key) ?? zero(currency), amount));
  }
  return [...byRate].map(
    ([{ name, country, state, taxClass, ratePpm, inclusive, note }, amount]) => ({
      name,
      country,
      ...(state === undefined ? {} : { state }),
      ...(taxClass === STANDARD ? {} : { taxClass }),
      ratePpm,
      inclusive,
      ...(note === undefined ? {} : { note }),
      amount,
    }),
  );
}

function discountOf({ promotion, reduction }: Applied, amount: Money): QuoteDiscount {
  const { promotionId, code, name } = promotion;
  const { explanation } = reduction;
  return { promotionId, ...(code === undefined ? {} : { code }), name, amount, explanation };
}
