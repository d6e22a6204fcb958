import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { checkoutStub, inventoryStub } from "../../../durable-objects/placement.ts";
import { CheckoutId, Sku } from "../../../schema/ids.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import { RegionCode } from "../../../schema/regions.ts";
import { StockCorrection, StockLevels, StockReceipt } from "../../../schema/stock.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../api.ts";
import { ask } from "../ask.ts";
import { dumpOf } from "../dumps.ts";
import { problem } from "../problem.ts";

const receive = createRoute({
  method: "post",
  path: "/ops/stock",
  summary: "Book pieces that arrived. The same movementId counts once.",
  request: { body: jsonBody(StockReceipt) },
  responses: { 200: json(StockLevels, "The levels after it."), default: problemAnswer },
});

const correct = createRoute({
  method: "post",
  path: "/ops/stock/corrections",
  summary: "Book a count that found more or fewer pieces. What is promised cannot be taken away.",
  request: { body: jsonBody(StockCorrection) },
  responses: { 200: json(StockLevels, "The levels after it."), default: problemAnswer },
});

const levels = createRoute({
  method: "get",
  path: "/ops/stock/{region}/{sku}",
  summary: "Read one SKU's stock in one region.",
  request: { params: z.object({ region: RegionCode, sku: Sku }) },
  responses: { 200: json(StockLevels, "The levels."), default: problemAnswer },
});

const resume = createRoute({
  method: "post",
  path: "/ops/checkouts/{checkoutId}/resume",
  summary: "Let a stuck sale try again where it gave up.",
  request: { params: z.object({ checkoutId: CheckoutId }) },
  responses: {
    202: json(z.object({ resumed: z.array(z.string()) }), "The runs that go on."),
    default: problemAnswer,
  },
});

const dump = createRoute({
  method: "get",
  path: "/ops/dump/{what}",
  summary: "Everything of one kind, newline-delimited JSON, for the auditor.",
  request: {
    params: z.object({ what: z.enum(["orders", "stock", "events"]) }),
    query: z.strictObject({ region: RegionCode.optional(), since: z.iso.datetime().optional() }),
  },
  responses: {
    200: {
      content: { "application/x-ndjson": { schema: z.string() } },
      description: "One JSON document a line.",
    },
    default: problemAnswer,
  },
});

export const ops = newApi();

on(ops, receive, async (c) => {
  const { region, sku, quantity, movementId } = c.req.valid("json");
  const inventory = inventoryStub(c.env, c.var.apiKey.shopId, region, sku);
  const answer = await ask(() => inventory.receive({ token: movementId, quantity }));
  return isRefusal(answer) ? problem(c, answer) : c.json(answer, 200);
});
on(ops, correct, async (c) => {
  const { region, sku, quantity, movementId } = c.req.valid("json");
  const inventory = inventoryStub(c.env, c.var.apiKey.shopId, region, sku);
  const answer = await ask(() => inventory.correct({ token: movementId, quantity }));
  return isRefusal(answer) ? problem(c, answer) : c.json(answer, 200);
});

on(ops, levels, async (c) => {
  const { region, sku } = c.req.valid("param");
  const inventory = inventoryStub(c.env, c.var.apiKey.shopId, region, sku);
  return c.json(await ask(() => inventory.levels()), 200);
});
on(ops, resume, async (c) => {
  const { shopId } = c.var.apiKey;
  const { checkoutId } = c.req.valid("param");
  const resumed = await ask(() => checkoutStub(c.env, shopId, checkoutId).resume(shopId));
  return isRefusal(resumed) ? problem(c, resumed) : c.json({ resumed }, 202);
});

on(ops, dump, (c) => {
  const { what } = c.req.valid("param");
  const { region, since } = c.req.valid("query");
  const lines = dumpOf(what, {
    env: c.env,
    shopId: c.var.apiKey.shopId,
    regions: region ? [region] : RegionCode.options,
    sinceMs: since ? Date.parse(since) : 0,
  });
  return c.body(ndjson(lines), 200, { "Content-Type": "application/x-ndjson" });
});

/** Streams, so that a dump of any size costs one page of memory. */
function ndjson(lines: AsyncIterable<unknown>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = lines[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
  });
}
