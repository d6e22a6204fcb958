import type { Sku } from "../schema/ids.ts";
import type { Currency, Money } from "../schema/money.ts";
import type { Country, RegionCode } from "../schema/regions.ts";

export type Price = { readonly sku: Sku; readonly name: string; readonly unitAmount: Money };

/** One rate for one destination. `inclusive`: prices there are shown with this tax. */
export type TaxRate = {
  readonly name: string;
  readonly country: Country;
  readonly state?: string;
  /** Parts per million: 190000 is 19 %. */
  readonly ratePpm: number;
  readonly inclusive: boolean;
};

export type ShippingOption = {
  readonly option: string;
  readonly name: string;
  readonly amount: Money;
};

/**
 * What a quote is made from. Reads may be as old as a minute; the quote that was made from them is
 * kept and paid as shown.
 */
export interface Catalog {
  /** Prices of those SKUs that have one in this currency; `isSold` names the others the shop knows. */
  prices(skus: readonly Sku[], currency: Currency): Promise<CatalogPrices>;
  /** The state's rate, or the country's where states have none. No rate is never taken for zero. */
  taxRate(country: Country, state: string | undefined): Promise<TaxRate | undefined>;
  /** Cheapest rank first. */
  shippingOptions(region: RegionCode, currency: Currency): Promise<readonly ShippingOption[]>;
}

/** What a storefront shows before anybody quotes. */
export interface Showcase {
  /** Everything the shop sells in this currency, by SKU. */
  products(currency: Currency): Promise<readonly Price[]>;
}

export type CatalogPrices = {
  readonly prices: readonly Price[];
  readonly unknownSkus: readonly Sku[];
  readonly unpricedSkus: readonly Sku[];
};
