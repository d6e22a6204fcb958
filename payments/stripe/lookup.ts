import type Stripe from "stripe";
import type { PaymentName, ProviderCall } from "../provider.ts";
import { EXPAND } from "./intent-params.ts";

const CLOCK_SLACK_S = 300; // our clock and Stripe's may differ while we look for an intent by time

/** The intents under our reference, newest first. By list, not by search: search lags behind. */
export async function* intentsOf(
  stripe: Stripe,
  { paymentReference }: PaymentName,
  { startedAtMs }: ProviderCall,
): AsyncGenerator<Stripe.PaymentIntent> {
  const gte = Math.floor(startedAtMs / 1000) - CLOCK_SLACK_S;
  const expand = EXPAND.map((field) => `data.${field}`);
  for await (const intent of stripe.paymentIntents.list({ created: { gte }, limit: 100, expand })) {
    if (intent.metadata.payment_reference === paymentReference) yield intent;
  }
}
