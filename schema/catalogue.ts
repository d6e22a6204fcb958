import * as z from "zod";
import { AMOUNT_MAX_MINOR } from "./amount-limits.ts";
import { beginningOf, GivenTime, isOrderedWindow } from "./given-time.ts";
import { Sku } from "./ids.ts";
import { Currency } from "./money.ts";
import { ProductFactsChange } from "./product-facts.ts";
import { Promotion } from "./promotion.ts";
import { Country } from "./regions.ts";
import { STANDARD, TaxClass } from "./tax.ts";
import { filledTextUpTo } from "./text.ts";

/** As many products as one call takes; the body's own limit of 64 KiB is usually met first. */
export const PRODUCTS_MAX = 500;

export const PriceWindow = z
  .strictObject({
    currency: Currency,
    amountMinor: z.int().min(0).max(AMOUNT_MAX_MINOR),
    validFrom: GivenTime.optional().describe(
      "with an offset, or the time on the shop's wall; read in UTC; absent: ever since",
    ),
    validUntil: GivenTime.optional().describe("the first moment without it; absent: no end"),
  })
  .refine(
    ({ validFrom, validUntil }) => isOrderedWindow(validFrom, validUntil),
    "a price ends after it began",
  );
export type PriceWindow = z.infer<typeof PriceWindow>;

const Prices = z
  .array(PriceWindow)
  .max(100)
  .refine(
    (prices) => isDistinct(prices, (each) => `${each.currency} ${beginningOf(each)}`),
    "two prices of one currency begin at the same time",
  );

const terms = {
  name: filledTextUpTo(200),
  taxClass: TaxClass.default(STANDARD),
  weightGrams: z.int().min(0).max(1_000_000).default(0),
  facts: ProductFactsChange.optional().describe(
    "what has to stand beside the price, and what customs ask for; facts that are left out stay",
  ),
  prices: Prices.default([]).describe("they replace all prices of the currencies that they name"),
};

export const ProductTerms = z.strictObject(terms);
export type ProductTerms = z.infer<typeof ProductTerms>;

export const CatalogueProduct = z.strictObject({ sku: Sku, ...terms });
export type CatalogueProduct = z.infer<typeof CatalogueProduct>;

export const ProductBatch = z.strictObject({
  products: z
    .array(CatalogueProduct)
    .min(1)
    .max(PRODUCTS_MAX)
    .refine((products) => isDistinct(products, ({ sku }) => sku), "a SKU stands in it twice"),
});

export const ProductPage = z.strictObject({
  products: z.array(CatalogueProduct),
  next: Sku.optional().describe("where the next page goes on: send it as `after`"),
});
export type ProductPage = z.infer<typeof ProductPage>;

export const PromotionTerms = Promotion.omit({ promotionId: true, version: true })
  .extend({
    startsAt: GivenTime.optional().describe("on the shop's wall, or with an offset; read in UTC"),
    endsAt: GivenTime.optional().describe("the first moment without it"),
  })
  .refine(
    ({ startsAt, endsAt }) => isOrderedWindow(startsAt, endsAt),
    "a promotion ends after it began",
  );
export type PromotionTerms = z.infer<typeof PromotionTerms>;

export const Zone = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "a zone is a short word");
export type Zone = z.infer<typeof Zone>;

export const ShippingRates = z.strictObject({
  rates: z
    .array(
      z.strictObject({
        option: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
        name: filledTextUpTo(100),
        upToGrams: z.int().min(1).max(1_000_000_000),
        amountMinor: z.int().min(0).max(AMOUNT_MAX_MINOR),
        rank: z.int().describe("the lowest is taken when the shopper names none"),
      }),
    )
    .max(200)
    .refine(
      (rates) => isDistinct(rates, ({ option, upToGrams }) => `${option} ${upToGrams}`),
      "an option has one price up to a weight",
    ),
});
export type ShippingRates = z.infer<typeof ShippingRates>;

export const ShippingZone = z.strictObject({ country: Country, zone: Zone });
export type ShippingZone = z.infer<typeof ShippingZone>;

function isDistinct<T>(list: readonly T[], keyOf: (item: T) => string): boolean {
  return new Set(list.map(keyOf)).size === list.length;
}
