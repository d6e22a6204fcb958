import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { STOREFRONT_KEY } from "../clients/storefront.ts";
import { accepted, eur, one, openLineShop, providers } from "./line-shop.ts";

const shop = await openLineShop("manual");

type Ordered = Awaited<ReturnType<typeof shop.ordered>>;

async function withdraws({ orderId, checkout }: Ordered, body: object): Promise<void> {
  const path = `/v1/orders/${orderId}/withdrawals`;
  const call = { apiKey: STOREFRONT_KEY, secret: checkout.clientSecret };
  const send = (step: string, more: object) =>
    shop.storefront.send("POST", `${path}${step}`, { ...call, key: randomUUID(), ...more });
  expect((await send("", { body })).status).toBe(201);
  expect((await send("/1/confirm", {})).status).toBe(200);
}

test.each(providers)("at %s what is neither sent nor captured is let go at once", async (at) => {
  const sale = await shop.ordered(at, { a: 2, b: 1 });
  await withdraws(sale, { lines: [one("b")] });
  expect(await sale.lineOf("b")).toMatchObject({ withdrawn: 1, cancelled: 1 });
  accepted(await sale.call("captures", {}));
  await sale.capturedIs(2000);
  await sale.fulfilmentIs("requested");
  accepted(await sale.call("fulfillments", {}));
  await sale.orderIs(({ status }) => status === "fulfilled");

  const whole = await shop.ordered(at, { a: 1 });
  await withdraws(whole, {});
  const order = await whole.orderIs(({ status }) => status === "cancelled");
  expect(order).toMatchObject({ payment: "voided", refunded: eur(0) });
});

test.each(providers)("at %s what was captured of it goes back", async (at) => {
  const sale = await shop.ordered(at, { a: 1, b: 1 });
  accepted(await sale.call("captures", { lines: [one("a")] }));
  await sale.capturedIs(1000);
  await withdraws(sale, { lines: [one("a")] });
  await sale.refundedIs(1000);
  expect(await sale.lineOf("a")).toMatchObject({ withdrawn: 1, cancelled: 1 });
});

test("no violation is left behind", async () => {
  expect((await shop.audit()).violations).toEqual([]);
});
