import { createHash } from "node:crypto";
import type { OrderEvent } from "../../../schema/events.ts";
import type { ShopId } from "../../../schema/ids.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { EndpointId, type RegisterEndpoint } from "../../../schema/webhook-endpoints.ts";
import type { RetryPolicy } from "../../saga/retry.ts";
import type { Effect, Outcome } from "../effect.ts";
import { deliver, meaningOf } from "./deliver.ts";
import type { Delivery, Endpoint, EndpointStore } from "./endpoint.store.ts";
import type { TargetEnv } from "./target.ts";

const HOUR_MS = 3_600_000;
const ENDPOINTS_MAX = 20; // each reads the log by itself
const OVERLAP_MS = 24 * HOUR_MS; // a merchant's servers learn the new secret within a day

/** Three days, the gaps growing up to six hours: a weekend's outage loses nothing. */
const untilMonday: RetryPolicy = {
  firstMs: 5_000,
  delayMaxMs: 6 * HOUR_MS,
  budgetMs: 72 * HOUR_MS,
};

export function endpointIdOf(shopId: ShopId, url: string): EndpointId {
  const hash = createHash("sha256")
    .update(JSON.stringify([shopId, url]))
    .digest("hex");
  return EndpointId.parse(`whe_${hash.slice(0, 32)}`);
}

type Registration = RegisterEndpoint & { readonly shopId: ShopId };
type New = { readonly secret: string; readonly nowMs: number };

/** The endpoint as it is from now on. Registering it again changes its types, and no secret. */
export function registered(
  store: EndpointStore,
  { shopId, url, types }: Registration,
  { secret, nowMs }: New,
): Endpoint | Refusal<"webhook_endpoints_full"> {
  const endpointId = endpointIdOf(shopId, url);
  const known = store.read(endpointId);
  const wanted = types ? { types } : {};
  if (known && !known.isRemoved) {
    const { types: _types, ...same } = known;
    const isSame = JSON.stringify(known.types) === JSON.stringify(types);
    return isSame ? known : { ...same, ...wanted, version: known.version + 1 };
  }
  if (store.all(shopId).length >= ENDPOINTS_MAX) {
    return refuse("webhook_endpoints_full", { endpointsMax: ENDPOINTS_MAX });
  }
  const version = (known?.version ?? 0) + 1;
  const made = { endpointId, shopId, version, isRemoved: false, url, ...wanted };
  return { ...made, secrets: [{ secret }], createdAtMs: nowMs };
}

/** A new secret beside the old one for a day. While two are good, asking again changes nothing. */
export function rotated(endpoint: Endpoint, { secret, nowMs }: New): Endpoint {
  const [newest, older] = endpoint.secrets;
  if (!newest || (older?.expiresAtMs ?? 0) > nowMs) return endpoint;
  const secrets = [{ secret }, { secret: newest.secret, expiresAtMs: nowMs + OVERLAP_MS }];
  return { ...endpoint, secrets, version: endpoint.version + 1 };
}

export function removed(endpoint: Endpoint): Endpoint {
  if (endpoint.isRemoved) return endpoint;
  return { ...endpoint, isRemoved: true, secrets: [], version: endpoint.version + 1 };
}

type Deps = {
  readonly store: EndpointStore;
  readonly env: TargetEnv;
  readonly nowMs: () => number;
};

/** One endpoint's way along the log: one event at a time, and none overtakes another. */
export function endpointEffect(endpointId: EndpointId, deps: Deps): Effect | undefined {
  const endpoint = deps.store.read(endpointId);
  if (!endpoint || endpoint.isRemoved) return undefined;
  return {
    shopId: endpoint.shopId,
    turnsMax: 1,
    retry: untilMonday,
    whenSpent: "pause",
    perform: async (turns) => {
      const writes: (() => void)[] = [];
      const write = () => {
        for (const each of writes) each();
      };
      for (const { event } of turns) {
        const outcome = await handOver(endpointId, event, deps);
        if (outcome.write) writes.push(outcome.write);
        if (outcome.is !== "done") return { ...outcome, write };
      }
      return { is: "done", write };
    },
  };
}

/** Reads the endpoint anew: its secret may have been rotated, or it be gone, since the last event. */
async function handOver(endpointId: EndpointId, event: OrderEvent, deps: Deps): Promise<Outcome> {
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

export function deliverOnce(endpoint: Endpoint, event: OrderEvent, deps: Deps): Promise<Delivery> {
  const attempt = deps.store.attempts(endpoint.endpointId, event.id) + 1;
  return deliver({ ...deps, endpoint, event, attempt });
}
