import type { Endpoint } from "../../../durable-objects/feed/webhooks/endpoint.store.ts";
import type { EndpointView } from "../../../schema/webhook-endpoints.ts";

const iso = (atMs: number) => new Date(atMs).toISOString();

/** What a merchant reads of an endpoint, its secrets included: the key that reads them is secret too. */
export function endpointView(endpoint: Endpoint): EndpointView {
  const { endpointId, url, types, secrets, createdAtMs } = endpoint;
  return {
    endpointId,
    url,
    ...(types ? { types: [...types] } : {}),
    secrets: secrets.map(({ secret, expiresAtMs }) =>
      expiresAtMs === undefined ? { secret } : { secret, expiresAt: iso(expiresAtMs) },
    ),
    createdAt: iso(createdAtMs),
  };
}
