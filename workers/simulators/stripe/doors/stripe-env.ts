import type { StripeAccountEnv, StripeAccountObject } from "../account/stripe-account.object.ts";

/** What Stripe's simulator needs of `wrangler.toml`. */
export interface StripeEnv extends StripeAccountEnv {
  STRIPE_ACCOUNT: DurableObjectNamespace<StripeAccountObject>;
}
