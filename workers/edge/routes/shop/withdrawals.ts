import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { Answer } from "../../../../durable-objects/checkout/sale/answers.ts";
import { checkoutStub } from "../../../../durable-objects/placement.ts";
import { checkoutIdOf, OrderId } from "../../../../schema/ids.ts";
import { CheckoutWithOrder } from "../../../../schema/order.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import {
  AskWithdrawal,
  GuestWithdrawal,
  GuestWithdrawalView,
  ReturnOrder,
  WithdrawalView,
} from "../../../../schema/withdrawal.ts";
import { answered, ask } from "../../asking/ask.ts";
import { withdrawAsGuest } from "../../asking/guest-withdrawal.ts";
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
import type { EdgeEnv } from "../../gate/edge-env.ts";
import { problem } from "../../gate/problem.ts";

const headers = IdempotencyHeader.extend(SecretHeader.shape);

const askFor = createRoute({
  method: "post",
  path: "/orders/{orderId}/withdrawals",
  summary:
    "Withdraw from the contract, first step: what would be withdrawn from. Nothing happens yet.",
  request: {
    params: z.object({ orderId: OrderId }),
    headers,
    body: { ...jsonBody(AskWithdrawal), required: false },
  },
  responses: {
    201: json(WithdrawalView, "What the shopper is to confirm."),
    default: problemAnswer,
  },
});

const confirm = createRoute({
  method: "post",
  path: "/orders/{orderId}/withdrawals/{withdrawal}/confirm",
  summary: "Withdraw from the contract, second step: it is declared, and acknowledged by mail.",
  request: {
    params: z.object({ orderId: OrderId, withdrawal: z.coerce.number().int().min(1) }),
    headers,
  },
  responses: {
    200: json(WithdrawalView, "Declared, with its time and the acknowledgement's text."),
    default: problemAnswer,
  },
});

const asGuest = createRoute({
  method: "post",
  path: "/withdrawals",
  summary:
    "Withdraw from the contract without its secret, by order number and e-mail. The answer never " +
    "tells whether there is such an order: the acknowledgement goes by mail.",
  request: { headers: IdempotencyHeader, body: jsonBody(GuestWithdrawal) },
  responses: {
    202: json(GuestWithdrawalView, "The same for any order."),
    default: problemAnswer,
  },
});

const tellReturn = createRoute({
  method: "post",
  path: "/orders/{orderId}/returns",
  summary:
    "Say what became of pieces that the shopper withdrew from; what is received is refunded. Needs a secret key.",
  request: { params: z.object({ orderId: OrderId }), headers, body: jsonBody(ReturnOrder) },
  responses: {
    200: json(CheckoutWithOrder, "Noted; a refund that is due goes out behind this answer."),
    default: problemAnswer,
  },
});

/** Mounted before the calls that only a merchant may make of an order. */
export const withdrawals = newApi();
withdrawals.use("/orders/:orderId/returns", requireKey("secret", "operator"));

on(withdrawals, askFor, async (c) => {
  const { apiKey, fingerprint } = c.var;
  const header = c.req.valid("header");
  const checkout = checkoutStub(c.env, apiKey.shopId, checkoutIdOf(c.req.valid("param").orderId));
  const caller = callerOf(apiKey, header["checkout-secret"]);
  const body = c.req.valid("json") ?? {};
  const call = { act: "ask", caller, key: header["idempotency-key"], fingerprint, body } as const;
  return withdrawn(c, await ask(() => checkout.withdrawal(call)));
});

on(withdrawals, confirm, async (c) => {
  const { apiKey, fingerprint } = c.var;
  const header = c.req.valid("header");
  const { orderId, withdrawal: n } = c.req.valid("param");
  const checkout = checkoutStub(c.env, apiKey.shopId, checkoutIdOf(orderId));
  const caller = callerOf(apiKey, header["checkout-secret"]);
  const key = header["idempotency-key"];
  const call = { act: "confirm", caller, key, fingerprint, n } as const;
  return withdrawn(c, await ask(() => checkout.withdrawal(call)));
});

on(withdrawals, asGuest, async (c) => {
  const { apiKey, fingerprint } = c.var;
  const key = c.req.valid("header")["idempotency-key"];
  const call = { shopId: apiKey.shopId, key, fingerprint, body: c.req.valid("json") };
  return c.json(await withdrawAsGuest(c.env, call), 202);
});

on(withdrawals, tellReturn, async (c) => {
  const { apiKey, fingerprint } = c.var;
  const checkout = checkoutStub(c.env, apiKey.shopId, checkoutIdOf(c.req.valid("param").orderId));
  const key = c.req.valid("header")["idempotency-key"];
  const caller = callerOf(apiKey, undefined);
  const call = { act: "return", caller, key, fingerprint, body: c.req.valid("json") } as const;
  return answered(c, await ask(() => checkout.withdrawal(call)));
});

function withdrawn(c: Context<EdgeEnv>, { reply, replayed }: Answer): Response {
  if (replayed) c.header("Idempotent-Replayed", "true");
  return isRefusal(reply) ? problem(c, reply) : c.json(reply.body.withdrawal, reply.status);
}
