import { HOUR_MS } from "../../../schema/durations.ts";
import type { OrderEvent } from "../../../schema/events.ts";
import type { EndpointId } from "../../../schema/webhook-endpoints.ts";
import type { RetryPolicy } from "../../saga/retry.ts";
import type { Effect, Outcome } from "../following/effect.ts";
import { deliver, meaningOf } from "./deliver.ts";
import type { Delivery, Endpoint, EndpointStore } from "./endpoint.store.ts";
import type { TargetEnv } from "./endpoint-target.ts";

/** Three days, the gaps growing up to six hours: an outage over a weekend pauses no endpoint. */
const overAWeekend: RetryPolicy = {
  firstMs: 5_000,
  delayMaxMs: 6 * HOUR_MS,
  budgetMs: 72 * HOUR_MS,
};

type Deps = {
  readonly store: EndpointStore;
  readonly env: TargetEnv;
  readonly nowMs: () => number;
};

/** `isNew`: the reader comes to this event for the first time, so nobody has to look how often it was sent. */
type Handing = Deps & { readonly isNew?: boolean };

/**
 * What one endpoint's reader does with the log: one event at a time, and none overtakes another
 * (decision 17). Undefined for an endpoint that is removed.
 */
export function endpointEffect(endpointId: EndpointId, deps: Deps): Effect | undefined {
  const endpoint = deps.store.read(endpointId);
  if (!endpoint || endpoint.isRemoved) return undefined;
  return {
    shopId: endpoint.shopId,
    concerns: ({ type }) => !endpoint.types || endpoint.types.includes(type),
    changesMax: 1,
    retry: overAWeekend,
    whenSpent: "pause",
    perform: async (changes, { isReplay, isFirstTry }) => {
      const writes: (() => void)[] = [];
      const write = () => {
        for (const each of writes) each();
      };
      for (const { event } of changes) {
        const isNew = isFirstTry && !isReplay;
        const outcome = await handOver(endpointId, event, { ...deps, isNew });
        if (outcome.write) writes.push(outcome.write);
        if (outcome.is !== "done") return { ...outcome, write };
      }
      return { is: "done", write };
    },
  };
}

/** Reads the endpoint anew: its secret may have been rotated, or it be gone, since the last event. */
async function handOver(
  endpointId: EndpointId,
  event: OrderEvent,
  deps: Handing,
): Promise<Outcome> {
  const { store } = deps;
  const endpoint = store.read(endpointId);
  const isWanted = endpoint && (!endpoint.types || endpoint.types.includes(event.type));
  if (!isWanted || endpoint.isRemoved) return { is: "done" };
  const delivery = await deliverOnce(endpoint, event, deps);
  const write = () => store.insertDelivery(delivery);
  const meaning = meaningOf(delivery);
  if (meaning === "delivered") return { is: "done", write };
  if (meaning === "gone") return { is: "stop", problem: "gone: it answered 410", write };
  return { is: "failed", problem: delivery.problem ?? "no answer", write };
}

export function deliverOnce(
  endpoint: Endpoint,
  event: OrderEvent,
  deps: Handing,
): Promise<Delivery> {
  const nthTry = deps.isNew ? 1 : deps.store.tries(endpoint.endpointId, event.id) + 1;
  return deliver({ ...deps, endpoint, event, nthTry });
}
