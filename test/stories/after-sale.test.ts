import { expect, test } from "vitest";
import { STOREFRONT_KEY } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
const SETTLED = { withinMs: 45_000 };

async function sold(sku: string, quantity = 1, card = "pm_card_visa") {
  const checkout = await shop.open(sku, quantity);
  const { body } = await shop.pay(checkout, card);
  await eventually(
    () => shop.storefront.checkout(checkout),
    (view) => view.body.status === "captured",
    SETTLED,
  );
  return { checkout, orderId: body.orderId ?? "" };
}

const eur = (amountMinor: number) => ({ amount: { amountMinor, currency: "EUR" } });

test("refunds at once never exceed what was captured, and a repeat refunds nothing more", async () => {
  const { checkout, orderId } = await sold("mug", 2);
  const total = checkout.total.amountMinor;
  const third = Math.floor(total / 3);

  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => shop.storefront.refund(orderId, eur(third), { key: `third-${n}` })),
  );
  const done = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ body }) => body.code === "order_not_refundable");
  expect([done.length, refused.length]).toEqual([3, 2]);

  const again = await shop.storefront.refund(orderId, eur(third), { key: "third-1" });
  expect(again).toMatchObject({ status: answers[0]?.status, replayed: true });
  expect(await shop.stripe.captured(checkout)).toEqual([total - 3 * third]);
});

test("a refund without an amount gives back all that is left", async () => {
  const { checkout, orderId } = await sold("shirt");
  await shop.storefront.refund(orderId, eur(500));

  const rest = await shop.storefront.refund(orderId, {});

  expect(rest.body.order).toMatchObject({ status: "refunded", refunded: checkout.total });
  expect(await shop.stripe.captured(checkout)).toEqual([0]);
  const order = await eventually(
    () => shop.storefront.order(orderId),
    ({ body }) => body.status === "refunded",
    SETTLED,
  );
  expect(order.body.total).toEqual(checkout.total);
});

test("a refund whose reply is lost is refunded once", async () => {
  const { checkout, orderId } = await sold("mug");
  await shop.stripe.fails([{ operation: "refund", kind: "drop_after", times: 2 }]);

  const refunded = await shop.storefront.refund(orderId, eur(300), { key: "lost" });

  expect([200, 202]).toContain(refunded.status);
  await eventually(
    () => shop.storefront.refund(orderId, eur(300), { key: "lost" }),
    ({ status }) => status === 200,
    SETTLED,
  );
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor - 300]);
});

test("a refund that the provider takes its time over is done when the provider says so", async () => {
  const { checkout, orderId } = await sold("mug", 1, "pm_card_pendingRefund");

  const received = await shop.storefront.refund(orderId, {}, { key: "slow-refund" });
  const again = await shop.storefront.refund(orderId, {}, { key: "more" });

  expect(received).toMatchObject({ status: 202, body: { order: { payment: "captured" } } });
  expect(again).toMatchObject({ status: 409, body: { code: "order_not_refundable" } });
  await eventually(
    () => shop.storefront.order(orderId),
    ({ body }) => body.status === "refunded",
    SETTLED,
  );
  expect(await shop.stripe.captured(checkout)).toEqual([0]);
});

test("a refund that the provider refuses for a dispute we have not heard of leaves the money", async () => {
  const { checkout, orderId } = await sold("mug");
  const [payment] = await shop.stripe.paymentsOf(checkout);
  await shop.stripe.control({ webhooks: { mode: "lost" } });
  await shop.stripe.disputes(payment?.id ?? "", "open");

  const refused = await shop.storefront.refund(orderId, {});

  expect(refused).toMatchObject({ status: 409, body: { code: "refund_refused" } });
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
  await shop.stripe.control({ webhooks: { mode: "normal" } });
  await shop.stripe.disputes(payment?.id ?? "", "won");
});

test("a cancelled order gives money and stock back, also when its capture is still out", async () => {
  const before = await shop.stock("lamp");
  const checkout = await shop.open("lamp");
  const { body } = await shop.pay(checkout, "pm_card_visa");

  const cancelled = await shop.storefront.cancelOrder(body.orderId ?? "", { key: "cancel" });

  expect(cancelled).toMatchObject({ status: 200, body: { order: { status: "cancelled" } } });
  expect(await shop.stock("lamp")).toEqual(before);
  const net = await shop.stripe.captured(checkout);
  expect(net.reduce((sum, amount) => sum + amount, 0)).toBe(0);
  const again = await shop.storefront.cancelOrder(body.orderId ?? "", { key: "again" });
  expect(again).toMatchObject({ status: 409, body: { code: "order_not_cancellable" } });
});

test("a cancel that overtakes refunds gives everything back, and every caller hears the end", async () => {
  const { checkout, orderId } = await sold("poster", 2);
  await shop.stripe.control({ latencyMs: { refund: 300 } });

  const refunds = [1, 2, 3].map((n) =>
    shop.storefront.refund(orderId, eur(100), { key: `overtaken-${n}` }),
  );
  const cancelled = await shop.storefront.cancelOrder(orderId, { key: "overtaking" });
  const answers = await Promise.all(refunds);
  await shop.stripe.control({ latencyMs: {} });

  expect(cancelled).toMatchObject({ status: 200, body: { order: { status: "cancelled" } } });
  for (const { status } of answers) expect([200, 409]).toContain(status);
  expect(await shop.stripe.captured(checkout)).toEqual([0]);
});

test("a shopper can neither refund nor cancel an order", async () => {
  const { checkout, orderId } = await sold("mug");
  const shopper = { apiKey: STOREFRONT_KEY, secret: checkout.clientSecret };

  const refund = await shop.storefront.refund(orderId, {}, shopper);
  const cancel = await shop.storefront.cancelOrder(orderId, shopper);

  expect([refund.body.code, cancel.body.code]).toEqual(["forbidden", "forbidden"]);
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
