import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import type { CartEdit } from "../../../../durable-objects/cart/cart.ts";
import { cartStub } from "../../../../durable-objects/placement.ts";
import {
  CartView,
  ChangeCart,
  CreateCart,
  MovedCart,
  SetCodes,
  SetLine,
} from "../../../../schema/cart.ts";
import { CartId, Sku } from "../../../../schema/ids.ts";
import { isRefusal } from "../../../../schema/outcome.ts";
import { refuse } from "../../../../schema/refusals.ts";
import { homeRegion } from "../../../../schema/regions.ts";
import { ask } from "../../asking/ask.ts";
import { IdempotencyHeader, json, jsonBody, newApi, on, problemAnswer } from "../../gate/api.ts";
import { cartIdFor } from "../../gate/derived-ids.ts";
import type { EdgeEnv } from "../../gate/edge-env.ts";
import { problem } from "../../gate/problem.ts";

const params = z.object({ cartId: CartId });
const lineParams = params.extend({ sku: Sku });
const IfMatch = z.object({
  "if-match": z
    .string()
    .max(200)
    .optional()
    .openapi({ description: "the ETag that the change is based on", example: '"3"' }),
});
const responses = { 200: json(CartView, "The cart; its ETag."), default: problemAnswer };

const create = createRoute({
  method: "post",
  path: "/carts",
  summary: "Make an empty cart for one country and currency.",
  request: { headers: IdempotencyHeader, body: jsonBody(CreateCart) },
  responses: { 201: json(CartView, "The cart; its ETag."), default: problemAnswer },
});

const read = createRoute({
  method: "get",
  path: "/carts/{cartId}",
  summary: "Read a cart with its lines as priced now.",
  request: { params },
  responses,
});

const change = createRoute({
  method: "patch",
  path: "/carts/{cartId}",
  summary: "Change a cart's country or currency; it may go on under another id, in another region.",
  request: { params, body: jsonBody(ChangeCart) },
  responses: { 200: json(MovedCart, "The cart, priced anew; its ETag."), default: problemAnswer },
});

const setLine = createRoute({
  method: "put",
  path: "/carts/{cartId}/lines/{sku}",
  summary: "Set how many pieces of a SKU are in the cart.",
  request: { params: lineParams, headers: IfMatch, body: jsonBody(SetLine) },
  responses,
});

const removeLine = createRoute({
  method: "delete",
  path: "/carts/{cartId}/lines/{sku}",
  summary: "Take a SKU out of the cart.",
  request: { params: lineParams, headers: IfMatch },
  responses,
});

const setCodes = createRoute({
  method: "put",
  path: "/carts/{cartId}/codes",
  summary: "Replace the cart's promotion codes. They are judged when a checkout is quoted.",
  request: { params, headers: IfMatch, body: jsonBody(SetCodes) },
  responses,
});

export const carts = newApi();

on(carts, create, async (c) => {
  const { currency, country } = c.req.valid("json");
  const region = homeRegion(country);
  if (!region) return problem(c, refuse("country_not_served", { country }));
  const idempotencyKey = c.req.valid("header")["idempotency-key"];
  const { shopId } = c.var.apiKey;
  const cartId = cartIdFor(c.env.ID_KEY, { shopId, region, idempotencyKey });
  const request = { shopId, cartId, currency, country };
  const made = await ask(() => cartStub(c.env, shopId, cartId).create(request));
  if (isRefusal(made)) return problem(c, made);
  if (made.replayed) c.header("Idempotent-Replayed", "true");
  return cartAnswer(c, made.cart, 201);
});
on(carts, read, async (c) => {
  const { cartId } = c.req.valid("param");
  const cart = await ask(() => cartStub(c.env, c.var.apiKey.shopId, cartId).read());
  return isRefusal(cart) ? problem(c, cart) : cartAnswer(c, cart, 200);
});
on(carts, change, async (c) => {
  const { shopId } = c.var.apiKey;
  const { cartId } = c.req.valid("param");
  const body = c.req.valid("json");
  const left = await ask(() => cartStub(c.env, shopId, cartId).relocate(body));
  if (isRefusal(left)) return problem(c, left);
  const cart = await ask(() => cartStub(c.env, shopId, left.to).read());
  if (isRefusal(cart)) return problem(c, cart);
  return cartAnswer(c, { ...cart, cuts: [...left.cuts] }, 200);
});
on(carts, setLine, (c) => {
  const { cartId, sku } = c.req.valid("param");
  return edited(c, cartId, { line: { sku, ...c.req.valid("json") } });
});
on(carts, removeLine, (c) => {
  const { cartId, sku } = c.req.valid("param");
  return edited(c, cartId, { line: { sku, quantity: 0 } });
});
on(carts, setCodes, (c) => {
  const { codes } = c.req.valid("json");
  return edited(c, c.req.valid("param").cartId, { codes });
});

async function edited(c: Context<EdgeEnv>, cartId: CartId, edit: CartEdit): Promise<Response> {
  const versions = versionsIn(c.req.header("If-Match"));
  const cart = await ask(() =>
    cartStub(c.env, c.var.apiKey.shopId, cartId).edit({ ...edit, versions }),
  );
  return isRefusal(cart) ? problem(c, cart) : cartAnswer(c, cart, 200);
}

/** A cart with its version as the ETag. */
export function cartAnswer(
  c: Context<EdgeEnv>,
  cart: CartView | MovedCart,
  status: 200 | 201,
): Response {
  c.header("ETag", `"${cart.version}"`);
  return c.json(cart, status);
}

/**
 * The versions that an If-Match accepts; undefined accepts any. A tag that is not ours, or a weak
 * one, matches nothing. Source: https://www.rfc-editor.org/rfc/rfc9110#name-if-match
 */
function versionsIn(ifMatch: string | undefined): readonly number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  return ifMatch.split(",").flatMap((tag) => {
    const version = /^"(\d+)"$/.exec(tag.trim())?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}
