import { HealthWatch } from "../../payments/health/health-watch.ts";
import type { Connect } from "../../payments/providers/connection-check.provider.ts";
import { providersFrom, watched } from "../../payments/providers/providers.ts";
import { D1Routing } from "../../payments/routing/d1-routing.ts";
import { usesOfCancelledOrders } from "../../pricing/d1/cancelled-uses.ts";
import { withdrawalTerms } from "../../pricing/d1/withdrawal-terms.ts";
import { regions } from "../../schema/regions.ts";
import { nowMs } from "../clock.ts";
import { providerHealthStub } from "../placement.ts";
import { cartCalls } from "./opening/cart-calls.ts";
import { promotionCalls } from "./opening/promotion-calls.ts";
import { quotingFrom } from "./opening/quoting.ts";
import type { CheckoutDeps } from "./sale/ports.ts";
import { inventoryCalls } from "./stock/inventory-calls.ts";

/** What is the same for every sale of an isolate, and what is one sale's own. */
type Shared = Omit<CheckoutDeps, OwnNames>;
type Own = Pick<CheckoutDeps, OwnNames>;
type Net = { readonly connect?: Connect };
type OwnNames = "heard" | "cards" | "shopperBackAtMs";

const sharedOf = new WeakMap<Env, Shared>();

/** Most of it is made once an isolate: a new object is made for each sale, and should cost little. */
export function checkoutDeps(env: Env, { connect, ...own }: Own & Net): CheckoutDeps {
  const known = sharedOf.get(env);
  if (known) return { ...known, ...own };
  const shared = sharedDeps(env, connect);
  sharedOf.set(env, shared);
  return { ...shared, ...own };
}

function sharedDeps(env: Env, connect: Connect | undefined): Shared {
  const _now = () => nowMs(env);
  const promotions = promotionCalls(env, {
    usesOfCancelledOrders: (shopId) => usesOfCancelledOrders(env.CATALOG, shopId),
  });
  return {
    quote: quotingFrom(env, promotions),
    promotions,
    carts: cartCalls(env),
    inventory: inventoryCalls(env),
    withdrawalTerms: (shopId) => withdrawalTerms(env.CATALOG, shopId),
    ...paymentDeps(env, connect),
    tellExpired: async (expired) => {
      if (!expired) return;
      await env[regions[expired.region].bindings.events].sendBatch([{ body: expired }]);
    },
    tellGivenUp: async (givenUp) => {
      await env[regions[givenUp.region].bindings.events].sendBatch([{ body: givenUp }]);
    },
  };
}

/** The providers, watched, and the choice among them by what was seen. `connect` is the platform's. */
function paymentDeps(env: Env, connect: Connect | undefined) {
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
