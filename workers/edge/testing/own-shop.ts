import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import { withoutQueues } from "../../../durable-objects/checkout/testing/sale.ts";
import { letterIdOf } from "../../../orders/dead-letter.ts";
import { orderStoreOf } from "../../../orders/region-order-store.ts";
import { shopKeys } from "../../../scripts/machine/local-keys.ts";
import { eventually } from "../../../test/eventually.ts";
import { calls } from "../reference/calls/noted-calls.ts";

export type Sent = {
  readonly method: string;
  readonly path: string;
  readonly key?: string | undefined;
  readonly secret?: string | undefined;
  readonly body?: unknown;
};

let sent = 0;
const PROMOTION = "/v1/ops/catalogue/promotions/matrix";

/** One call over HTTP, with an Idempotency-Key of its own. */
export async function send({ method, path, key, secret, body }: Sent) {
  const headers = new Headers({ "idempotency-key": `matrix-${++sent}` });
  if (key !== undefined) headers.set("authorization", `Bearer ${key}`);
  if (secret !== undefined) headers.set("checkout-secret", secret);
  if (body !== undefined) headers.set("content-type", "application/json");
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await exports.default.fetch(new Request(`https://tender.test${path}`, init));
  const { status } = response;
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    return { status, headers: response.headers, text: await response.text() };
  }
  await response.body?.cancel();
  return { status, headers: response.headers, text: "" };
}

async function made(sent: Sent): Promise<Record<string, unknown>> {
  const { status, text } = await send(sent);
  if (status >= 300) throw new Error(`${sent.method} ${sent.path}: ${status} ${text}`);
  return JSON.parse(text);
}

/** One of everything that the seeded shop can own, made through its own API, without its queues and its log. */
export async function fillOwnShop() {
  for (const level of ["error", "warn", "log"] as const) {
    vi.spyOn(console, level).mockImplementation(() => undefined);
  }
  withoutQueues();
  const { publishable, secret, operator } = shopKeys;
  const stock = { region: "eu", sku: "mug", quantity: 100, movementId: "matrix" };
  await made({ method: "POST", path: "/v1/ops/stock", key: operator, body: stock });
  const terms = calls["PUT /v1/ops/catalogue/promotions/{promotionId}"]?.body;
  await made({ method: "PUT", path: PROMOTION, key: operator, body: terms });
  const where = { currency: "EUR", country: "DE" };
  const cart = await made({ method: "POST", path: "/v1/carts", key: publishable, body: where });
  const line = `/v1/carts/${cart.cartId}/lines/mug`;
  await made({ method: "PUT", path: line, key: publishable, body: { quantity: 1 } });
  const sale = {
    ...where,
    lines: [{ sku: "mug", quantity: 1 }],
    customer: { email: "ada@example.com" },
  };
  const checkouts = { method: "POST", path: "/v1/checkouts", key: publishable };
  const checkout = await made({ ...checkouts, body: sale });
  const other = await made({ ...checkouts, body: sale });
  const payment = { method: "card", tokens: { stripe: "pm_visa" } };
  const expectedTotal = { amountMinor: 1789, currency: "EUR" };
  const paid = await made({ ...checkouts, body: { ...sale, payment, expectedTotal } });
  const path = `/v1/checkouts/${paid.checkoutId}`;
  await eventually(
    () => made({ method: "GET", path, key: secret }),
    ({ status }) => status === "captured",
    { withinMs: 15_000 },
  );
  const hook = { url: "https://hooks.example/tender" };
  const endpoint = await made({
    method: "POST",
    path: "/v1/webhook-endpoints",
    key: secret,
    body: hook,
  });
  return {
    cartId: String(cart.cartId),
    checkoutId: String(checkout.checkoutId),
    orderId: String(paid.orderId),
    endpointId: String(endpoint.endpointId),
    letterId: await keptLetter(),
    secrets: {
      checkout: String(checkout.clientSecret),
      order: String(paid.clientSecret),
      wrong: String(other.clientSecret),
    },
  };
}

async function keptLetter(): Promise<string> {
  const letterId = letterIdOf("events-eu-dlq", "matrix");
  const letter = { letterId, queue: "events-eu-dlq", shopId: "demo", reference: undefined };
  const failure = { cause: "Not an order event.", body: '{"hello":1}', attempts: 6, atMs: 1 };
  await orderStoreOf(env, "eu").keepDeadLetters([{ ...letter, ...failure }]);
  return letterId;
}

export type OwnShop = Awaited<ReturnType<typeof fillOwnShop>>;
