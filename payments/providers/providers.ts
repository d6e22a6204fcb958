import type { ProviderName } from "../../schema/payment.ts";
import type { RegionCode } from "../../schema/regions.ts";
import type { HealthWatch } from "../health/health-watch.ts";
import type { PaymentProvider } from "../provider.ts";
import { type Connect, reachable } from "./connection-check.provider.ts";
import { measured } from "./health-reporting.provider.ts";
import { type OfEach, ofEach, type ProviderEnv, registry } from "./registry.ts";

export type Providers = OfEach<PaymentProvider>;

export function providersFrom(env: ProviderEnv): Providers {
  return ofEach((provider) => registry[provider].adapter(env));
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
      apiBaseOf: (region: RegionCode) => registry[name].apiBaseOf(env, region),
    };
    const provider = providers[name];
    const asked = connect ? reachable(provider, { ...reach, connect }) : provider;
    return measured(asked, {
      name,
      nowMs,
      note: (region, sample) => health.note(region, sample),
    });
  };
  return ofEach(one);
}
