import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { checkoutStub } from "../../../../durable-objects/placement.ts";
import { CheckoutId } from "../../../../schema/ids.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { RegionCode } from "../../../../schema/regions.ts";
import { ask } from "../../asking/ask.ts";
import { dumpOf } from "../../asking/dump-pages.ts";
import { json, newApi, on, problemAnswer } from "../../gate/api.ts";
import { problem } from "../../gate/problem.ts";

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
