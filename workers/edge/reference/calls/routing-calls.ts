import * as routing from "../examples/routing-examples.ts";

/** The calls about how payments find their providers. They refuse nothing of their own. */
export const routingCalls = {
  "GET /v1/ops/routing": { answers: { 200: routing.routing } },
  "PUT /v1/ops/routing": {
    body: routing.routingTable,
    answers: { 200: routing.routing },
  },
  "GET /v1/ops/settings": { answers: { 200: routing.shopSettings } },
  "PUT /v1/ops/settings": {
    body: routing.shopSettings,
    answers: { 200: routing.shopSettings },
  },
  "GET /v1/ops/providers": { answers: { 200: routing.providerHealth } },
};
