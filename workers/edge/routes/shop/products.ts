import { createRoute } from "@hono/zod-openapi";
import { D1Catalogue } from "../../../../pricing/d1/d1-catalogue.ts";
import { borderOf } from "../../../../pricing/quote-duties.ts";
import { optionsFor } from "../../../../pricing/shipping-options.ts";
import { withdrawalOf } from "../../../../schema/iso-4217.ts";
import { ProductList, ProductSearch } from "../../../../schema/product.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { homeRegion } from "../../../../schema/regions.ts";
import { json, newApi, on, problemAnswer } from "../../gate/api.ts";
import { problem } from "../../gate/problem.ts";

const list = createRoute({
  method: "get",
  path: "/products",
  summary: "What the shop sells, by SKU, with prices and shipping for one currency and country.",
  request: { query: ProductSearch },
  responses: {
    200: json(ProductList, "A page of the shelf. Prices are binding once quoted."),
    default: problemAnswer,
  },
});

/** What a small parcel costs; a quote knows the cart's weight. */
const LIGHTEST_GRAMS = 1;

export const products = newApi();

on(products, list, async (c) => {
  const { currency, country, cursor, limit } = c.req.valid("query");
  const withdrawal = withdrawalOf(currency);
  if (withdrawal) return problem(c, refuse("currency_not_sold", { currency, ...withdrawal }));
  const region = homeRegion(country);
  if (!region) return problem(c, refuse("country_not_served", { country }));
  const catalogue = new D1Catalogue(c.env.CATALOG, c.var.apiKey.shopId, Date.now);
  const [shelf, pricesIncludeTax, shippingRates, terms] = await Promise.all([
    catalogue.products(currency, { after: cursor ?? "", limit }),
    catalogue.pricesIncludeTax(country),
    catalogue.shippingRates({ country, region }, currency),
    catalogue.terms(),
  ]);
  const isEmpty = shelf.products.length === 0 && !shelf.next;
  if (isEmpty && !cursor) return problem(c, refuse("currency_not_sold", { currency }));
  if (pricesIncludeTax === undefined) return problem(c, refuse("tax_rate_unknown", { country }));
  const shippingOptions = [...optionsFor(shippingRates, LIGHTEST_GRAMS)];
  const { next, products } = shelf;
  const isKnown = (terms.shipsFrom[region] ?? terms.country) !== undefined;
  const crossesBorder = borderOf({ region, country }, terms) !== undefined;
  const page = {
    ...{ region, country, currency, pricesIncludeTax, products: [...products] },
    ...(isKnown ? { crossesBorder } : {}),
  };
  return c.json({ ...page, ...(next ? { next } : {}), shippingOptions }, 200);
});
