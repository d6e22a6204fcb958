import { createMiddleware } from "hono/factory";
import { D1Catalogue } from "../../../pricing/d1/d1-catalogue.ts";
import { Sku } from "../../../schema/ids.ts";
import { refuse } from "../../../schema/refusals.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { problem } from "./problem.ts";

const ANY_CURRENCY = "XTS"; // whether a product is known does not depend on its prices

/**
 * Asks the catalogue about barcodes that could be cards, before anything is written under them. Hardly a call has one,
 * and only then is anything read here. An operator makes the catalogue, and is believed.
 */
export const requireKnownSkus = createMiddleware<EdgeEnv>(async (c, next) => {
  const { apiKey, doubtfulSkus = [] } = c.var;
  if (doubtfulSkus.length === 0 || !apiKey || apiKey.kind === "operator") return next();
  const catalogue = new D1Catalogue(c.env.CATALOG, apiKey.shopId, Date.now);
  const skus = doubtfulSkus.map((sku) => Sku.parse(sku));
  const { unknownSkus } = await catalogue.prices(skus, ANY_CURRENCY);
  if (unknownSkus.length > 0) return problem(c, refuse("unknown_sku", { skus: unknownSkus }));
  return next();
});
