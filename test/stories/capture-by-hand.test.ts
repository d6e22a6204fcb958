import { afterAll, expect, test } from "vitest";
import { adyenCard, cartOf, checkoutIn, MERCHANT_KEY } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { openShop } from "./open-shop.ts";

const SETTLED = { withinMs: 45_000, gapMs: 100 };
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const shop = await openShop({ ADYEN_SEVERAL_CAPTURES: "true" });
await shop.takesMoney("manual"); // before the shop's first sale
afterAll(async () => expect((await shop.audit()).violations).toEqual([]));

const cards = {
  stripe: { stripe: "pm_card_visa" },
  adyen: { adyen: adyenCard() },
} as const;
type Provider = keyof typeof cards;
const providers = Object.keys(cards) as Provider[];

async function placed(provider: Provider, quantity = 1, tokens: object = cards[provider]) {
  const checkout = await checkoutIn(await shop.storefront.create(cartOf("mug", quantity)));
  const payment = { method: "card", tokens };
  const answer = await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  expect(answer).toMatchObject({ status: 200, body: { status: "placed" } });
  const orderId = answer.body.orderId ?? "";
  const call = (act: string, body: object) =>
    shop.storefront.post(`/v1/orders/${orderId}/${act}`, { apiKey: MERCHANT_KEY, body });
  const orderIs = (wanted: object) =>
    eventually(
      () => shop.storefront.order(orderId),
      ({ body }) =>
        Object.entries(wanted).every(([fact, value]) => body[fact as "status"] === value),
      SETTLED,
    );
  const payments = () => shop[provider].paymentsOf(checkout);
  return { checkout, orderId, call, orderIs, payments };
}

test.each(providers)(
  "an order at %s is placed, and its money taken when the merchant says so",
  async (provider) => {
    const { call, orderIs, payments } = await placed(provider);
    await orderIs({ payment: "authorized", fulfilment: "none" });

    const captured = await call("captures", {});
    expect([200, 202]).toContain(captured.status);

    await orderIs({ payment: "captured", fulfilment: "requested" });
    expect(await payments()).toMatchObject([{ amountReceived: 1789, amountCapturable: 0 }]);
  },
);

test.each(providers)(
  "an order at %s is captured in parts, never above what was authorized",
  async (provider) => {
    const { call, orderIs, payments } = await placed(provider, 2);
    await call("captures", { amount: eur(1000) });
    await orderIs({ payment: "partially_captured" });

    const tooMuch = await call("captures", { amount: eur(2089) });
    expect(tooMuch).toMatchObject({ status: 409, body: { code: "order_not_capturable" } });
    await call("captures", { amount: eur(2088) });
    await orderIs({ payment: "captured" });
    expect(await payments()).toMatchObject([{ amountReceived: 3088 }]);
  },
);

test.each(providers)(
  "a part of an order at %s is refunded, and the rest of its hold let go",
  async (provider) => {
    const { call, orderIs, payments } = await placed(provider, 2);
    await call("captures", { amount: eur(1500), final: true });
    await orderIs({ payment: "partially_captured" });
    await call("refunds", { amount: eur(400) });
    await orderIs({ payment: "partially_refunded" });

    const more = await call("captures", {});
    expect(more).toMatchObject({ status: 409, body: { code: "order_not_capturable" } });
    expect(await payments()).toMatchObject([{ amountReceived: 1500, amountRefunded: 400 }]);
  },
);

test.each(providers)(
  "an order at %s that is cancelled before it is captured is voided",
  async (provider) => {
    const { orderId, orderIs, payments } = await placed(provider);
    await shop.storefront.cancelOrder(orderId);

    await orderIs({ status: "cancelled", payment: "voided" });
    expect(await payments()).toMatchObject([{ amountReceived: 0, amountCapturable: 0 }]);
  },
);

test("captures that race each other never take more than was authorized", async () => {
  const { call, orderIs, payments } = await placed("stripe", 2);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => call("captures", { amount: eur(900) })),
  );

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  await orderIs({ payment: "partially_captured" });
  expect(await payments()).toMatchObject([{ amountReceived: 2700 }]);
});

test("goods are handed over in parcels, and never twice", async () => {
  const { call, orderIs } = await placed("stripe", 3);
  const early = await call("fulfillments", {});
  expect(early).toMatchObject({ status: 409, body: { code: "order_not_fulfillable" } });
  await call("captures", {});
  await orderIs({ fulfilment: "requested" });

  const before = await shop.stock("mug");
  const first = await call("fulfillments", { lines: [{ sku: "mug", quantity: 2 }] });
  expect(first).toMatchObject({ status: 200 });
  await orderIs({ fulfilment: "partial" });
  const tooMany = await call("fulfillments", { lines: [{ sku: "mug", quantity: 2 }] });
  expect(tooMany).toMatchObject({ status: 409, body: { code: "order_not_fulfillable" } });
  await call("fulfillments", {});
  await orderIs({ fulfilment: "fulfilled", status: "fulfilled" });

  const after = await shop.stock("mug");
  expect(after).toMatchObject({ allocated: before.allocated - 3, gone: before.gone + 3 });
});

test("an order of which a part is on its way is not cancelled any more", async () => {
  const { call, orderId, orderIs } = await placed("stripe", 2);
  await call("captures", {});
  await orderIs({ fulfilment: "requested" });
  await call("fulfillments", { lines: [{ sku: "mug", quantity: 1 }] });

  const cancelled = await shop.storefront.cancelOrder(orderId);
  expect(cancelled).toMatchObject({ status: 409, body: { code: "order_not_cancellable" } });
});

test("a capture that the provider refuses cancels an order of which nothing was taken", async () => {
  const tokens = { stripe: "pm_sim_captureDeclined" };
  const { call, orderIs, payments } = await placed("stripe", 1, tokens);
  const refused = await call("captures", {});

  expect(refused).toMatchObject({ status: 409, body: { code: "capture_refused" } });
  await orderIs({ status: "cancelled", payment: "voided" });
  expect(await payments()).toMatchObject([{ amountReceived: 0, amountCapturable: 0 }]);
});
