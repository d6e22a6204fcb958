import type { AdyenAccountObject } from "./adyen/account/adyen-account.object.ts";
import type { SettingsObject } from "./control/settings.object.ts";
import type { StripeAccountObject } from "./stripe/account/stripe-account.object.ts";

/** What `wrangler.toml` beside this file binds; written by hand because the generated types are the product's. */
export interface SimulatorsEnv {
  STRIPE_ACCOUNT: DurableObjectNamespace<StripeAccountObject>;
  /** Empty: events are stored and never sent. */
  STRIPE_WEBHOOK_URL: string;
  STRIPE_WEBHOOK_SECRET: string;
  ADYEN_ACCOUNT: DurableObjectNamespace<AdyenAccountObject>;
  /** Empty: webhooks are never sent. */
  ADYEN_WEBHOOK_URL: string;
  ADYEN_HMAC_KEY: string;
  /** The account of requests that name none. */
  ADYEN_MERCHANT_ACCOUNT: string;
  /** What Unleash and the carriers are told to do. */
  SETTINGS: DurableObjectNamespace<SettingsObject>;
}
