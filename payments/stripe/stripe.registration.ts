import type { ProviderRegistration } from "../provider-registration.ts";
import { type StripeEnv, stripeConfigFrom } from "./config.ts";
import { eventsSince, fetchEvent } from "./events.ts";
import { StripeProvider } from "./stripe.provider.ts";
import { StripeBooks } from "./stripe-books.ts";
import { readStripeWebhook } from "./webhook.ts";

const DAY_MS = 86_400_000;

export const stripe: ProviderRegistration<StripeEnv> = {
  adapter: (env) => new StripeProvider(stripeConfigFrom(env)),
  apiBaseOf: (env) => env.STRIPE_API_BASE,
  webhooks: {
    summary: "Where Stripe sends its events. Answers once the event is stored in its sale.",
    read: (env, { rawBody, headers, nowMs }) => {
      const signature = headers.get("Stripe-Signature") ?? "";
      return readStripeWebhook(stripeConfigFrom(env), rawBody, signature, nowMs);
    },
  },
  events: {
    fetch: (env, eventId) => fetchEvent(stripeConfigFrom(env), eventId),
    since: (env, sinceMs, untilMs) => eventsSince(stripeConfigFrom(env), sinceMs, untilMs),
    lookBackMaxMs: 29 * DAY_MS, // Stripe lists events for 30 days
  },
  books: (env) => new StripeBooks(stripeConfigFrom(env)),
  // Its books can be asked at any time.
  reports: undefined,
  // Its tokens are names.
  withoutTestCard: undefined,
  // What a browser brings back is not believed: Stripe is asked.
  returnProofs: [],
};
