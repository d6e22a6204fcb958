import { expect, test } from "vitest";
import { cardPayment, cartOf, checkoutIn, MERCHANT_KEY } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
const { storefront } = shop;
const SETTLED = { withinMs: 45_000 };
const NOTHING = { amountMinor: 0, currency: "EUR" };
const none = { payment: { method: "none" }, expectedTotal: NOTHING };

await shop.offers("gift", {
  ...{ name: "A gift", code: "GIFT", rank: 1, exclusive: false, usesMax: 10 },
  rule: { kind: "percentage", ppm: 1_000_000 },
});
await shop.offers("gift-delivery", {
  ...{ name: "Delivered as a gift", code: "GIFTSHIP", rank: 2, exclusive: false },
  rule: { kind: "free_shipping" },
});
const merchant = { apiKey: MERCHANT_KEY, body: {} };
const gift = (sku: string, more: object = {}) =>
  cartOf(sku, 1, { promotionCodes: ["GIFT", "GIFTSHIP"], ...more });

const storedOrder = (orderId: string, status: string) =>
  eventually(
    () => storefront.order(orderId),
    ({ body }) => body.status === status,
    SETTLED,
  );

test("what a code makes free is placed in one call, and no provider hears of it", async () => {
  const before = await shop.stock("mug");

  const answer = await storefront.create({ ...gift("mug"), ...none });

  expect(answer).toMatchObject({
    status: 201,
    body: {
      status: "placed",
      paymentMethods: ["none"],
      payment: { method: "none", status: "not_required", amount: NOTHING },
      order: { method: "none", payment: "not_required", total: NOTHING },
    },
  });
  const { body } = await storedOrder(answer.body.orderId ?? "", "fulfillment_requested");
  expect(body).toMatchObject({ method: "none", payment: "not_required", captured: NOTHING });
  expect(body).not.toHaveProperty("provider");
  const checkout = checkoutIn(answer);
  expect((await storefront.checkout(checkout)).body.status).toBe("captured");
  expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
  expect(await shop.adyen.paymentsOf(checkout)).toEqual([]);
  expect((await shop.stock("mug")).allocated).toBe(before.allocated + 1);
});

test("a card for what is free is refused, naming the way, and so is none for what is not", async () => {
  const checkout = checkoutIn(await storefront.create(gift("shirt")));
  const card = await storefront.pay(checkout, cardPayment("pm_card_visa", NOTHING));
  expect(card).toMatchObject({
    status: 409,
    body: { code: "payment_not_required", then: "place_with_none" },
  });
  expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
  const placed = await storefront.pay(checkout, none);
  expect(placed).toMatchObject({ status: 200, body: { status: "placed" } });

  const dear = await shop.open("shirt");
  const refused = await storefront.pay(dear, { ...none, expectedTotal: dear.total });
  expect(refused).toMatchObject({ status: 409, body: { code: "payment_required" } });
  expect((await storefront.pay(dear, none)).body.code).toBe("quote_changed");
  const atOnce = await storefront.create({
    ...cartOf("shirt"),
    ...{ payment: { method: "none" }, expectedTotal: dear.total },
  });
  expect(atOnce).toMatchObject({ status: 409, body: { code: "payment_required" } });
  expect((await shop.pay(dear, "pm_card_visa")).status).toBe(200);
});

test("a repeat under the same key places nothing more", async () => {
  const checkout = checkoutIn(await storefront.create(gift("poster")));
  const answers = await Promise.all(
    [1, 2, 3].map(() => storefront.pay(checkout, none, { key: "once" })),
  );
  const orders = new Set(answers.map(({ body }) => body.orderId));
  expect(orders.size).toBe(1);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
});

test("a card that was declined leaves no trace in what a code made free afterwards", async () => {
  const checkout = await shop.open("mug");
  expect((await shop.pay(checkout, "pm_card_visa_chargeDeclined")).status).toBe(402);

  const patched = await storefront.patch(checkout, { promotionCodes: ["GIFT", "GIFTSHIP"] });
  expect(patched.body).toMatchObject({ paymentMethods: ["none"], quote: { total: NOTHING } });
  const { status, body } = await storefront.pay(checkout, none);

  expect({ status, payment: body.payment }).toMatchObject({
    status: 200,
    payment: { attempt: 2, method: "none" },
  });
});

test("an order that cost nothing is cancelled like any other: no money goes back, its goods do", async () => {
  const before = await shop.stock("lamp");
  const answer = await storefront.create({ ...gift("lamp"), ...none });
  const orderId = answer.body.orderId ?? "";

  expect((await storefront.refund(orderId, {})).body.code).toBe("order_not_refundable");
  expect((await storefront.post(`/v1/orders/${orderId}/captures`, merchant)).body.code).toBe(
    "order_not_capturable",
  );
  const cancelled = await storefront.cancelOrder(orderId);

  expect(cancelled).toMatchObject({
    status: 200,
    body: { status: "cancelled", order: { status: "cancelled", payment: "not_required" } },
  });
  expect(await shop.stock("lamp")).toEqual(before);
  await storedOrder(orderId, "cancelled");
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
