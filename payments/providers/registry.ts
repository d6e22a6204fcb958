import { ProviderName } from "../../schema/payment.ts";
import { adyen } from "../adyen/adyen.registration.ts";
import type { AdyenEnv } from "../adyen/config.ts";
import type { ProviderRegistration } from "../provider-registration.ts";
import type { StripeEnv } from "../stripe/config.ts";
import { stripe } from "../stripe/stripe.registration.ts";

/** The variables and secrets that the providers need, all together. */
export type ProviderEnv = StripeEnv & AdyenEnv;

/** One of something for every provider. */
export type OfEach<T> = { readonly [Name in ProviderName]: T };

/**
 * Every payment provider of the house. No other file outside their folders imports from them, and
 * none asks which provider it has to do with: it asks this table. What a sale must know without
 * their code lies in `method-capabilities.ts` (methods, lifetime of keys) and in the checkout's
 * `paying/provider-tokens.ts` (what a shopper's token is), each a table by name too.
 */
export const registry: OfEach<ProviderRegistration<ProviderEnv>> = { stripe, adyen };

/** Makes one for every provider. */
export function ofEach<T>(make: (provider: ProviderName) => T): OfEach<T> {
  const made = ProviderName.options.map((provider) => [provider, make(provider)] as const);
  return Object.fromEntries(made) as OfEach<T>;
}
