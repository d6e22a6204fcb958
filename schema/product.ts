import * as z from "zod";
import { Sku } from "./ids.ts";
import { Currency, Money } from "./money.ts";
import { Country, RegionCode } from "./regions.ts";

/** What a storefront shows for one currency and destination. A quote alone is binding. */
export const ProductList = z.strictObject({
  region: RegionCode.describe("where a sale to this country will live"),
  country: Country,
  currency: Currency,
  pricesIncludeTax: z.boolean().describe("true where the law wants prices with tax in them"),
  products: z.array(z.strictObject({ sku: Sku, name: z.string(), unitAmount: Money })),
  next: Sku.exactOptional().describe("the `cursor` of the next page; absent on the last one"),
  shippingOptions: z.array(z.strictObject({ option: z.string(), name: z.string(), amount: Money })),
});
export type ProductList = z.infer<typeof ProductList>;

export const ProductSearch = z.strictObject({
  currency: Currency,
  country: Country,
  cursor: Sku.optional().describe("`next` of the page before"),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
