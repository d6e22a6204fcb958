import type { AdyenEnv } from "./adyen/doors/adyen-env.ts";
import type { SettingsEnv } from "./control/settings.object.ts";
import type { StripeEnv } from "./stripe/doors/stripe-env.ts";

/** What `wrangler.toml` beside this file binds; written by hand because the generated types are the product's. */
export interface SimulatorsEnv extends StripeEnv, AdyenEnv, SettingsEnv {}
