import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import {
  newSale,
  stockUp,
  withoutQueues,
} from "../../../../durable-objects/checkout/testing/sale.ts";
import { orderStoreOf } from "../../../../orders/region-order-store.ts";
import { orderOf, placed } from "../../../../orders/testing/order-fixtures.ts";
import { orderIdOf } from "../../../../schema/ids.ts";
import type { Order } from "../../../../schema/order.ts";
import { OrderDetails } from "../../../../schema/order-details.ts";
import { shopKeys } from "../../../../scripts/machine/local-keys.ts";
import { CheckoutObject } from "../../../index.ts";
import { Problem } from "../../gate/problem.ts";

afterEach(() => vi.restoreAllMocks());

async function read({ orderId }: Pick<Order, "orderId">, key: string, secret?: string) {
  const headers = new Headers({ authorization: `Bearer ${key}` });
  if (secret !== undefined) headers.set("checkout-secret", secret);
  const request = new Request(`https://tender.test/v1/orders/${orderId}`, { headers });
  const response = await exports.default.fetch(request);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function storedOnly() {
  const order = orderOf();
  await orderStoreOf(env, "eu").apply([placed(order)]);
  return order;
}

function saleAway() {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(CheckoutObject.prototype, "order").mockImplementation(() => {
    throw Object.assign(new Error("it is moving"), { retryable: true });
  });
}

test("an order goes to a secret key and to its own secret, with what no list tells, and into no cache", async () => {
  withoutQueues();
  await stockUp("mug");
  const sale = newSale();
  await sale.create();
  await sale.pay();
  const order = { orderId: orderIdOf(sale.checkoutId) };

  const asMerchant = await read(order, shopKeys.secret);
  expect(OrderDetails.parse(asMerchant.body)).toMatchObject({
    customer: { email: "ada@example.com" },
  });
  expect(asMerchant.headers.get("cache-control")).toBe("no-store");
  const { secret } = sale.caller();
  expect((await read(order, shopKeys.publishable, secret)).body).toEqual(asMerchant.body);
  for (const wrong of [undefined, "", "cs_guess", `${secret}x`]) {
    const { status, body } = await read(order, shopKeys.publishable, wrong);
    expect({ status, code: Problem.parse(body).code }).toEqual({ status: 404, code: "not_found" });
  }
});

test("a merchant reads of an order that its object forgot what the store has, and that it is not all", async () => {
  const order = await storedOnly();
  const { status, body } = await read(order, shopKeys.secret);
  expect({ status, body }).toEqual({
    status: 200,
    body: { ...order, detailsLeftOut: "sale_forgotten" },
  });
  expect(OrderDetails.safeParse(body).success).toBe(true);
  expect((await read(order, shopKeys.publishable, "cs_guess")).status).toBe(404);
});

test("while a sale cannot be asked a merchant reads the store's copy and is told so; a shopper comes again", async () => {
  const order = await storedOnly();
  saleAway();
  const { status, body } = await read(order, shopKeys.secret);
  expect({ status, body }).toEqual({
    status: 200,
    body: { ...order, detailsLeftOut: "sale_away" },
  });
  expect((await read(order, shopKeys.publishable, "cs_hers")).status).toBe(503);
  expect((await read(orderOf(), shopKeys.secret)).status).toBe(503);
});
