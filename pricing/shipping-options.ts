import type { Line } from "../schema/checkout.ts";
import type { ProductPrice, ShippingOption, ShippingRate } from "./catalogue.ts";

/** What the shop's own tables offer for a parcel: of each option the lightest step that takes it. */
export function optionsFor(
  rates: readonly ShippingRate[],
  weightGrams: number,
): readonly ShippingOption[] {
  const lightest = new Map<string, ShippingRate>();
  for (const rate of rates) {
    const known = lightest.get(rate.option);
    const fits = rate.upToGrams >= weightGrams;
    if (fits && (!known || rate.upToGrams < known.upToGrams)) lightest.set(rate.option, rate);
  }
  return [...lightest.values()].map(({ upToGrams: _upToGrams, ...option }) => option);
}

/** Grams, without packaging. */
export function weightOf(lines: readonly Line[], prices: readonly ProductPrice[]): number {
  const grams = new Map(prices.map(({ sku, weightGrams }) => [sku, weightGrams]));
  return lines.reduce((all, { sku, quantity }) => all + (grams.get(sku) ?? 0) * quantity, 0);
}

/** The option that the shopper named, else the first. */
export function chosen(
  options: readonly ShippingOption[],
  wanted: string | undefined,
): ShippingOption | undefined {
  return wanted === undefined ? options[0] : options.find(({ option }) => option === wanted);
}
