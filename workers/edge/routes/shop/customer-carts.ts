import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { CustomerId } from "../../../../schema/buyer.ts";
import { CartList, MovedCart } from "../../../../schema/cart.ts";
import { CreateCustomerToken, CustomerTokenView } from "../../../../schema/customer-token.ts";
import { CartId } from "../../../../schema/ids.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { CustomerCarts } from "../../asking/customer-carts.ts";
import { json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import {
  CUSTOMER_TOKEN,
  CustomerHeader,
  customerOf,
  customerTokenFor,
} from "../../gate/customer-token.ts";
import type { EdgeEnv } from "../../gate/edge-env.ts";
import { problem } from "../../gate/problem.ts";
import { cartAnswer } from "./carts.ts";

const createToken = createRoute({
  method: "post",
  path: "/customer-tokens",
  summary: "Make a token for a customer who has logged in at the shop, for their browser.",
  request: { body: jsonBody(CreateCustomerToken) },
  responses: { 201: json(CustomerTokenView, "Good for a day."), default: problemAnswer },
});

const find = createRoute({
  method: "get",
  path: "/carts",
  summary: "Find the cart of a customer, whichever device filled it.",
  request: {
    headers: CustomerHeader,
    query: z.object({
      customerId: CustomerId.optional().openapi({ description: "with a secret key" }),
    }),
  },
  responses: { 200: json(CartList, "One cart or none."), default: problemAnswer },
});

const logIn = createRoute({
  method: "put",
  path: "/carts/{cartId}/customer",
  summary: "Make a guest's cart the customer's, merged into the one that they have.",
  request: {
    params: z.object({ cartId: CartId }),
    headers: CustomerHeader,
    body: {
      required: false,
      content: {
        "application/json": { schema: z.strictObject({ customerId: CustomerId.optional() }) },
      },
    },
  },
  responses: { 200: json(MovedCart, "The customer's cart; its ETag."), default: problemAnswer },
});

export const customerCarts = newApi();

on(customerCarts, createToken, (c) => {
  const { customerId } = c.req.valid("json");
  const { shopId } = c.var.apiKey;
  return c.json(customerTokenFor(c.env.ID_KEY, { shopId, customerId }, Date.now()), 201);
});
on(customerCarts, find, async (c) => {
  const customerId = customerIn(c, c.req.valid("query").customerId);
  if (isRefusal(customerId)) return problem(c, customerId);
  const cart = await new CustomerCarts(c.env, c.var.apiKey.shopId, customerId).find();
  c.header("Cache-Control", "no-store");
  return c.json({ carts: cart ? [cart] : [] }, 200);
});
on(customerCarts, logIn, async (c) => {
  const customerId = customerIn(c, c.req.valid("json")?.customerId);
  if (isRefusal(customerId)) return problem(c, customerId);
  const carts = new CustomerCarts(c.env, c.var.apiKey.shopId, customerId);
  const cart = await carts.logIn(c.req.valid("param").cartId);
  return isRefusal(cart) ? problem(c, cart) : cartAnswer(c, cart, 200);
});

function customerIn(c: Context<EdgeEnv>, named: string | undefined) {
  const token = c.req.header(CUSTOMER_TOKEN);
  return customerOf(c.env.ID_KEY, { apiKey: c.var.apiKey, token, named }, Date.now());
}
