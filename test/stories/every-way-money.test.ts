import { expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { begin, everyWay, openBothShops, shopperDoes, statusIs, type Way } from "./every-way.ts";
import { CLEAN } from "./open-shop.ts";

const shops = await openBothShops();
const SETTLED = { withinMs: 45_000, gapMs: 100 };

/** A sale that is paid, and its goods asked for. */
async function sold(way: Way) {
  const shop = shops[way.provider];
  const { checkout, payment } = await begin(shop, way);
  await shopperDoes(shop, way, { payment: payment.id, act: "approve" });
  const { body } = await statusIs(shop, checkout, "captured");
  const orderId = body.orderId ?? "";
  const orderIs = (wanted: string) =>
    eventually(
      () => shop.storefront.order(orderId),
      ({ body }) => body.status === wanted,
      SETTLED,
    );
  await orderIs("fulfillment_requested");
  const { amountMinor, currency } = checkout.total;
  return {
    shop,
    orderId,
    orderIs,
    total: amountMinor,
    amount: (minor: number) => ({ amount: { amountMinor: minor, currency } }),
    payments: () => shop[way.provider].paymentsOf(checkout),
  };
}

test.each(everyWay)("$name: a refund gives everything back", async (way) => {
  const { shop, orderId, orderIs, total, payments } = await sold(way);

  const refunded = await shop.storefront.refund(orderId, {});

  expect(refunded.status).toBe(way.provider === "stripe" ? 200 : 202);
  const { body } = await orderIs("refunded");
  expect(body).toMatchObject({ payment: "refunded", refunded: { amountMinor: total } });
  expect(await payments()).toMatchObject([{ amountReceived: total, amountRefunded: total }]);
});

test.each(everyWay)("$name: money goes back in parts, never more than came", async (way) => {
  const { shop, orderId, orderIs, total, amount, payments } = await sold(way);

  await shop.storefront.refund(orderId, amount(700));
  await orderIs("partially_refunded");
  const tooMuch = await shop.storefront.refund(orderId, amount(total));
  expect(tooMuch).toMatchObject({ status: 409, body: { code: "order_not_refundable" } });
  await shop.storefront.refund(orderId, amount(total - 700));

  await orderIs("refunded");
  expect(await payments()).toMatchObject([{ amountReceived: total, amountRefunded: total }]);
});

test.each(everyWay)(
  "$name: an order that is called off gives money and goods back",
  async (way) => {
    const { shop, orderId, orderIs, payments } = await sold(way);

    const cancelled = await shop.storefront.cancelOrder(orderId);

    expect([200, 202]).toContain(cancelled.status);
    await orderIs("cancelled");
    const net = (await payments()).map((each) => each.amountReceived - each.amountRefunded);
    expect(net).toEqual([0]);
  },
);

test("after all of it every invariant holds at both providers", async () => {
  expect(await shops.stripe.audit()).toEqual(CLEAN);
  expect(await shops.adyen.audit()).toEqual(CLEAN);
});
