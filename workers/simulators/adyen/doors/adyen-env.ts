import type { AdyenAccountEnv, AdyenAccountObject } from "../account/adyen-account.object.ts";

/** What Adyen's simulator needs of `wrangler.toml`. */
export interface AdyenEnv extends AdyenAccountEnv {
  ADYEN_ACCOUNT: DurableObjectNamespace<AdyenAccountObject>;
  /** The account of requests that name none. */
  ADYEN_MERCHANT_ACCOUNT: string;
}
