import type { StripeAccountObject } from "./stripe/stripe-account.object.ts";

/** What `wrangler.toml` beside this file binds; written by hand because the generated types are the product's. */
export interface SimulatorsEnv {
  STRIPE_ACCOUNT: DurableObjectNamespace<StripeAccountObject>;
  /** Empty: events are stored and never sent. */
  STRIPE_WEBHOOK_URL: string;
  STRIPE_WEBHOOK_SECRET: string;
}
