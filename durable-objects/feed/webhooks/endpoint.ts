import { createHash } from "node:crypto";
import { DAY_MS } from "../../../schema/durations.ts";
import type { ShopId } from "../../../schema/ids.ts";
import type { Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { EndpointId, type RegisterEndpoint } from "../../../schema/webhook-endpoints.ts";
import type { Endpoint, EndpointStore } from "./endpoint.store.ts";

const ENDPOINTS_MAX = 20; // each reads the log by itself
const OVERLAP_MS = DAY_MS; // a merchant's servers learn the new secret within a day

/** The same shop and address is the same endpoint: registering twice needs no idempotency key. */
function endpointIdOf(shopId: ShopId, url: string): EndpointId {
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
