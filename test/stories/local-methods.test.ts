import { afterAll, expect, test } from "vitest";
import { american, type Checkout, cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const SETTLED = { withinMs: 45_000, gapMs: 100 };
const shop = await openShop();
await shop.switchesOn("wero");
afterAll(async () => expect(await shop.audit()).toEqual(CLEAN));

const markets = {
  ideal: { currency: "EUR", country: "NL", details: {} },
  wero: { currency: "EUR", country: "DE", details: {} },
  pix: { currency: "BRL", country: "BR", details: { cpf: "123.456.789-09" } },
  upi: { currency: "INR", country: "IN", details: {} },
} as const;
type Local = keyof typeof markets;

async function begin(method: Local) {
  const { currency, country, details } = markets[method];
  const checkout = await checkoutIn(
    await shop.storefront.create(cartOf("mug", 1, { currency, country })),
  );
  const payment = { method, details, returnUrl: `${shop.url}/checkout` };
  const answer = await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  return { checkout, answer };
}

const statusIs = (checkout: Checkout, wanted: string) =>
  eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === wanted,
    SETTLED,
  );

const methods = Object.keys(markets) as Local[];

test.each(methods)(
  "%s asks the shopper first, and is paid in one go once they approve",
  async (method) => {
    const { checkout, answer } = await begin(method);
    expect(answer).toMatchObject({
      status: 202,
      body: { status: "awaiting_shopper", payment: { method, provider: "stripe" } },
    });
    const [payment] = await shop.stripe.paymentsOf(checkout);
    await shop.stripe.shopper(payment?.id ?? "", "approve");

    const { body } = await statusIs(checkout, "captured");
    const order = await shop.storefront.order(body.orderId ?? "");
    expect(order.body).toMatchObject({ payment: "captured", fulfilment: "requested", method });
    expect(await shop.stripe.captured(checkout)).toEqual([checkout.total?.amountMinor]);
  },
);

test.each(methods)(
  "%s that the bank refuses leaves the stock, and a second try pays",
  async (method) => {
    const { checkout } = await begin(method);
    const [payment] = await shop.stripe.paymentsOf(checkout);
    await shop.stripe.shopper(payment?.id ?? "", "decline");
    await statusIs(checkout, "open");

    const { details } = markets[method];
    await shop.storefront.pay(checkout, {
      payment: { method, details, returnUrl: `${shop.url}/checkout` },
      expectedTotal: checkout.total,
    });
    const second = (await shop.stripe.paymentsOf(checkout)).find(({ id }) => id !== payment?.id);
    await shop.stripe.shopper(second?.id ?? "", "approve");
    await statusIs(checkout, "captured");
  },
);

test.each(methods)(
  "%s that the shopper walks away from is called off without money",
  async (method) => {
    const { checkout } = await begin(method);
    const cancelled = await shop.storefront.cancel(checkout);
    expect([200, 202]).toContain(cancelled.status);

    await statusIs(checkout, "cancelled");
    const [payment] = await shop.stripe.paymentsOf(checkout);
    expect(payment).toMatchObject({ status: "canceled", amountReceived: 0 });
  },
);

test("a shopper at their bank may pay by card instead: the first way is closed before", async () => {
  const { checkout } = await begin("ideal");
  const second = await shop.pay(checkout, "pm_card_visa");

  expect(second).toMatchObject({ status: 200, body: { status: "placed" } });
  await statusIs(checkout, "captured");
  const payments = await shop.stripe.paymentsOf(checkout);
  expect(payments.map(({ status }) => status).toSorted()).toEqual(["canceled", "succeeded"]);
});

test.each(["ideal", "wero"] as const)("a refund of %s goes back in parts", async (method) => {
  const { checkout } = await begin(method);
  const [payment] = await shop.stripe.paymentsOf(checkout);
  await shop.stripe.shopper(payment?.id ?? "", "approve");
  const { body } = await statusIs(checkout, "captured");
  const orderId = body.orderId ?? "";

  const part = await shop.storefront.refund(orderId, {
    amount: { amountMinor: 700, currency: "EUR" },
  });
  expect(part).toMatchObject({ status: 200, body: { order: { status: "partially_refunded" } } });
  const rest = await shop.storefront.refund(orderId, {});
  expect(rest).toMatchObject({ status: 200, body: { order: { status: "refunded" } } });
  expect(await shop.stripe.captured(checkout)).toEqual([0]);
});

test("a method of another country is refused before anything is tried", async () => {
  const checkout = await shop.open("mug");
  const answer = await shop.storefront.pay(checkout, {
    payment: { method: "pix", details: { cpf: "12345678909" } },
    expectedTotal: checkout.total,
  });

  expect(answer).toMatchObject({ status: 409, body: { code: "payment_method_unavailable" } });
  expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
});

test("a checkout says what can be paid with where its shopper lives", async () => {
  const methodsOf = async (shopper: object) =>
    (await shop.storefront.create(cartOf("mug", 1, shopper))).body.paymentMethods;
  const methodsIn = (currency: string, country: string) => methodsOf({ currency, country });

  expect(await methodsIn("EUR", "NL")).toEqual(["card", "ideal", "wero"]);
  expect(await methodsIn("EUR", "DE")).toEqual(["card", "wero"]);
  expect(await methodsIn("EUR", "ES")).toEqual(["card"]);
  expect(await methodsIn("BRL", "BR")).toEqual(["card", "pix"]);
  expect(await methodsIn("INR", "IN")).toEqual(["card", "upi"]);
  expect(await methodsOf(american)).toEqual(["card"]);
});

test("Wero is neither named nor taken where the shop has not switched it on", async () => {
  const other = await openShop();
  const created = await other.storefront.create(
    cartOf("mug", 1, { currency: "EUR", country: "DE" }),
  );
  expect(created.body.paymentMethods).toEqual(["card"]);
  const checkout = checkoutIn(created);

  const answer = await other.storefront.pay(checkout, {
    payment: { method: "wero", returnUrl: `${other.url}/checkout` },
    expectedTotal: checkout.total,
  });

  expect(answer).toMatchObject({
    status: 409,
    body: { code: "payment_method_unavailable", method: "wero", switchedOn: false },
  });
  expect(await other.stripe.paymentsOf(checkout)).toEqual([]);
  await other.storefront.cancel(checkout);
  expect(await other.audit()).toEqual(CLEAN);
});
