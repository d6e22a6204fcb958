import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { checkoutStub } from "../../../durable-objects/placement.ts";
import { registry } from "../../../payments/providers/registry.ts";
import { ProviderReports } from "../../../payments/reconciliation/provider-report-store.ts";
import { UnroutedWebhooks } from "../../../payments/unrouted-webhooks.ts";
import type { RoutedNotice, WebhookReading } from "../../../payments/webhook-notice.ts";
import { ProviderName } from "../../../schema/payment.ts";
import { refuse } from "../../../schema/refusals.ts";
import { ask } from "../asking/ask.ts";
import { json, newApi, on, problemAnswer } from "../gate/api.ts";
import type { EdgeEnv } from "../gate/edge-env.ts";
import { problem } from "../gate/problem.ts";

const Received = z.object({ received: z.literal(true) });

/** Where a provider sends its webhooks: a door for each, opened by its signature alone. */
const doorOf = (provider: ProviderName) =>
  createRoute({
    method: "post",
    path: `/webhooks/${provider}`,
    summary: registry[provider].webhooks.summary,
    responses: { 200: json(Received, "Stored."), default: problemAnswer },
  });

export const webhooks = newApi();

for (const provider of ProviderName.options) {
  on(webhooks, doorOf(provider), async (c) => {
    const { headers } = c.req.raw;
    const request = { rawBody: await c.req.text(), headers, nowMs: Date.now() };
    return stored(c, await registry[provider].webhooks.read(c.env, request));
  });
}

/**
 * Stores each verified webhook in its sale, which finds out itself what it means (decision 5). What
 * a sale cannot take now is kept for the job that looks again: no event holds up the others.
 */
async function stored(c: Context<EdgeEnv>, reading: WebhookReading): Promise<Response> {
  if (reading.is === "forged") return problem(c, refuse("bad_signature"));
  const outcomes = await Promise.all(reading.routed.map((routed) => delivered(c.env, routed)));
  const kept = new UnroutedWebhooks(c.env.CATALOG);
  const left = outcomes.filter((outcome) => outcome !== undefined);
  for (const { notice, cause } of left) {
    console.warn({ event: "webhook.kept", eventId: notice.noticeId, type: notice.type, cause });
  }
  await kept.keepNotices(left, Date.now());
  await kept.keepEvents(reading.unroutable, Date.now());
  await new ProviderReports(c.env.CATALOG).keep(reading.reports, Date.now());
  return c.json({ received: true } as const, 200);
}

/** Undefined once the sale has stored it; else the notice, and why it has not. */
async function delivered(env: Env, routed: RoutedNotice) {
  const { shopId, checkoutId, notice } = routed;
  try {
    const isKnown = await ask(() => checkoutStub(env, shopId, checkoutId).receive(notice));
    return isKnown ? undefined : { ...routed, cause: "unknown_sale" };
  } catch (error) {
    return { ...routed, cause: String(error) };
  }
}
