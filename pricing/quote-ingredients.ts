import type { Promotion } from "../schema/promotion.ts";
import type {
  CataloguePrices,
  LiveShipping,
  ShippingRate,
  ShopTerms,
  TaxRate,
} from "./catalogue.ts";
import type { ShippingTax } from "./tax/tax-law.ts";
import type { TaxPlace } from "./tax/tax-place.ts";

/** All that a quote is made of, as read. */
export type Ingredients = {
  readonly prices: CataloguePrices;
  readonly promotions: readonly Promotion[];
  readonly terms: ShopTerms;
  readonly place: TaxPlace;
  readonly taxRates: readonly TaxRate[];
  readonly table: readonly ShippingRate[];
  readonly live: LiveShipping;
};

/** Every line's rate in the order of the lines, the standard one, and how shipping is taxed. */
export type Rates = {
  readonly lines: readonly TaxRate[];
  readonly shipping: TaxRate;
  readonly shippingTax: ShippingTax;
};
