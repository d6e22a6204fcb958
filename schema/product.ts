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
  shippingOptions: z.array(z.strictObject({ option: z.string(), name: z.string(), amount: Money })),
});
export type ProductList = z.infer<typeof ProductList>;
