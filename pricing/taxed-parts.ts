import { type Money, minus, splitByWeights, sum, zero } from "../schema/money.ts";
import type { TaxRounding } from "../schema/tax.ts";
import type { TaxRate } from "./catalogue.ts";
import type { Rates } from "./quote-ingredients.ts";
import { taxOf } from "./tax.ts";

/** An amount that is taxed at one rate: a line, or a share of shipping. */
export type TaxedPart = { readonly rate: TaxRate; readonly amount: Money };

/**
 * Shipping as the law of the place taxes it: over the rates of the goods by their value, at the
 * standard rate, or nowhere. Goods that cost nothing share it evenly.
 */
export function shippingParts(
  shipping: Money,
  goods: readonly Money[],
  { lines, shipping: standard, shippingTax }: Rates,
): readonly TaxedPart[] {
  if (shippingTax === "untaxed") return [];
  const isWithGoods = shippingTax === "as_goods" && goods.length > 0;
  if (!isWithGoods) return [{ rate: standard, amount: shipping }];
  const { currency } = shipping;
  const isFree = goods.every(({ amountMinor }) => amountMinor === 0);
  const values = isFree ? goods.map(() => ({ amountMinor: 1, currency })) : goods;
  const groups = byRate(values.map((amount, at) => ({ amount, rate: lines[at] ?? standard })));
  const weights = groups.map(({ parts }) => worthOf(parts, currency));
  const shares = splitByWeights(shipping, weights);
  return groups.map(({ rate }, at) => ({ rate, amount: shares[at] ?? zero(currency) }));
}

/** What shipping costs a buyer who accounts for the tax in it himself. */
export function netShipping(shipping: Money, goods: readonly Money[], rates: Rates): Money {
  const within = shippingParts(shipping, goods, rates).filter(({ rate }) => rate.inclusive);
  const taxes = within.map(({ amount, rate }) => taxOf(amount, rate));
  return minus(shipping, sum(taxes, shipping.currency));
}

/**
 * The tax of each part: rounded for itself, or once for all parts of a rate and then split over them
 * by value, so that they add up to what the invoice says.
 */
export function taxesOf(parts: readonly TaxedPart[], rounding: TaxRounding): readonly Money[] {
  if (rounding === "line") return parts.map(({ amount, rate }) => taxOf(amount, rate));
  const taxes = new Map<TaxedPart, Money>();
  for (const { rate, parts: same } of byRate(parts)) {
    const [first] = same;
    const tax = taxOf(worthOf(same, first.amount.currency), rate);
    const shares = splitByWeights(
      tax,
      same.map(({ amount }) => amount),
    );
    for (const [at, part] of same.entries()) taxes.set(part, shares[at] ?? zero(tax.currency));
  }
  return parts.map((part) => taxes.get(part) ?? zero(part.amount.currency));
}

export function isSameRate(a: TaxRate, b: TaxRate): boolean {
  return a.taxClass === b.taxClass && a.ratePpm === b.ratePpm;
}

type Group = { readonly rate: TaxRate; readonly parts: [TaxedPart, ...TaxedPart[]] };

function byRate(parts: readonly TaxedPart[]): readonly Group[] {
  const groups: Group[] = [];
  for (const part of parts) {
    const known = groups.find(({ rate }) => isSameRate(rate, part.rate));
    if (known) known.parts.push(part);
    else groups.push({ rate: part.rate, parts: [part] });
  }
  return groups;
}

function worthOf(parts: readonly TaxedPart[], currency: string): Money {
  return sum(
    parts.map(({ amount }) => amount),
    currency,
  );
}
