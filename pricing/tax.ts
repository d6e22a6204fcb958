import { type Money, minus, taxOnTop, taxWithin, zero } from "../schema/money.ts";
import { STANDARD, type TaxClass } from "../schema/tax.ts";
import type { TaxRate } from "./catalogue.ts";

/** A rate by class. Where a place has no taxes at all, one row stands for every class. */
export function rateOf(rates: readonly TaxRate[], taxClass: TaxClass): TaxRate | undefined {
  const own = rates.find((rate) => rate.taxClass === taxClass);
  if (own) return own;
  const standard = rates.find((rate) => rate.taxClass === STANDARD);
  return standard && standard.treatment !== "taxed" ? standard : undefined;
}

/** The tax on one taxed amount: a part of it where prices include tax, else on top. */
export function taxOf(amount: Money, { inclusive, ratePpm, rounding }: TaxRate): Money {
  const taxed = inclusive ? taxWithin : taxOnTop;
  return taxed(amount, ratePpm, rounding);
}

const REVERSED = "Reverse charge: the buyer accounts for the VAT";

/** The rate of a sale to a business in another member state, which pays the tax itself. */
export function reversed(rate: TaxRate): TaxRate {
  return { ...rate, ratePpm: 0, inclusive: false, treatment: "zero_rated", note: REVERSED };
}

/** A shelf price without the tax in it. */
export function netOf(amount: Money, rate: TaxRate): Money {
  return minus(amount, rate.inclusive ? taxOf(amount, rate) : zero(amount.currency));
}
