import type { ProviderName } from "../schema/payment.ts";
import { AdyenProvider } from "./adyen/adyen.provider.ts";
import { type AdyenEnv, adyenConfigFrom } from "./adyen/config.ts";
import type { PaymentProvider } from "./provider.ts";
import { StripeProvider } from "./stripe/stripe.provider.ts";

export type Providers = { readonly [Name in ProviderName]: PaymentProvider };

type ProviderEnv = AdyenEnv & {
  readonly STRIPE_API_BASE: string;
  readonly STRIPE_SECRET_KEY: string;
};

export function providersFrom(env: ProviderEnv): Providers {
  const stripe = { apiBase: env.STRIPE_API_BASE, secretKey: env.STRIPE_SECRET_KEY };
  return { stripe: new StripeProvider(stripe), adyen: new AdyenProvider(adyenConfigFrom(env)) };
}
