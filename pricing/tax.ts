import {
  lesser,
  type Money,
  minus,
  plus,
  splitByWeights,
  sum,
  taxOnTop,
  taxWithin,
  zero,
} from "../schema/money.ts";
import type { Refusal } from "../schema/outcome.ts";
import type { Country } from "../schema/regions.ts";
import { STANDARD, type TaxClass } from "../schema/tax.ts";
import type { ShopTerms, TaxRate, TaxRates } from "./catalogue.ts";
import type { TaxPlace } from "./tax/tax-place.ts";
import type { Territory } from "./tax/territories.ts";

/**
 * The rates of a place for a shop. Goods that leave the VAT area are not taxed there, unless the
 * shop stands in that territory or its market: then the territory's own rows hold.
 */
export async function ratesFor(
  taxes: TaxRates,
  place: TaxPlace,
  terms: Promise<ShopTerms>,
): Promise<readonly TaxRate[] | Refusal<"state_needed">> {
  const { exportTo } = place;
  if (!exportTo) return taxes.taxRates(place);
  const { country: seller } = await terms;
  const { code } = exportTo;
  const market: readonly (Country | undefined)[] = exportTo.market ?? [code];
  if (code === undefined || !market.includes(seller)) return [exportRate(exportTo)];
  return taxes.taxRates({ country: code, vatCountry: code });
}

function exportRate({ name, country, since }: Territory): TaxRate {
  return {
    ...{ name: "Export", country, state: name, taxClass: STANDARD, treatment: "export" },
    ...{ ratePpm: 0, inclusive: false, rounding: "half_away", validFrom: since },
    note: `Zero-rated export to ${name}: import tax is the receiver's`,
  };
}

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

/** A price with the tax that the shelf shows in it. */
export function grossOf(net: Money, { inclusive, ratePpm, rounding }: TaxRate): Money {
  return inclusive ? plus(net, taxOnTop(net, ratePpm, rounding)) : net;
}

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
