import { createRoute } from "@hono/zod-openapi";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import * as z from "zod";
import type { Sight } from "../../../../durable-objects/checkout/entry/live-view.ts";
import { checkoutStub } from "../../../../durable-objects/placement.ts";
import {
  CHECKOUT_OPEN_MS,
  MINUTE_MS,
  SECOND_MS,
  WATCH_QUIET_MS,
} from "../../../../schema/durations.ts";
import { CheckoutId } from "../../../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../../../schema/outcome.ts";
import { ask } from "../../asking/ask.ts";
import { newApi, on, problemAnswer, SecretHeader } from "../../gate/api.ts";
import { callerOf } from "../../gate/auth.ts";
import { problem } from "../../gate/problem.ts";

const STREAM_MAX_MS = CHECKOUT_OPEN_MS; // whoever stays on connects again
const RECONNECT_MS = 1_000;

const StreamEvent = z.strictObject({
  event: z.literal("checkout"),
  id: z.string().describe("of the state; the same state has the same one"),
  data: z.string().describe("JSON: the sale as the read of it answers"),
  retry: z.int().optional().describe("in ms: how soon to connect again"),
});

const live = createRoute({
  method: "get",
  path: "/checkouts/{checkoutId}/stream",
  summary: "Watch a checkout live.",
  description:
    "Server-sent events, to be read with `fetch`, since the secret is a header. Each `checkout` event " +
    "is the whole sale as `GET /v1/checkouts/{checkoutId}` answers it; the first comes at once, the " +
    `next with every change. A comment every ${WATCH_QUIET_MS / SECOND_MS} s says that the line is alive. The stream ends ` +
    `after the state in which the sale comes to rest, or after ${STREAM_MAX_MS / MINUTE_MS} minutes: connect again to go on.`,
  request: { params: z.object({ checkoutId: CheckoutId }), headers: SecretHeader },
  responses: {
    200: {
      content: { "text/event-stream": { schema: StreamEvent } },
      description: "The sale, again and again, until it is at rest.",
    },
    default: problemAnswer,
  },
});

export const stream = newApi();

on(stream, live, async (c) => {
  const { checkoutId } = c.req.valid("param");
  const { apiKey } = c.var;
  const caller = callerOf(apiKey, c.req.valid("header")["checkout-secret"]);
  const look = (seen?: string) =>
    ask(() => checkoutStub(c.env, apiKey.shopId, checkoutId).changes(caller, seen));
  const first = await look();
  if (isRefusal(first)) return problem(c, first);
  c.header("Cache-Control", "no-store");
  // Nobody reads what a HEAD's stream would tell.
  if (c.req.method === "HEAD") return c.body(null, 200, { "Content-Type": "text/event-stream" });
  return streamSSE(c, (out) => follow(out, first, look));
});

type Look = (seen: string) => Promise<Sight | Refusal>;

/** Tells each change until the sale rests, the reader leaves or the time is up (decision 8). */
async function follow(out: SSEStreamingApi, first: Sight, look: Look): Promise<void> {
  const untilMs = Date.now() + STREAM_MAX_MS;
  await out.writeSSE(eventOf(first, RECONNECT_MS));
  let last = first;
  while (!last.isAtRest && !out.aborted && Date.now() < untilMs) {
    const sight = await look(last.version);
    if (isRefusal(sight)) return; // it deleted itself meanwhile
    if (sight.version === last.version) await out.write(": still here\n\n");
    else await out.writeSSE(eventOf(sight));
    last = sight;
  }
}

function eventOf({ version, view }: Sight, retry?: number) {
  const event = { event: "checkout", id: version, data: JSON.stringify(view) };
  return retry === undefined ? event : { ...event, retry };
}
