import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { checkoutStub } from "../../../durable-objects/placement.ts";
import { readStripeWebhook } from "../../../payments/stripe/webhook.ts";
import { refuse } from "../../../schema/refusals.ts";
import { json, newApi, on, problemAnswer } from "../api.ts";
import { ask } from "../ask.ts";
import { problem } from "../problem.ts";

const Received = z.object({ received: z.literal(true) });

const stripe = createRoute({
  method: "post",
  path: "/webhooks/stripe",
  summary: "Where Stripe sends its events. Answers once the event is stored in its sale.",
  responses: { 200: json(Received, "Stored."), default: problemAnswer },
});

export const webhooks = newApi();

on(webhooks, stripe, async (c) => {
  const { STRIPE_API_BASE, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET } = c.env;
  const config = {
    apiBase: STRIPE_API_BASE,
    secretKey: STRIPE_SECRET_KEY,
    webhookSecret: STRIPE_WEBHOOK_SECRET,
  };
  const signature = c.req.header("Stripe-Signature") ?? "";
  const webhook = await readStripeWebhook(config, await c.req.text(), signature, Date.now());
  if (!webhook) return problem(c, refuse("bad_signature"));
  if (webhook.is === "unroutable") {
    console.warn({ event: "webhook.unroutable", eventId: webhook.eventId, type: webhook.type });
    return c.json({ received: true } as const, 200);
  }
  const { event } = webhook;
  const isKnown = await ask(() =>
    checkoutStub(c.env, event.shopId, event.checkoutId).receive(event),
  );
  if (!isKnown) console.warn({ event: "webhook.unknown_sale", checkoutId: event.checkoutId });
  return c.json({ received: true } as const, 200);
});
