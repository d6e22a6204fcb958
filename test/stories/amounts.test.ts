import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Money } from "../../schema/money.ts";
import { LOCAL_OPERATOR_KEY } from "../audit/read-dumps.ts";
import { adyenCard, cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { openShop } from "./open-shop.ts";

const SETTLED = { withinMs: 45_000, gapMs: 100 };
const shop = await openShop();
afterAll(async () => expect((await shop.audit()).violations).toEqual([]));

const both = { stripe: "pm_card_visa", adyen: adyenCard() };
const stripeAlone = { stripe: "pm_card_visa" };
const adyenAlone = { adyen: adyenCard() };

/** What each thing costs; sending it costs nothing, so that its price is the total. */
const prices = {
  "kwd-12": { amountMinor: 12_340, currency: "KWD" },
  "kwd-5": { amountMinor: 5124, currency: "KWD" },
  "bhd-9": { amountMinor: 9625, currency: "BHD" },
  "idr-villa": { amountMinor: 150_000_000, currency: "IDR" },
  "idr-car": { amountMinor: 60_000_000, currency: "IDR" },
  "ugx-car": { amountMinor: 1_200_000, currency: "UGX" },
  "isk-car": { amountMinor: 1_500_000, currency: "ISK" },
  "eur-cents": { amountMinor: 49, currency: "EUR" },
} as const;
type Thing = keyof typeof prices;

const ops = (method: string, path: string, body: object) =>
  shop.storefront.send(method, `/v1/ops${path}`, {
    ...{ apiKey: LOCAL_OPERATOR_KEY, key: randomUUID(), body },
  });

beforeAll(async () => {
  const free = { option: "free", name: "Free", upToGrams: 1_000_000, amountMinor: 0, rank: 0 };
  for (const [sku, price] of Object.entries(prices)) {
    const product = { name: sku, prices: [price] };
    expect((await ops("PUT", `/catalogue/products/${sku}`, product)).status).toBe(200);
    const rates = `/catalogue/shipping-rates/eu/${price.currency}`;
    expect((await ops("PUT", rates, { rates: [free] })).status).toBe(200);
    const stock = { region: "eu", sku, quantity: 100, movementId: `delivery-${sku}` };
    expect((await ops("POST", "/stock", stock)).status).toBe(200);
  }
});

async function quoted(sku: Thing, quantity = 1) {
  const { currency } = prices[sku];
  const answer = await shop.storefront.create(cartOf(sku, quantity, { currency }));
  return { checkout: checkoutIn(answer), body: answer.body as Record<string, unknown> };
}

async function paid(sku: Thing, tokens: object, quantity = 1) {
  const { checkout, body } = await quoted(sku, quantity);
  const payment = { method: "card", tokens };
  const answer = await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  return { checkout, body, answer, orderId: answer.body.orderId ?? "" };
}

const paymentIs = (orderId: string, payment: string) =>
  eventually(
    () => shop.storefront.order(orderId),
    ({ body }) => (body as { readonly payment?: unknown }).payment === payment,
    SETTLED,
  );

const kwd = (amountMinor: number): Money => ({ amountMinor, currency: "KWD" });

test("12.340 KWD at Stripe: 1.235 is refused with the nearest, 2.000 goes back, a cancel the rest", async () => {
  const { checkout, answer, orderId } = await paid("kwd-12", stripeAlone);
  expect(answer.body.status).toBe("placed");
  await paymentIs(orderId, "captured");

  expect(await shop.storefront.refund(orderId, { amount: kwd(1235) })).toMatchObject({
    status: 409,
    body: { code: "amount_not_takable", provider: "stripe", stepMinor: 10, nearest: kwd(1230) },
  });
  const part = await shop.storefront.refund(orderId, { amount: kwd(2000) });
  expect(part).toMatchObject({ status: 200, body: { order: { refunded: kwd(2000) } } });
  const [payment] = await shop.stripe.paymentsOf(checkout);
  expect(payment).toMatchObject({ amountReceived: 12_340 });

  expect((await shop.storefront.cancelOrder(orderId)).status).toBe(200);
  const { body } = await paymentIs(orderId, "refunded");
  expect(body).toMatchObject({ refunded: kwd(12_340) });
  expect(await shop.stripe.captured(checkout)).toEqual([0]);
});

test("12.340 KWD at Adyen: 1.235 goes back as asked", async () => {
  const { orderId } = await paid("kwd-12", adyenAlone);
  await paymentIs(orderId, "captured");

  expect([200, 202]).toContain(
    (await shop.storefront.refund(orderId, { amount: kwd(1235) })).status,
  );
  const { body } = await paymentIs(orderId, "partially_refunded");
  expect(body).toMatchObject({ refunded: kwd(1235) });
});

test.each([
  ["kwd-5", "off_step"],
  ["bhd-9", "off_step"],
  ["ugx-car", "above_greatest"],
  ["isk-car", "above_greatest"],
  ["eur-cents", "below_least"],
] as const)(
  "%s: Stripe is left out of the quote, and Adyen takes it to the last digit",
  async (sku, why) => {
    const { checkout, body, orderId } = await paid(sku, both);
    expect(body).toMatchObject({
      paymentMethods: ["card"],
      paymentMethodsLeftOut: [{ method: "card", provider: "stripe", why }],
    });
    await paymentIs(orderId, "captured");
    expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
    expect(await shop.adyen.paymentsOf(checkout)).toHaveLength(1);
  },
);

test("what Stripe alone was given and cannot take is no decline: Adyen is named", async () => {
  const { checkout, answer } = await paid("kwd-5", stripeAlone);
  expect(answer).toMatchObject({
    status: 409,
    body: {
      ...{ code: "payment_method_unavailable", providers: ["adyen"] },
      leftOut: { stripe: "off_step" },
    },
  });
  expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
});

test("a total below the least that the given provider charges is told the least", async () => {
  const { checkout, answer } = await paid("eur-cents", stripeAlone);
  expect(answer).toMatchObject({
    status: 400,
    body: { code: "amount_too_small", leastMinor: 50, total: prices["eur-cents"] },
  });
  expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
});

test.each([
  ["idr-villa", 1, "stripe", stripeAlone],
  ["idr-villa", 1, "adyen", adyenAlone],
  ["idr-car", 2, "stripe", stripeAlone],
  ["idr-car", 2, "adyen", adyenAlone],
] as const)("%s, %i of them, are paid at %s", async (sku, quantity, provider, tokens) => {
  const { checkout, body, orderId } = await paid(sku, tokens, quantity);
  expect(body).not.toHaveProperty("paymentMethodsLeftOut");
  expect(checkout.total.amountMinor).toBe(prices[sku].amountMinor * quantity);
  await paymentIs(orderId, "captured");
  expect(await shop[provider].paymentsOf(checkout)).toHaveLength(1);
});
