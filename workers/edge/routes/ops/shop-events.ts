import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { orderStoreOf } from "../../../../orders/region-order-store.ts";
import { RegionCode } from "../../../../schema/regions.ts";
import { AbandonedHour, ShopEventList, ShopEventType } from "../../../../schema/shop-events.ts";
import { json, newApi, on, problemAnswer } from "../../gate/api.ts";

const DAY_MS = 86_400_000;
const span = {
  region: RegionCode.optional(),
  from: z.iso.datetime().optional().describe("the last seven days, where it does not say"),
  until: z.iso.datetime().optional(),
};

const list = createRoute({
  method: "get",
  path: "/ops/shop-events",
  summary:
    "Read what happened beside orders: stock that is back, checkouts left alone, webhooks that a sale gave up.",
  request: {
    query: z.strictObject({
      ...span,
      type: ShopEventType,
      cursor: z
        .string()
        .max(300)
        .regex(/^\d+~.+$/)
        .optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
  },
  responses: { 200: json(ShopEventList, "A page of them."), default: problemAnswer },
});

const abandoned = createRoute({
  method: "get",
  path: "/ops/abandoned",
  summary: "Count the checkouts that nobody paid in time, hour by hour, per region.",
  request: { query: z.strictObject(span) },
  responses: {
    200: json(z.strictObject({ hours: z.array(AbandonedHour) }), "The hours that had any."),
    default: problemAnswer,
  },
});

export const shopEvents = newApi();

on(shopEvents, list, async (c) => {
  const { type, cursor, limit, ...query } = c.req.valid("query");
  const [atMs, ...id] = cursor?.split("~") ?? [];
  const after = atMs === undefined ? undefined : { atMs: Number(atMs), eventId: id.join("~") };
  const { shopId } = c.var.apiKey;
  const pages = await Promise.all(
    regionsOf(query.region).map((region) =>
      orderStoreOf(c.env, region).shopEvents(shopId, { ...spanOf(query), type, after, limit }),
    ),
  );
  const events = pages
    .flat()
    .toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time) || (a.id < b.id ? -1 : 1))
    .slice(0, limit);
  const last = events.length < limit ? undefined : events.at(-1);
  const next = last ? { cursor: `${Date.parse(last.time)}~${last.id}` } : {};
  return c.json({ events, ...next }, 200);
});

on(shopEvents, abandoned, async (c) => {
  const query = c.req.valid("query");
  const { shopId } = c.var.apiKey;
  const type = "tender.checkout.reservation_expired.v1";
  const hours = await Promise.all(
    regionsOf(query.region).map(async (region) => {
      const counts = await orderStoreOf(c.env, region).shopEventHours(shopId, {
        ...{ ...spanOf(query), type },
      });
      return counts.map(({ hourMs, count }): AbandonedHour => {
        return { region, hour: new Date(hourMs).toISOString(), checkouts: count };
      });
    }),
  );
  return c.json({ hours: hours.flat() }, 200);
});

function regionsOf(region: RegionCode | undefined): readonly RegionCode[] {
  return region ? [region] : RegionCode.options;
}

function spanOf({ from, until }: { from?: string | undefined; until?: string | undefined }) {
  const untilMs = until ? Date.parse(until) : Date.now() + DAY_MS;
  return { sinceMs: from ? Date.parse(from) : untilMs - 8 * DAY_MS, untilMs };
}
