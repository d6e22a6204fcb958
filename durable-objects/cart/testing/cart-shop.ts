import { SELF } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHash } from "node:crypto";
import type { CartCut, CartView } from "../../../schema/cart.ts";
import type { CheckoutView } from "../../../schema/checkout.ts";
import { CartId, CheckoutId, ShopId } from "../../../schema/ids.ts";
import type { StockLevels } from "../../../schema/stock.ts";
import { cartStub, checkoutStub } from "../../placement.ts";

export const demo = ShopId.parse("demo");

type Call = {
  readonly body?: unknown;
  readonly key?: string;
  readonly ifMatch?: string;
  readonly apiKey?: string;
  readonly customerToken?: string;
  readonly secret?: string;
};

type Body = Partial<CartView> &
  Partial<Omit<CheckoutView, "status">> & {
    /** A checkout's status; in a problem the HTTP status. */
    readonly status?: string | number;
    readonly code?: string;
    readonly then?: string;
    readonly skus?: readonly string[];
    readonly cuts?: readonly CartCut[];
    readonly carts?: readonly CartView[];
    readonly customerToken?: string;
  };

export type Answer = {
  readonly status: number;
  readonly body: Body;
  readonly etag: string | null;
  readonly replayed: boolean;
};

/** Calls the API as a storefront does, over the Worker's own fetch. */
export async function call(method: string, path: string, call: Call = {}): Promise<Answer> {
  const headers = new Headers({
    authorization: `Bearer ${call.apiKey ?? "pk_test_storefront"}`,
    "content-type": "application/json",
  });
  if (call.key !== undefined) headers.set("idempotency-key", call.key);
  if (call.ifMatch !== undefined) headers.set("if-match", call.ifMatch);
  if (call.secret !== undefined) headers.set("checkout-secret", call.secret);
  if (call.customerToken !== undefined) headers.set("customer-token", call.customerToken);
  const body = call.body === undefined ? {} : { body: JSON.stringify(call.body) };
  const url = `https://tender.example/v1${path}`;
  const response = await SELF.fetch(url, { method, headers, ...body });
  return {
    status: response.status,
    body: await response.json(),
    etag: response.headers.get("etag"),
    replayed: response.headers.has("idempotent-replayed"),
  };
}

export const german = { currency: "EUR", country: "DE" };

export const createCart = (key: string, body: object = german) =>
  call("POST", "/carts", { key, body });

/** A cart with these lines in it. */
export async function cartWith(key: string, quantities: Record<string, number>): Promise<CartId> {
  const cartId = CartId.parse((await createCart(key)).body.cartId);
  for (const [sku, quantity] of Object.entries(quantities)) await setLine(cartId, sku, quantity);
  return cartId;
}

export const readCart = (cartId: CartId) => call("GET", `/carts/${cartId}`);

export const setLine = (cartId: CartId, sku: string, quantity: number, ifMatch?: string) =>
  call("PUT", `/carts/${cartId}/lines/${sku}`, {
    body: { quantity },
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });

/** As the merchant's own server makes it for who has logged in. */
export async function tokenOf(customerId: string): Promise<string> {
  const token = { apiKey: "sk_test_merchant", body: { customerId } };
  return (await call("POST", "/customer-tokens", token)).body.customerToken ?? "";
}

export const logIn = (cartId: CartId, customerToken: string) =>
  call("PUT", `/carts/${cartId}/customer`, { customerToken, body: {} });

export const findCarts = (customerToken: string) => call("GET", "/carts", { customerToken });

export const relocate = (cartId: CartId, body: object) =>
  call("PATCH", `/carts/${cartId}`, { body });

/** A create of a checkout from this cart; two tabs use two keys. */
export const buy = (cartId: CartId, key: string, more: object = {}) =>
  call("POST", "/checkouts", {
    key,
    body: { cartId, ...german, customer: { email: "ada@example.com" }, ...more },
  });

export async function cancel({ body }: Answer, key: string): Promise<Answer> {
  const headers = { authorization: "Bearer pk_test_storefront", "idempotency-key": key };
  const response = await SELF.fetch(
    `https://tender.example/v1/checkouts/${body.checkoutId}/cancel`,
    { method: "POST", headers: { ...headers, "checkout-secret": body.clientSecret ?? "" } },
  );
  return { status: response.status, body: await response.json(), etag: null, replayed: false };
}

export async function receive(sku: string, quantity: number): Promise<void> {
  const body = { region: "eu", sku, quantity, movementId: `${sku}-${quantity}` };
  await call("POST", "/ops/stock", { apiKey: "op_test_operator", body });
}

export async function stock(sku: string): Promise<StockLevels> {
  const url = `https://tender.example/v1/ops/stock/eu/${sku}`;
  const headers = { authorization: "Bearer op_test_operator" };
  return (await SELF.fetch(url, { headers })).json();
}

/** Another shop of this deployment, with a key of its own. */
export async function openForeignShop(apiKey: string): Promise<void> {
  const hash = createHash("sha256").update(apiKey).digest("hex");
  await env.CATALOG.batch([
    env.CATALOG.prepare("INSERT INTO shops (shop_id, name) VALUES ('other', 'Other')"),
    env.CATALOG.prepare(
      "INSERT INTO api_keys (key_hash, shop_id, kind) VALUES (?, 'other', 'secret')",
    ).bind(hash),
  ]);
}

export const objectOf = {
  cart: (cartId: CartId) => cartStub(env, demo, cartId),
  checkout: ({ body }: Answer) => checkoutStub(env, demo, CheckoutId.parse(body.checkoutId)),
};
