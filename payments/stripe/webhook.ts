import type Stripe from "stripe";
import * as z from "zod";
import { CheckoutId, ShopId } from "../../schema/ids.ts";
import type { PaymentWebhook } from "../provider.ts";
import { type StripeConfig, stripeClient } from "./client.ts";

const AGE_MAX_S = 300; // Stripe's own tolerance: https://docs.stripe.com/webhooks#replay-attacks

/** What we put into an intent's metadata: it comes back signed. */
const Reference = z.object({ shop_id: ShopId, checkout_id: CheckoutId });

/** A verified event, and the sale it belongs to when one can be found. */
export type StripeWebhook =
  | { readonly is: "payment"; readonly event: PaymentWebhook }
  | { readonly is: "unroutable"; readonly eventId: string; readonly type: string };

/**
 * Verifies a webhook over its raw bytes and finds the sale by our reference in it.
 * Answers undefined when the signature is missing, wrong, too old or from the future.
 *
 * Throws: when the intent of a charge's event cannot be read now; Stripe sends the event again.
 * Source: https://docs.stripe.com/webhooks/signature
 */
export async function readStripeWebhook(
  config: StripeConfig & { readonly webhookSecret: string },
  rawBody: string,
  signature: string,
  nowMs: number,
): Promise<StripeWebhook | undefined> {
  const event = await verified(config, rawBody, signature, nowMs);
  if (!event) return undefined;
  const { id: eventId, type } = event;
  const intent = await intentOf(event.data?.object, config);
  const sale = Reference.safeParse(intent?.metadata);
  if (!intent || !sale.success) return { is: "unroutable", eventId, type };
  const { id: reference } = intent;
  const createdAtMs = event.created * 1000;
  return {
    is: "payment",
    event: {
      provider: "stripe",
      eventId,
      type,
      reference,
      shopId: sale.data.shop_id,
      checkoutId: sale.data.checkout_id,
      createdAtMs,
    },
  };
}

async function verified(
  config: StripeConfig & { readonly webhookSecret: string },
  rawBody: string,
  signature: string,
  nowMs: number,
): Promise<Stripe.Event | undefined> {
  // The SDK accepts any time in the future, and the last of several; we do neither.
  const [sentAt, another] = [...signature.matchAll(/(?:^|,)t=(\d+)/g)];
  const ageS = Math.floor(nowMs / 1000) - Number(sentAt?.[1]);
  if (another || !(Math.abs(ageS) <= AGE_MAX_S)) return undefined;
  const { webhooks } = stripeClient(config);
  try {
    return await webhooks.constructEventAsync(
      rawBody,
      signature,
      config.webhookSecret,
      AGE_MAX_S,
      undefined,
      nowMs,
    );
  } catch {
    // Whatever the SDK throws here (it throws plain errors for odd headers) means: not Stripe's.
    return undefined;
  }
}

/** An intent's own event carries it; a charge's, refund's or dispute's names it. */
async function intentOf(object: unknown, config: StripeConfig) {
  const { object: kind, payment_intent: named } = (object ?? {}) as {
    object?: string;
    payment_intent?: string | Stripe.PaymentIntent | null;
  };
  if (kind === "payment_intent") return object as Stripe.PaymentIntent;
  if (typeof named === "string") return stripeClient(config).paymentIntents.retrieve(named);
  return named ?? undefined;
}
