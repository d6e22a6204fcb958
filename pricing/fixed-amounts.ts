import { lesser, type Money, splitByWeights, sum } from "../schema/money.ts";
import type { TaxRate } from "./catalogue.ts";
import { grossOf, netOf } from "./tax.ts";

/**
 * Prices as the shelf shows them, with the tax that was taken out of a business buyer's. What a shop
 * fixed in money (a threshold, an amount off, a bundle's price) was fixed with that tax, and is
 * compared with these.
 */
export type ShelfPrices = {
  readonly units: readonly Money[];
  readonly rates: readonly TaxRate[];
  readonly subtotal: Money;
};

/** Splits a fixed amount over what is left of the lines, by what that is with tax. */
export function fixedOff(
  amount: Money,
  left: readonly Money[],
  shelf: ShelfPrices | undefined,
): readonly Money[] {
  const shown = left.map((net, at) => {
    const rate = shelf?.rates[at];
    return rate ? grossOf(net, rate) : net;
  });
  const parts = splitByWeights(lesser(amount, sum(shown, amount.currency)), shown);
  return asCharged(parts, shelf);
}

/** What amounts with tax are to a buyer who is charged without it. */
export function asCharged(
  amounts: readonly Money[],
  shelf: ShelfPrices | undefined,
): readonly Money[] {
  return amounts.map((amount, at) => {
    const rate = shelf?.rates[at];
    return rate ? netOf(amount, rate) : amount;
  });
}
