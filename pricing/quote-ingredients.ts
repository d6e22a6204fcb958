import type { Promotion } from "../schema/promotion.ts";
import type {
  CataloguePrices,
  LiveShipping,
  ShippingRate,
  ShopTerms,
  TaxRate,
} from "./catalogue.ts";
/** All that a quote is made of, as read. */
export type Ingredients = {
  readonly prices: CataloguePrices;
  readonly promotions: readonly Promotion[];
  readonly terms: ShopTerms;
  readonly taxRates: readonly TaxRate[];
  readonly table: readonly ShippingRate[];
  readonly live: LiveShipping;
};

/** Every line's rate in the order of the lines, then shipping's. */
export type Rates = { readonly lines: readonly TaxRate[]; readonly shipping: TaxRate };
