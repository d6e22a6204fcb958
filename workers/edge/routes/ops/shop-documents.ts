import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { CatalogueAdminStore } from "../../../../pricing/d1/catalogue-admin-store.ts";
import { ShopDocuments } from "../../../../pricing/d1/shop-documents.ts";
import { momentOf } from "../../../../pricing/time/shop-time.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { ShipsFrom, ShopNotices } from "../../../../schema/shop-notices.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import type { EdgeEnv } from "../../gate/edge-env.ts";
import { problem } from "../../gate/problem.ts";

const readNotices = createRoute({
  method: "get",
  path: "/ops/catalogue/notices",
  summary: "Read what the shop tells before an order is placed, by country and time.",
  responses: { 200: json(ShopNotices, "The notices."), default: problemAnswer },
});
const putNotices = createRoute({
  method: "put",
  path: "/ops/catalogue/notices",
  summary: "Store what the shop tells before an order is placed, instead of all of before.",
  request: { body: jsonBody(ShopNotices) },
  responses: { 200: json(ShopNotices, "As they are now."), default: problemAnswer },
});
const readShipsFrom = createRoute({
  method: "get",
  path: "/ops/catalogue/ships-from",
  summary: "Read which country each region's goods are sent from.",
  responses: {
    200: json(ShipsFrom, "Regions that are left out: the shop's own country."),
    default: problemAnswer,
  },
});
const putShipsFrom = createRoute({
  method: "put",
  path: "/ops/catalogue/ships-from",
  summary: "Store which country each region's goods are sent from: customs borders depend on it.",
  request: { body: jsonBody(ShipsFrom) },
  responses: { 200: json(ShipsFrom, "As it is now."), default: problemAnswer },
});

export const shopDocuments = newApi();

on(shopDocuments, readNotices, async (c) => c.json(await documentsOf(c).notices(), 200));
on(shopDocuments, putNotices, async (c) => {
  const wrong = await wrongTimesIn(c, c.req.valid("json"));
  if (wrong) return problem(c, wrong);
  await documentsOf(c).putNotices(c.req.valid("json"));
  return c.json(await documentsOf(c).notices(), 200);
});
on(shopDocuments, readShipsFrom, async (c) => c.json(await documentsOf(c).shipsFrom(), 200));
on(shopDocuments, putShipsFrom, async (c) => {
  await documentsOf(c).putShipsFrom(c.req.valid("json"));
  return c.json(await documentsOf(c).shipsFrom(), 200);
});

/** Of a wall time and a moment, the shop's zone alone says which comes first. */
async function wrongTimesIn(c: Context<EdgeEnv>, { notices }: ShopNotices) {
  const windows = notices.filter(({ from, until }) => from !== undefined && until !== undefined);
  if (windows.length === 0) return undefined;
  const { CATALOG } = c.env;
  const zone = await new CatalogueAdminStore(CATALOG, c.var.apiKey.shopId).timeZone();
  const issues = windows.flatMap(({ title, from = "", until = "" }) =>
    momentOf(from, zone) < momentOf(until, zone) ? [] : [`${title}: a notice ends after it began`],
  );
  return issues.length === 0 ? undefined : refuse("invalid_request", { issues });
}

function documentsOf(c: Context<EdgeEnv>): ShopDocuments {
  return new ShopDocuments(c.env.CATALOG, c.var.apiKey.shopId);
}
