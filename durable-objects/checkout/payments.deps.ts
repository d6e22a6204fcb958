import { D1Routing } from "../../payments/d1-routing.ts";
import { HealthWatch } from "../../payments/health.ts";
import { type Providers, providersFrom, watched } from "../../payments/providers.ts";
import type { Connect } from "../../payments/reachable.ts";
import type { Routing } from "../../payments/routing.ts";
import { nowMs } from "../clock.ts";
import { providerHealthStub } from "../placement.ts";

export type PaymentDeps = { readonly payments: Providers; readonly routing: Routing };

/** The providers, watched, and the choice among them by what was seen. `connect` is the platform's. */
export function paymentDeps(env: Env, connect: Connect | undefined): PaymentDeps {
  const now = () => nowMs(env);
  const health = new HealthWatch(
    async (region, samples) => providerHealthStub(env, region).report(samples),
    now,
  );
  return {
    payments: watched(providersFrom(env), env, { health, nowMs: now, connect }),
    routing: new D1Routing({ d1: env.CATALOG, health, nowMs: now }),
  };
}
