import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { feedStub } from "../../../../durable-objects/placement.ts";
import {
  FeedName,
  FeedView,
  MailView,
  PauseFeed,
  ReplayFeed,
  Rollup,
} from "../../../../schema/feeds.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { RegionCode } from "../../../../schema/regions.ts";
import { ask } from "../../asking/ask.ts";
import { mailsOf } from "../../asking/mailbox.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import { problem } from "../../gate/problem.ts";

const DAY_MS = 86_400_000;
const params = z.object({ region: RegionCode, feed: FeedName });

const list = createRoute({
  method: "get",
  path: "/ops/feeds",
  summary: "See where every feed of every region stands: how far, how late, and why not further.",
  request: { query: z.strictObject({ region: RegionCode.optional() }) },
  responses: {
    200: json(z.strictObject({ feeds: z.array(FeedView) }), "The feeds."),
    default: problemAnswer,
  },
});

const pause = createRoute({
  method: "post",
  path: "/ops/feeds/{region}/{feed}/pause",
  summary: "Let a feed stay where it is until it is resumed.",
  request: { params, body: jsonBody(PauseFeed) },
  responses: { 200: json(FeedView, "Paused."), default: problemAnswer },
});

const resume = createRoute({
  method: "post",
  path: "/ops/feeds/{region}/{feed}/resume",
  summary: "Let a paused or failing feed go on now.",
  request: { params },
  responses: { 200: json(FeedView, "On its way."), default: problemAnswer },
});

const replay = createRoute({
  method: "post",
  path: "/ops/feeds/{region}/{feed}/replay",
  summary: "Let a feed read the log again after an offset. What happens once is not done again.",
  request: { params, body: jsonBody(ReplayFeed) },
  responses: { 200: json(FeedView, "On its way."), default: problemAnswer },
});

const analytics = createRoute({
  method: "get",
  path: "/ops/analytics",
  summary: "Read what the shop did, hour by hour, per region and currency.",
  request: {
    query: z.strictObject({
      region: RegionCode.optional(),
      from: z.iso.datetime().optional().describe("the last seven days, where it does not say"),
      until: z.iso.datetime().optional(),
    }),
  },
  responses: {
    200: json(z.strictObject({ hours: z.array(Rollup) }), "The hours in which something happened."),
    default: problemAnswer,
  },
});

const mailbox = createRoute({
  method: "get",
  path: "/ops/mailbox",
  summary: "Read the latest mails to shoppers. Their addresses are asked of the sales.",
  request: {
    query: z.strictObject({
      region: RegionCode.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
  },
  responses: {
    200: json(z.strictObject({ mails: z.array(MailView) }), "Newest first."),
    default: problemAnswer,
  },
});

export const feeds = newApi();

const regionsOf = (region: RegionCode | undefined) => (region ? [region] : RegionCode.options);

on(feeds, list, async (c) => {
  const places = regionsOf(c.req.valid("query").region).flatMap((region) =>
    FeedName.options.map((feed) => ({ region, feed })),
  );
  const views = await Promise.all(
    places.map((place) => ask(() => feedStub(c.env, place.region, place.feed).view(place))),
  );
  return c.json({ feeds: views }, 200);
});

on(feeds, pause, async (c) => {
  const place = c.req.valid("param");
  const stub = feedStub(c.env, place.region, place.feed);
  await ask(() => stub.pause(place, c.req.valid("json").reason));
  return c.json(await ask(() => stub.view(place)), 200);
});

on(feeds, resume, async (c) => {
  const place = c.req.valid("param");
  const stub = feedStub(c.env, place.region, place.feed);
  await ask(() => stub.resume(place));
  return c.json(await ask(() => stub.view(place)), 200);
});

on(feeds, replay, async (c) => {
  const place = c.req.valid("param");
  const stub = feedStub(c.env, place.region, place.feed);
  const refused = await ask(() => stub.replay(place, c.req.valid("json").afterOffset));
  if (isRefusal(refused)) return problem(c, refused);
  return c.json(await ask(() => stub.view(place)), 200);
});

on(feeds, analytics, async (c) => {
  const { region, from, until } = c.req.valid("query");
  const untilMs = until ? Date.parse(until) : Date.now() + DAY_MS;
  const sinceMs = from ? Date.parse(from) : untilMs - 8 * DAY_MS;
  const request = { shopId: c.var.apiKey.shopId, sinceMs, untilMs };
  const found = await Promise.all(
    regionsOf(region).map((code) => {
      const place = { region: code, feed: "analytics" } as const;
      return ask(() => feedStub(c.env, code, "analytics").rollups(place, request));
    }),
  );
  return c.json({ hours: found.flat() }, 200);
});

on(feeds, mailbox, async (c) => {
  const { region, limit } = c.req.valid("query");
  const { shopId } = c.var.apiKey;
  const found = await Promise.all(
    regionsOf(region).map((code) => mailsOf(c.env, { region: code, shopId, limit })),
  );
  const mails = found.flat().toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return c.json({ mails: mails.slice(0, limit) }, 200);
});
