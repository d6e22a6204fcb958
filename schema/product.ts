import * as z from "zod";
import { Sku } from "./ids.ts";
import { Currency, Money } from "./money.ts";
import { ProductFacts } from "./product-facts.ts";
import { Country, RegionCode } from "./regions.ts";

/** What a storefront shows for one currency and destination. A quote alone is binding. */
export const ProductList = z.strictObject({
  region: RegionCode.describe("where a sale to this country will live"),
  country: Country,
  currency: Currency,
  pricesIncludeTax: z.boolean().describe("true where the law wants prices with tax in them"),
  products: z.array(
    z.strictObject({
      sku: Sku,
      name: z.string(),
      unitAmount: Money,
      facts: ProductFacts.optional().describe("what has to stand beside the price"),
    }),
  ),
  crossesBorder: z
    .boolean()
    .optional()
    .describe(
      "whether goods cross a customs border on their way to this country; the quote knows the " +
        "address. Absent where the shop has not said where it is",
    ),
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
