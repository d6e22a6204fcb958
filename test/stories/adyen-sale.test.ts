import { afterAll, expect, test } from "vitest";
import {
  adyenCard,
  type Checkout,
  cartOf,
  checkoutIn,
  MERCHANT_KEY,
} from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const SETTLED = { withinMs: 45_000, gapMs: 100 };
const shop = await openShop();
afterAll(async () => expect(await shop.audit()).toEqual(CLEAN));

async function pay(card = adyenCard(), more: object = {}) {
  const checkout = await checkoutIn(await shop.storefront.create(cartOf("mug")));
  const payment = { method: "card", tokens: { adyen: card }, ...more };
  const answer = await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  return { checkout, answer };
}

const orderIs = (orderId: string, wanted: string) =>
  eventually(
    () => shop.storefront.order(orderId),
    ({ body }) => body.status === wanted,
    SETTLED,
  );

const statusIs = (checkout: Checkout, wanted: string) =>
  eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === wanted,
    SETTLED,
  );

test("a card at Adyen is placed at once, and captured when the webhook says so", async () => {
  const { checkout, answer } = await pay();

  expect(answer).toMatchObject({ status: 200, body: { status: "placed" } });
  await orderIs(answer.body.orderId ?? "", "fulfillment_requested");
  expect(await statusIs(checkout, "captured")).toMatchObject({
    body: { payment: { provider: "adyen", status: "captured" } },
  });
  const [payment] = await shop.adyen.paymentsOf(checkout);
  expect(payment).toMatchObject({ amountReceived: 1789, amountRefunded: 0 });
});

test("a create that carries a card pays with it at Adyen in the same breath", async () => {
  const payment = { method: "card", tokens: { adyen: adyenCard() } };
  const expectedTotal = { amountMinor: 1789, currency: "EUR" };
  const answer = await shop.storefront.create(cartOf("mug", 1, { payment, expectedTotal }));

  expect(answer).toMatchObject({ status: 201, body: { status: "placed" } });
  expect(await shop.adyen.paymentsOf(checkoutIn(answer))).toHaveLength(1);
});

test("an encrypted card is stored nowhere in the sale that it paid", async () => {
  const { checkout } = await pay(adyenCard({ holderName: "Grace Unstored" }));
  const seen = JSON.stringify(await shop.dumps());
  expect(seen).not.toContain("Grace Unstored");
  expect(JSON.stringify((await shop.storefront.checkout(checkout)).body)).not.toContain(
    "test_4111",
  );
});

test("a refused card is a decline, and the stock stays for the next one", async () => {
  const { checkout, answer } = await pay(adyenCard({ holderName: "NOT_ENOUGH_BALANCE" }));

  expect(answer).toMatchObject({ status: 402, body: { code: "payment_declined" } });
  const payment = { method: "card", tokens: { adyen: adyenCard() } };
  const second = await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  expect(second).toMatchObject({ status: 200, body: { status: "placed" } });
});

test("a bank that cannot be reached is no decline: another provider's token is asked for", async () => {
  const { answer } = await pay(adyenCard({ holderName: "ISSUER_UNAVAILABLE" }));

  const body = { code: "payment_provider_failed", then: "retokenize", providers: ["stripe"] };
  expect(answer).toMatchObject({ status: 402, body });
});

test("a bank that Adyen cannot reach is asked through Stripe where both tokens are there", async () => {
  const checkout = await checkoutIn(await shop.storefront.create(cartOf("mug")));
  const adyen = adyenCard({ holderName: "ISSUER_UNAVAILABLE" });
  await shop.stripe.fails([{ operation: "authorize", kind: "rate_limit", times: 1 }]);
  const tokens = { stripe: "pm_sim_issuerNotAvailable", adyen };
  const first = await shop.storefront.pay(checkout, {
    payment: { method: "card", tokens },
    expectedTotal: checkout.total,
  });

  // Both say that they cannot: no money anywhere, and nobody was told that the card is bad.
  expect(first).toMatchObject({ status: 402, body: { code: "payment_provider_failed" } });
});

test("a lost answer at Adyen is asked for again: one charge", async () => {
  const { checkout } = await pay(adyenCard({ holderName: "sim reply lost" }));

  await statusIs(checkout, "captured");
  expect(await shop.adyen.paymentsOf(checkout)).toHaveLength(1);
});

test("a refund at Adyen is received first, and done when the webhook says so", async () => {
  const { checkout, answer } = await pay();
  const orderId = answer.body.orderId ?? "";
  await orderIs(orderId, "fulfillment_requested");

  const part = await shop.storefront.refund(orderId, {
    amount: { amountMinor: 500, currency: "EUR" },
  });
  expect(part.status).toBe(202);
  await orderIs(orderId, "partially_refunded");
  const rest = await shop.storefront.refund(orderId, {});
  expect(rest.status).toBe(202);
  await orderIs(orderId, "refunded");
  const [payment] = await shop.adyen.paymentsOf(checkout);
  expect(payment).toMatchObject({ amountReceived: 1789, amountRefunded: 1789 });
});

test("an order paid at Adyen is cancelled: money and stock go back", async () => {
  const { checkout, answer } = await pay();
  const orderId = answer.body.orderId ?? "";
  await shop.storefront.cancelOrder(orderId, { key: "cancel" });

  await orderIs(orderId, "cancelled");
  const [payment] = await shop.adyen.paymentsOf(checkout);
  expect((payment?.amountReceived ?? 0) - (payment?.amountRefunded ?? 0)).toBe(0);
  expect(payment?.amountCapturable).toBe(0);
});

test("a capture that Adyen refuses cancels the order, and the shopper is charged nothing", async () => {
  const { checkout, answer } = await pay(adyenCard({ holderName: "sim capture refused" }));
  expect(answer).toMatchObject({ status: 200, body: { status: "placed" } });

  await orderIs(answer.body.orderId ?? "", "cancelled");
  const [payment] = await shop.adyen.paymentsOf(checkout);
  expect(payment).toMatchObject({ amountReceived: 0, amountCapturable: 0 });
});

test("a capture that bounces before the goods are sent cancels the order", async () => {
  const { answer } = await pay(adyenCard({ holderName: "capture failed" }));
  await orderIs(answer.body.orderId ?? "", "cancelled");
});

test("a disputed order is refunded by nobody until the bank has decided", async () => {
  const { checkout, answer } = await pay();
  const orderId = answer.body.orderId ?? "";
  await orderIs(orderId, "fulfillment_requested");
  const [payment] = await shop.adyen.paymentsOf(checkout);
  await shop.adyen.tells("NOTIFICATION_OF_CHARGEBACK", payment?.id ?? "");
  await orderIs(orderId, "disputed");

  const refused = await shop.storefront.refund(orderId, {});
  expect(refused).toMatchObject({ status: 409, body: { code: "order_disputed" } });
});

test("3-D Secure at Adyen is passed on its page, and only the provider's word counts", async () => {
  const returnUrl = `${shop.url}/checkout`;
  const card = adyenCard({ number: "5201281505129736" });
  const { checkout, answer } = await pay(card, { returnUrl });

  expect(answer).toMatchObject({ status: 202, body: { status: "awaiting_shopper" } });
  const page = answer.body.payment?.nextAction?.url ?? "";
  const form = new URLSearchParams({ outcome: "approve" });
  const back = await fetch(page, { method: "POST", body: form, redirect: "manual" });
  const home = await fetch(back.headers.get("location") ?? "", { redirect: "manual" });
  expect(home.status).toBe(303);
  await statusIs(checkout, "captured");
});

test("the merchant's key is needed to take or give money", async () => {
  const { answer } = await pay();
  const orderId = answer.body.orderId ?? "";
  await orderIs(orderId, "fulfillment_requested");
  const call = { body: {}, apiKey: MERCHANT_KEY };
  const late = await shop.storefront.post(`/v1/orders/${orderId}/captures`, call);
  expect(late).toMatchObject({ status: 409, body: { code: "order_not_capturable" } });
});
