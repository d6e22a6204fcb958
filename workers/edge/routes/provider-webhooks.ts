import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { checkoutStub } from "../../../durable-objects/placement.ts";
import { adyenConfigFrom } from "../../../payments/adyen/config.ts";
import { readAdyenWebhook } from "../../../payments/adyen/webhook.ts";
import { ProviderReports } from "../../../payments/reconciliation/provider-report-store.ts";
import { readStripeWebhook } from "../../../payments/stripe/webhook.ts";
import { UnroutedWebhooks } from "../../../payments/unrouted-webhooks.ts";
import type { RoutedNotice, WebhookReading } from "../../../payments/webhook-notice.ts";
import { refuse } from "../../../schema/refusals.ts";
import { ask } from "../asking/ask.ts";
import { json, newApi, on, problemAnswer } from "../gate/api.ts";
import type { EdgeEnv } from "../gate/edge-env.ts";
import { problem } from "../gate/problem.ts";

const Received = z.object({ received: z.literal(true) });

const stripe = createRoute({
  method: "post",
  path: "/webhooks/stripe",
  summary: "Where Stripe sends its events. Answers once the event is stored in its sale.",
  responses: { 200: json(Received, "Stored."), default: problemAnswer },
});

const adyen = createRoute({
  method: "post",
  path: "/webhooks/adyen",
  summary: "Where Adyen sends its standard webhooks. Answers once each item is stored in its sale.",
  responses: { 200: json(Received, "Stored."), default: problemAnswer },
});

export const webhooks = newApi();

on(webhooks, stripe, async (c) => {
  const config = {
    apiBase: c.env.STRIPE_API_BASE,
    secretKey: c.env.STRIPE_SECRET_KEY,
    webhookSecret: c.env.STRIPE_WEBHOOK_SECRET,
  };
  const signature = c.req.header("Stripe-Signature") ?? "";
  return stored(c, await readStripeWebhook(config, await c.req.text(), signature, Date.now()));
});

on(webhooks, adyen, async (c) =>
  stored(c, await readAdyenWebhook(adyenConfigFrom(c.env), await c.req.text(), Date.now())),
);

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
