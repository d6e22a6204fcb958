import { type Money, taxOnTop, taxWithin } from "../schema/money.ts";
import type { TaxRate } from "./catalog.ts";

/** The tax on one taxed amount: a part of it where prices include tax, else on top. */
export function taxOf(amount: Money, rate: TaxRate): Money {
  return rate.inclusive ? taxWithin(amount, rate.ratePpm) : taxOnTop(amount, rate.ratePpm);
}
