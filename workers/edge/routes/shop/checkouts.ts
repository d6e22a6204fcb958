import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { checkoutStub } from "../../../../durable-objects/placement.ts";
import {
  CheckoutView,
  CreateCheckout,
  PatchCheckout,
  PayCheckout,
} from "../../../../schema/checkout.ts";
import { CheckoutId } from "../../../../schema/ids.ts";
import { CheckoutWithOrder } from "../../../../schema/order.ts";
import { isRefusal, type Refusal } from "../../../../schema/outcome.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { homeRegion, type RegionCode } from "../../../../schema/regions.ts";
import { answered, ask } from "../../asking/ask.ts";
import { createInstead } from "../../asking/replacement.ts";
import {
  IdempotencyHeader,
  json,
  jsonBody,
  newApi,
  on,
  problemAnswer,
  SecretHeader,
} from "../../gate/api.ts";
import { callerOf } from "../../gate/auth.ts";
import { checkoutIdFor } from "../../gate/derived-ids.ts";
import { problem } from "../../gate/problem.ts";

const params = z.object({ checkoutId: CheckoutId });
const changeHeaders = IdempotencyHeader.extend(SecretHeader.shape);

const create = createRoute({
  method: "post",
  path: "/checkouts",
  summary: "Quote a cart, hold its stock and, when it carries a payment, pay it.",
  request: { headers: IdempotencyHeader, body: jsonBody(CreateCheckout) },
  responses: { 201: json(CheckoutWithOrder, "The checkout."), default: problemAnswer },
});

const read = createRoute({
  method: "get",
  path: "/checkouts/{checkoutId}",
  summary: "Read a checkout with its timeline; with a secret key also why each attempt went where.",
  request: { params, headers: SecretHeader },
  responses: { 200: json(CheckoutView, "The checkout."), default: problemAnswer },
});

const patch = createRoute({
  method: "patch",
  path: "/checkouts/{checkoutId}",
  summary: "Change an open checkout; it is quoted anew.",
  request: {
    params,
    headers: IdempotencyHeader.partial().extend(SecretHeader.shape),
    body: jsonBody(PatchCheckout),
  },
  responses: { 200: json(CheckoutView, "With its new quote."), default: problemAnswer },
});

const pay = createRoute({
  method: "post",
  path: "/checkouts/{checkoutId}/pay",
  summary: "Pay the quoted total. The answer comes when the order is placed.",
  request: { params, headers: changeHeaders, body: jsonBody(PayCheckout) },
  responses: {
    200: json(CheckoutWithOrder, "Placed."),
    202: json(CheckoutView, "Not decided yet: read the checkout, or repeat with the same key."),
    default: problemAnswer,
  },
});

const cancel = createRoute({
  method: "post",
  path: "/checkouts/{checkoutId}/cancel",
  summary: "Call a checkout off that is not placed.",
  request: { params, headers: changeHeaders },
  responses: {
    200: json(CheckoutView, "Cancelled, its stock released."),
    202: json(CheckoutView, "Will be cancelled once no money can come any more."),
    default: problemAnswer,
  },
});

export const checkouts = newApi();

on(checkouts, create, async (c) => {
  const body = c.req.valid("json");
  const region = homeOf(body);
  if (isRefusal(region)) return problem(c, region);
  const key = c.req.valid("header")["idempotency-key"];
  const { apiKey, fingerprint } = c.var;
  const { origin } = new URL(c.req.url);
  const checkoutId = checkoutIdFor(c.env.ID_KEY, {
    shopId: apiKey.shopId,
    region,
    idempotencyKey: key,
  });
  const call = { caller: callerOf(apiKey, undefined), checkoutId, key, fingerprint, body, origin };
  if (body.replaces) return answered(c, await createInstead(c.env, call, body.replaces));
  const answer = await ask(() => checkoutStub(c.env, apiKey.shopId, checkoutId).create(call));
  return answered(c, answer);
});
on(checkouts, read, async (c) => {
  const { checkoutId } = c.req.valid("param");
  const { apiKey } = c.var;
  const caller = callerOf(apiKey, c.req.valid("header")["checkout-secret"]);
  const view = await ask(() => checkoutStub(c.env, apiKey.shopId, checkoutId).read(caller));
  return isRefusal(view) ? problem(c, view) : c.json(view, 200);
});
on(checkouts, patch, async (c) => {
  const { checkoutId } = c.req.valid("param");
  const headers = c.req.valid("header");
  const { apiKey, fingerprint } = c.var;
  const caller = callerOf(apiKey, headers["checkout-secret"]);
  // Without a key the sender cannot repeat the change: each call is a change of its own.
  const key = headers["idempotency-key"] ?? crypto.randomUUID();
  const call = { caller, key, fingerprint, body: c.req.valid("json") };
  return answered(c, await ask(() => checkoutStub(c.env, apiKey.shopId, checkoutId).patch(call)));
});

on(checkouts, pay, async (c) => {
  const { checkoutId } = c.req.valid("param");
  const headers = c.req.valid("header");
  const { apiKey, fingerprint } = c.var;
  const caller = callerOf(apiKey, headers["checkout-secret"]);
  const call = {
    caller,
    key: headers["idempotency-key"],
    fingerprint,
    body: c.req.valid("json"),
    origin: new URL(c.req.url).origin,
  };
  const answer = await ask(() => checkoutStub(c.env, apiKey.shopId, checkoutId).pay(call));
  return answered(c, answer);
});
on(checkouts, cancel, async (c) => {
  const { checkoutId } = c.req.valid("param");
  const headers = c.req.valid("header");
  const { apiKey, fingerprint } = c.var;
  const caller = callerOf(apiKey, headers["checkout-secret"]);
  const call = { caller, key: headers["idempotency-key"], fingerprint };
  const answer = await ask(() => checkoutStub(c.env, apiKey.shopId, checkoutId).cancel(call));
  return answered(c, answer);
});

type Homeless = Refusal<"country_not_served" | "country_mismatch" | "expected_total_missing">;

/** The region that the sale will live in: of the country alone, never of where it was asked. */
function homeOf(body: CreateCheckout): RegionCode | Homeless {
  const { country, shippingAddress, payment, expectedTotal } = body;
  if (shippingAddress && shippingAddress.country !== country) {
    return refuse("country_mismatch", { country, shippingCountry: shippingAddress.country });
  }
  if (payment && !expectedTotal) return refuse("expected_total_missing");
  return homeRegion(country) ?? refuse("country_not_served", { country });
}
