import type { ProviderName } from "../../schema/payment.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { AdyenProvider } from "../adyen/adyen.provider.ts";
import { type AdyenEnv, adyenConfigFrom, endpointOf } from "../adyen/config.ts";
import type { HealthWatch } from "../health/health-watch.ts";
import type { PaymentProvider } from "../provider.ts";
import { StripeProvider } from "../stripe/stripe.provider.ts";
import { type Connect, reachable } from "./connection-check.provider.ts";
import { measured } from "./health-reporting.provider.ts";

export type Providers = { readonly [Name in ProviderName]: PaymentProvider };

type ProviderEnv = AdyenEnv & {
  readonly STRIPE_API_BASE: string;
  readonly STRIPE_SECRET_KEY: string;
};

export function providersFrom(env: ProviderEnv): Providers {
  const stripe = { apiBase: env.STRIPE_API_BASE, secretKey: env.STRIPE_SECRET_KEY };
  return { stripe: new StripeProvider(stripe), adyen: new AdyenProvider(adyenConfigFrom(env)) };
}

type Watch = {
  readonly health: Pick<HealthWatch, "note" | "isSuspect">;
  readonly nowMs: () => number;
  /** Without it nobody is connected to first, and a connection that fails stays unknown. */
  readonly connect: Connect | undefined;
};

/** The same providers, watched: their health hears of each authorize, and is asked before one. */
export function watched(providers: Providers, env: ProviderEnv, watch: Watch): Providers {
  const { health, nowMs, connect } = watch;
  const one = (name: ProviderName): PaymentProvider => {
    const reach = {
      name,
      isSuspect: (region: RegionCode) => health.isSuspect(region, name),
      apiBaseOf: (region: RegionCode) => apiBaseOf(env, name, region),
    };
    const provider = providers[name];
    const asked = connect ? reachable(provider, { ...reach, connect }) : provider;
    return measured(asked, {
      name,
      nowMs,
      note: (region, sample) => health.note(region, sample),
    });
  };
  return { stripe: one("stripe"), adyen: one("adyen") };
}

function apiBaseOf(env: ProviderEnv, name: ProviderName, region: RegionCode): string {
  return name === "stripe" ? env.STRIPE_API_BASE : endpointOf(adyenConfigFrom(env), region);
}
