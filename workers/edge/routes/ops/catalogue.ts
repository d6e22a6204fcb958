import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { CatalogueAdminStore } from "../../../../pricing/d1/catalogue-admin-store.ts";
import {
  CatalogueProduct,
  ProductBatch,
  ProductPage,
  ProductTerms,
  PromotionTerms,
  ShippingRates,
  ShippingZone,
  Zone,
} from "../../../../schema/catalogue.ts";
import { Sku } from "../../../../schema/ids.ts";
import { Currency } from "../../../../schema/money.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { Promotion, PromotionId } from "../../../../schema/promotion.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { Country } from "../../../../schema/regions.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import type { EdgeEnv } from "../../gate/edge-env.ts";
import { problem } from "../../gate/problem.ts";
import { storable, wrongIn } from "./catalogue-changes.ts";
import { wrongRatesIn } from "./catalogue-prices.ts";

const AT = "/ops/catalogue";
const answers = <T extends z.ZodType>(schema: T, description: string) => ({
  responses: { 200: json(schema, description), default: problemAnswer },
});
const ofProduct = z.object({ sku: Sku });
const ofPromotion = z.object({ promotionId: PromotionId });
const ofRates = z.object({ zone: Zone, currency: Currency });
const Zones = z.strictObject({ zones: z.array(ShippingZone) });
const Promotions = z.strictObject({ promotions: z.array(Promotion) });

const listProducts = createRoute({
  method: "get",
  path: `${AT}/products`,
  summary: "Read the products with all their prices, by SKU.",
  request: {
    query: z.strictObject({
      after: Sku.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  ...answers(ProductPage, "A page of them."),
});
const putProducts = createRoute({
  method: "put",
  path: `${AT}/products`,
  summary: "Store many products at once, all or none: those of before are changed.",
  request: { body: jsonBody(ProductBatch) },
  ...answers(z.strictObject({ stored: z.int() }), "How many."),
});
const readProduct = createRoute({
  method: "get",
  path: `${AT}/products/{sku}`,
  summary: "Read one product with all its prices.",
  request: { params: ofProduct },
  ...answers(CatalogueProduct, "The product."),
});
const putProduct = createRoute({
  method: "put",
  path: `${AT}/products/{sku}`,
  summary: "Store one product. Its prices in currencies that are not named stay.",
  request: { params: ofProduct, body: jsonBody(ProductTerms) },
  ...answers(CatalogueProduct, "As it is now."),
});
const removeProduct = createRoute({
  method: "delete",
  path: `${AT}/products/{sku}`,
  summary: "Take one product out of the catalogue. What was quoted is still sold.",
  request: { params: ofProduct },
  ...answers(z.strictObject({ sku: Sku }), "It is gone."),
});
const listPromotions = createRoute({
  method: "get",
  path: `${AT}/promotions`,
  summary: "Read all promotions.",
  ...answers(Promotions, "The promotions."),
});
const readPromotion = createRoute({
  method: "get",
  path: `${AT}/promotions/{promotionId}`,
  summary: "Read one promotion.",
  request: { params: ofPromotion },
  ...answers(Promotion, "The promotion."),
});
const putPromotion = createRoute({
  method: "put",
  path: `${AT}/promotions/{promotionId}`,
  summary: "Store one promotion. A change is a new version; what was quoted before is kept.",
  request: { params: ofPromotion, body: jsonBody(PromotionTerms) },
  ...answers(Promotion, "As it is now."),
});
const endPromotion = createRoute({
  method: "post",
  path: `${AT}/promotions/{promotionId}/end`,
  summary: "End one promotion now. What was quoted with it is still sold at that price.",
  request: { params: ofPromotion },
  ...answers(Promotion, "As it is now; one that was over already is unchanged."),
});
const readRates = createRoute({
  method: "get",
  path: `${AT}/shipping-rates/{zone}/{currency}`,
  summary: "Read what shipping costs to a zone in a currency.",
  request: { params: ofRates },
  ...answers(ShippingRates, "Its rates."),
});
const putRates = createRoute({
  method: "put",
  path: `${AT}/shipping-rates/{zone}/{currency}`,
  summary: "Store what shipping costs to a zone in a currency, instead of all that it cost.",
  request: { params: ofRates, body: jsonBody(ShippingRates) },
  ...answers(ShippingRates, "As they are now."),
});
const listZones = createRoute({
  method: "get",
  path: `${AT}/shipping-zones`,
  summary: "Read which countries are in which zone. Others are in that of their region's name.",
  ...answers(Zones, "The zones."),
});
const putZone = createRoute({
  method: "put",
  path: `${AT}/shipping-zones/{country}`,
  summary: "Put one country into a zone.",
  request: {
    params: z.object({ country: Country }),
    body: jsonBody(z.strictObject({ zone: Zone })),
  },
  ...answers(ShippingZone, "As it is now."),
});

export const catalogue = newApi();

on(catalogue, listProducts, async (c) => {
  const { after = "", limit } = c.req.valid("query");
  return c.json(await storeOf(c).page(after, limit), 200);
});
on(catalogue, putProducts, async (c) => {
  const products = await storable(c.req.valid("json").products, storeOf(c));
  if (isRefusal(products)) return problem(c, products);
  await storeOf(c).putProducts(products);
  return c.json({ stored: products.length }, 200);
});
on(catalogue, readProduct, async (c) => {
  const product = await storeOf(c).product(c.req.valid("param").sku);
  return product ? c.json(product, 200) : problem(c, refuse("not_found"));
});
on(catalogue, putProduct, async (c) => {
  const { sku } = c.req.valid("param");
  const products = await storable([{ sku, ...c.req.valid("json") }], storeOf(c));
  if (isRefusal(products)) return problem(c, products);
  await storeOf(c).putProducts(products);
  const stored = await storeOf(c).product(sku);
  return stored ? c.json(stored, 200) : problem(c, refuse("not_found"));
});
on(catalogue, removeProduct, async (c) => {
  const { sku } = c.req.valid("param");
  const wasThere = await storeOf(c).removeProduct(sku);
  return wasThere ? c.json({ sku }, 200) : problem(c, refuse("not_found"));
});
on(catalogue, listPromotions, async (c) =>
  c.json({ promotions: await storeOf(c).promotions() }, 200),
);
on(catalogue, readPromotion, async (c) => {
  const promotion = await storeOf(c).promotion(c.req.valid("param").promotionId);
  return promotion ? c.json(promotion, 200) : problem(c, refuse("not_found"));
});
on(catalogue, putPromotion, async (c) => {
  const { promotionId } = c.req.valid("param");
  const wrong = await wrongIn(c.req.valid("json"), storeOf(c));
  const stored = wrong ?? (await storeOf(c).putPromotion(promotionId, c.req.valid("json")));
  return isRefusal(stored) ? problem(c, stored) : c.json(stored, 200);
});
on(catalogue, endPromotion, async (c) => {
  const ended = await storeOf(c).endPromotion(c.req.valid("param").promotionId, Date.now());
  return ended ? c.json(ended, 200) : problem(c, refuse("not_found"));
});
on(catalogue, readRates, async (c) => {
  const { zone, currency } = c.req.valid("param");
  return c.json(await storeOf(c).shippingRates(zone, currency), 200);
});
on(catalogue, putRates, async (c) => {
  const { zone, currency } = c.req.valid("param");
  const wrong = wrongRatesIn(currency, c.req.valid("json"));
  if (wrong) return problem(c, wrong);
  await storeOf(c).putShippingRates(zone, currency, c.req.valid("json"));
  return c.json(await storeOf(c).shippingRates(zone, currency), 200);
});
on(catalogue, listZones, async (c) => c.json({ zones: await storeOf(c).shippingZones() }, 200));
on(catalogue, putZone, async (c) => {
  const zone = { ...c.req.valid("param"), ...c.req.valid("json") };
  await storeOf(c).putShippingZone(zone);
  return c.json(zone, 200);
});
function storeOf(c: Context<EdgeEnv>): CatalogueAdminStore {
  return new CatalogueAdminStore(c.env.CATALOG, c.var.apiKey.shopId);
}
