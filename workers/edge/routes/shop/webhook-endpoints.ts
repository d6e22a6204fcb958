import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { checkoutIdOf, regionOf } from "../../../../schema/ids.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { RegionCode } from "../../../../schema/regions.ts";
import {
  DeliveryView,
  EndpointId,
  EndpointView,
  RegisterEndpoint,
  ReplayEndpoint,
  Replayed,
} from "../../../../schema/webhook-endpoints.ts";
import { ask } from "../../asking/ask.ts";
import * as endpoints from "../../asking/endpoint-registry.ts";
import { endpointView } from "../../asking/endpoint-view.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import { problem } from "../../gate/problem.ts";

const params = z.object({ endpointId: EndpointId });

const register = createRoute({
  method: "post",
  path: "/webhook-endpoints",
  summary:
    "Have the shop's events sent to an address. Registering it again changes its types alone.",
  request: { body: jsonBody(RegisterEndpoint) },
  responses: { 201: json(EndpointView, "Registered, with its secret."), default: problemAnswer },
});

const list = createRoute({
  method: "get",
  path: "/webhook-endpoints",
  summary: "List the shop's webhook endpoints.",
  responses: {
    200: json(z.strictObject({ endpoints: z.array(EndpointView) }), "All of them."),
    default: problemAnswer,
  },
});

const read = createRoute({
  method: "get",
  path: "/webhook-endpoints/{endpointId}",
  summary:
    "See how an endpoint stands in each region: delivered how far, failing since when, disabled why.",
  request: { params },
  responses: { 200: json(EndpointView, "The endpoint."), default: problemAnswer },
});

const remove = createRoute({
  method: "delete",
  path: "/webhook-endpoints/{endpointId}",
  summary: "Send nothing there any more. Twice is once.",
  request: { params },
  responses: {
    200: json(z.strictObject({ removed: z.literal(true) }), "Removed."),
    default: problemAnswer,
  },
});

const rotate = createRoute({
  method: "post",
  path: "/webhook-endpoints/{endpointId}/rotate",
  summary:
    "Get a new secret. The old one signs beside it for a day; until then this changes nothing again.",
  request: { params },
  responses: { 200: json(EndpointView, "With both secrets."), default: problemAnswer },
});

const enable = createRoute({
  method: "post",
  path: "/webhook-endpoints/{endpointId}/enable",
  summary: "Go on with an endpoint that was disabled, at the event that it was disabled at.",
  request: { params },
  responses: { 200: json(EndpointView, "On its way."), default: problemAnswer },
});

const replay = createRoute({
  method: "post",
  path: "/webhook-endpoints/{endpointId}/replay",
  summary: "Send a region's events again from an offset or a time on, in order; or one event, now.",
  request: { params, body: jsonBody(ReplayEndpoint) },
  responses: { 200: json(Replayed, "On its way, or how it went."), default: problemAnswer },
});

const deliveries = createRoute({
  method: "get",
  path: "/webhook-endpoints/{endpointId}/deliveries",
  summary:
    "Read what was sent to an endpoint in one region and what it answered, newest first. Kept for 30 days.",
  request: {
    params,
    query: z.strictObject({
      region: RegionCode,
      before: z.coerce
        .number()
        .int()
        .min(1)
        .optional()
        .describe("a deliveryId: the page before it"),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
  },
  responses: {
    200: json(z.strictObject({ deliveries: z.array(DeliveryView) }), "The tries."),
    default: problemAnswer,
  },
});

export const webhookEndpoints = newApi();

on(webhookEndpoints, register, async (c) => {
  const wish = c.req.valid("json");
  const { shopId } = c.var.apiKey;
  const endpoint = await endpoints.register(c.env, { ...wish, shopId });
  return isRefusal(endpoint) ? problem(c, endpoint) : c.json(endpointView(endpoint), 201);
});

on(webhookEndpoints, list, async (c) => {
  const found = await endpoints.endpointsOf(c.env, c.var.apiKey.shopId);
  return c.json({ endpoints: found.map(endpointView) }, 200);
});

on(webhookEndpoints, read, async (c) => {
  const mine = { shopId: c.var.apiKey.shopId, ...c.req.valid("param") };
  const endpoint = await endpoints.endpointNamed(c.env, mine);
  if (isRefusal(endpoint)) return problem(c, endpoint);
  const regions = await endpoints.statesOf(c.env, mine);
  return c.json({ ...endpointView(endpoint), regions }, 200);
});

on(webhookEndpoints, remove, async (c) => {
  const mine = { shopId: c.var.apiKey.shopId, ...c.req.valid("param") };
  const removed = await endpoints.remove(c.env, mine);
  return isRefusal(removed) ? problem(c, removed) : c.json({ removed: true } as const, 200);
});

on(webhookEndpoints, rotate, async (c) => {
  const mine = { shopId: c.var.apiKey.shopId, ...c.req.valid("param") };
  const endpoint = await endpoints.rotate(c.env, mine);
  return isRefusal(endpoint) ? problem(c, endpoint) : c.json(endpointView(endpoint), 200);
});

on(webhookEndpoints, enable, async (c) => {
  const mine = { shopId: c.var.apiKey.shopId, ...c.req.valid("param") };
  const endpoint = await endpoints.endpointNamed(c.env, mine);
  if (isRefusal(endpoint)) return problem(c, endpoint);
  await endpoints.enable(c.env, mine);
  const regions = await endpoints.statesOf(c.env, mine);
  return c.json({ ...endpointView(endpoint), regions }, 200);
});

on(webhookEndpoints, replay, async (c) => {
  const mine = { shopId: c.var.apiKey.shopId, ...c.req.valid("param") };
  const wish = c.req.valid("json");
  const region = "orderId" in wish ? regionOf(checkoutIdOf(wish.orderId)) : wish.region;
  const stub = endpoints.webhooksAt(c.env, region);
  const place = endpoints.placeIn(region);
  if ("orderId" in wish) {
    const name = { orderId: wish.orderId, sequence: Number(wish.sequence) };
    const delivery = await ask(() => stub.sendAgain(place, mine, name));
    return isRefusal(delivery) ? problem(c, delivery) : c.json({ delivery }, 200);
  }
  const from =
    "since" in wish ? { sinceMs: Date.parse(wish.since) } : { afterOffset: wish.afterOffset };
  const afterOffset = await ask(() => stub.replayEndpoint(place, mine, from));
  return isRefusal(afterOffset) ? problem(c, afterOffset) : c.json({ region, afterOffset }, 200);
});

on(webhookEndpoints, deliveries, async (c) => {
  const mine = { shopId: c.var.apiKey.shopId, ...c.req.valid("param") };
  const { region, before, limit } = c.req.valid("query");
  const stub = endpoints.webhooksAt(c.env, region);
  const found = await ask(() =>
    stub.deliveries(endpoints.placeIn(region), mine, { before, limit }),
  );
  return isRefusal(found) ? problem(c, found) : c.json({ deliveries: found }, 200);
});
