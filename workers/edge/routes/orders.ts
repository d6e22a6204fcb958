import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { checkoutStub } from "../../../durable-objects/placement.ts";
import { orderStoreOf } from "../../../orders/stores.ts";
import { checkoutIdOf, OrderId, regionOf } from "../../../schema/ids.ts";
import { Order } from "../../../schema/order.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import { json, newApi, on, problemAnswer, SecretHeader } from "../api.ts";
import { ask } from "../ask.ts";
import { callerOf } from "../auth.ts";
import { problem } from "../problem.ts";

const read = createRoute({
  method: "get",
  path: "/orders/{orderId}",
  summary: "Read an order: with its checkout's secret, or with a secret key.",
  request: { params: z.object({ orderId: OrderId }), headers: SecretHeader },
  responses: { 200: json(Order, "The order."), default: problemAnswer },
});

export const orders = newApi();

on(orders, read, async (c) => {
  const { orderId } = c.req.valid("param");
  const { apiKey } = c.var;
  const caller = callerOf(apiKey, c.req.valid("header")["checkout-secret"]);
  if (caller.isMerchant) {
    const stored = await orderStoreOf(c.env, regionOf(orderId)).order(apiKey.shopId, orderId);
    if (stored) return c.json(stored, 200);
  }
  // The store may not have it yet; and only the object knows whose secret opens it.
  const checkout = checkoutStub(c.env, apiKey.shopId, checkoutIdOf(orderId));
  const order = await ask(() => checkout.order(caller));
  return isRefusal(order) ? problem(c, order) : c.json(order, 200);
});
