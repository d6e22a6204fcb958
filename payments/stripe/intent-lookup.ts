import type Stripe from "stripe";
import type { PaymentName, ProviderCall } from "../provider.ts";
import { EXPAND } from "./intent-params.ts";

const CLOCK_SLACK_S = 300; // our clock and Stripe's may differ while we look for an intent by time

export const EXPAND_LISTED = EXPAND.map((field) => `data.${field}`);

/** The intents under our reference, newest first. By list, not by search: search lags behind. */
export async function* intentsOf(
  stripe: Stripe,
  { paymentReference }: PaymentName,
  { startedAtMs, untilMs }: ProviderCall,
): AsyncGenerator<Stripe.PaymentIntent> {
  const gte = Math.floor(startedAtMs / 1000) - CLOCK_SLACK_S;
  const lt = untilMs === undefined ? {} : { lt: Math.ceil(untilMs / 1000) + CLOCK_SLACK_S };
  const created = { gte, ...lt };
  const list = stripe.paymentIntents.list({ created, limit: 100, expand: EXPAND_LISTED });
  for await (const intent of list) {
    if (intent.metadata.payment_reference === paymentReference) yield intent;
  }
}
