import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { checkoutStub } from "../../../../durable-objects/placement.ts";
import { checkoutIdOf, OrderId } from "../../../../schema/ids.ts";
import {
  CancelOrder,
  CaptureOrder,
  CheckoutWithOrder,
  FulfilOrder,
  RefundOrder,
} from "../../../../schema/order.ts";
import { OrderDetails } from "../../../../schema/order-details.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { answered, ask } from "../../asking/ask.ts";
import { orderFor } from "../../asking/order-reading.ts";
import {
  IdempotencyHeader,
  json,
  jsonBody,
  newApi,
  on,
  problemAnswer,
  SecretHeader,
} from "../../gate/api.ts";
import { callerOf, requireKey } from "../../gate/auth.ts";
import { problem } from "../../gate/problem.ts";

const read = createRoute({
  method: "get",
  path: "/orders/{orderId}",
  summary: "Read an order: with its checkout's secret, or with a secret key.",
  request: { params: z.object({ orderId: OrderId }), headers: SecretHeader },
  responses: {
    200: json(OrderDetails, "The order, with who bought it and how its price came about."),
    default: problemAnswer,
  },
});

const changeHeaders = IdempotencyHeader.extend(SecretHeader.shape);

const capture = createRoute({
  method: "post",
  path: "/orders/{orderId}/captures",
  summary: "Take authorized money, all that is left or a part. Needs a secret key.",
  request: {
    params: z.object({ orderId: OrderId }),
    headers: changeHeaders,
    body: jsonBody(CaptureOrder),
  },
  responses: {
    200: json(CheckoutWithOrder, "Captured."),
    202: json(
      CheckoutWithOrder,
      "The provider has it and will decide: repeat with the same key, or read the order.",
    ),
    default: problemAnswer,
  },
});

const refund = createRoute({
  method: "post",
  path: "/orders/{orderId}/refunds",
  summary:
    "Give captured money back, all that is left or a part, and say what becomes of the pieces. Needs a secret key.",
  request: {
    params: z.object({ orderId: OrderId }),
    headers: changeHeaders,
    body: jsonBody(RefundOrder),
  },
  responses: {
    200: json(CheckoutWithOrder, "Refunded."),
    202: json(
      CheckoutWithOrder,
      "The provider has it and will decide: repeat with the same key, or read the order.",
    ),
    default: problemAnswer,
  },
});

const fulfil = createRoute({
  method: "post",
  path: "/orders/{orderId}/fulfillments",
  summary: "Hand an order's pieces over, all that are left or some. Needs a secret key.",
  request: {
    params: z.object({ orderId: OrderId }),
    headers: changeHeaders,
    body: jsonBody(FulfilOrder),
  },
  responses: {
    200: json(
      CheckoutWithOrder,
      "Handed over; where money is taken with the goods, it is being taken.",
    ),
    202: json(CheckoutWithOrder, "On its way: repeat with the same key, or read the order."),
    default: problemAnswer,
  },
});

const cancel = createRoute({
  method: "post",
  path: "/orders/{orderId}/cancel",
  summary:
    "Cancel an order that is not shipped: money back, stock back; or lines of it before they are " +
    "sent or paid. Needs a secret key.",
  request: {
    params: z.object({ orderId: OrderId }),
    headers: changeHeaders,
    body: { ...jsonBody(CancelOrder), required: false },
  },
  responses: {
    200: json(CheckoutWithOrder, "Cancelled."),
    202: json(CheckoutWithOrder, "On its way: repeat with the same key, or read the order."),
    default: problemAnswer,
  },
});

export const orders = newApi();

// Not `/*`, which would take the read in too: the shopper's own secret opens that one.
orders.use("/orders/:orderId/:act", requireKey("secret", "operator"));

on(orders, capture, async (c) => {
  const { apiKey, fingerprint } = c.var;
  const checkout = checkoutStub(c.env, apiKey.shopId, checkoutIdOf(c.req.valid("param").orderId));
  const key = c.req.valid("header")["idempotency-key"];
  const body = c.req.valid("json");
  const call = { caller: callerOf(apiKey, undefined), key, fingerprint, body };
  return answered(c, await ask(() => checkout.capture(call)));
});

on(orders, refund, async (c) => {
  const { apiKey, fingerprint } = c.var;
  const checkout = checkoutStub(c.env, apiKey.shopId, checkoutIdOf(c.req.valid("param").orderId));
  const key = c.req.valid("header")["idempotency-key"];
  const body = c.req.valid("json");
  const call = { caller: callerOf(apiKey, undefined), key, fingerprint, body };
  return answered(c, await ask(() => checkout.refund(call)));
});

on(orders, fulfil, async (c) => {
  const { apiKey, fingerprint } = c.var;
  const checkout = checkoutStub(c.env, apiKey.shopId, checkoutIdOf(c.req.valid("param").orderId));
  const key = c.req.valid("header")["idempotency-key"];
  const body = c.req.valid("json");
  const call = { caller: callerOf(apiKey, undefined), key, fingerprint, body };
  return answered(c, await ask(() => checkout.fulfil(call)));
});

on(orders, cancel, async (c) => {
  const { apiKey, fingerprint } = c.var;
  const checkout = checkoutStub(c.env, apiKey.shopId, checkoutIdOf(c.req.valid("param").orderId));
  const key = c.req.valid("header")["idempotency-key"];
  const body = c.req.valid("json");
  const call = { caller: callerOf(apiKey, undefined), key, fingerprint, body };
  return answered(c, await ask(() => checkout.cancelOrder(call)));
});

on(orders, read, async (c) => {
  const { orderId } = c.req.valid("param");
  const { apiKey } = c.var;
  const caller = callerOf(apiKey, c.req.valid("header")["checkout-secret"]);
  c.header("Cache-Control", "no-store"); // where somebody lives
  const order = await orderFor(c.env, caller, orderId);
  return isRefusal(order) ? problem(c, order) : c.json(order, 200);
});
