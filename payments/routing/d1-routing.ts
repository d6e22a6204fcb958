import { IsolateCache } from "../../pricing/isolate-cache.ts";
import type { ShopId } from "../../schema/ids.ts";
import { assert } from "../../schema/outcome.ts";
import type { HealthWatch } from "../health/health-watch.ts";
import { chosenRoute, type RouteBook, type Routing } from "./routing.ts";
import { type PaymentPlan, RoutingStore } from "./routing-store.ts";

const plans = new IsolateCache<PaymentPlan>(10_000);

type Sources = {
  readonly d1: D1Database;
  readonly health: Pick<HealthWatch, "breakerOf">;
  readonly nowMs: () => number;
};

/**
 * Routes by the shop's rules in D1 and the region's health, both as the isolate remembers them. What
 * an operator changes holds for new payments within half a minute.
 */
export class D1Routing implements Routing {
  readonly #store: RoutingStore;
  readonly #sources: Sources;

  constructor(sources: Sources) {
    this.#store = new RoutingStore(sources.d1);
    this.#sources = sources;
  }

  /** Throws: when an isolate that does not know the shop cannot read its plan. */
  async book(shopId: ShopId): Promise<RouteBook> {
    const { health, nowMs } = this.#sources;
    const found = await plans.get([shopId], nowMs(), async () => {
      const plan = await this.#store.planOf(shopId);
      return new Map([[shopId, plan]]);
    });
    const plan = found.get(shopId);
    assert(plan, "a plan that was read is remembered");
    return {
      captureMode: plan.captureMode,
      route: (request) => {
        const { region, method } = request;
        return chosenRoute(request, {
          rules: plan.rules,
          switchedOn: plan.switchedOn,
          breakerOf: (provider) => health.breakerOf(region, provider, method),
          nowMs: nowMs(),
        });
      },
    };
  }
}
