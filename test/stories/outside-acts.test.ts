import { afterAll, beforeEach, expect, test } from "vitest";
import { adyenCard, cartOf, checkoutIn, MERCHANT_KEY } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";
import { operatorHeaders, reconciled, runCron } from "./operator.ts";

/** What a merchant does in the provider's own dashboard becomes a fact of the order here. */

const SETTLED = { withinMs: 45_000, gapMs: 100 };
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const shop = await openShop({ RECONCILIATION_GRACE_MS: "0" });
await shop.takesMoney("manual"); // before the shop's first sale
afterAll(async () => expect(await shop.audit()).toEqual(CLEAN));

const cards = { stripe: { stripe: "pm_card_visa" }, adyen: { adyen: adyenCard() } } as const;
type Provider = keyof typeof cards;
const providers = Object.keys(cards) as Provider[];
const TOTAL = 1789;

async function placed(provider: Provider) {
  const checkout = await checkoutIn(await shop.storefront.create(cartOf("mug")));
  const payment = { method: "card", tokens: cards[provider] };
  const answer = await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  expect(answer).toMatchObject({ status: 200, body: { status: "placed" } });
  const orderId = answer.body.orderId ?? "";
  const call = (act: string, body: object) =>
    shop.storefront.post(`/v1/orders/${orderId}/${act}`, { apiKey: MERCHANT_KEY, body });
  const order = async () => (await shop.storefront.order(orderId)).body;
  const orderIs = (wanted: object) => eventually(order, (body) => matches(body, wanted), SETTLED);
  const [own] = await shop[provider].paymentsOf(checkout);
  const byHand = (act: "capture" | "refund" | "cancel", amount?: number) =>
    shop[provider].byHand(own?.id ?? "", act, amount);
  const payments = () => shop[provider].paymentsOf(checkout);
  return { orderId, call, order, orderIs, byHand, payments };
}

function matches(body: object, wanted: object): boolean {
  return Object.entries(wanted).every(
    ([fact, value]) => JSON.stringify(body[fact as keyof object]) === JSON.stringify(value),
  );
}

/** A sale whose money was taken by a call of the merchant's. */
async function captured(provider: Provider) {
  const sale = await placed(provider);
  await sale.call("captures", {});
  await sale.orderIs({ payment: "captured", fulfilment: "requested" });
  return sale;
}

beforeEach(async () => {
  await shop.stripe.control({ webhooks: { mode: "normal" } });
  await shop.adyen.control({ webhooks: { mode: "normal" } });
});

test.each(providers)(
  "what was refunded at %s by hand is not refunded here a second time",
  async (provider) => {
    const { call, orderIs, byHand, payments } = await captured(provider);
    await byHand("refund", 400);
    const order = await orderIs({ payment: "partially_refunded", refunded: eur(400) });
    expect(order).toMatchObject({ moneyBy: "provider", captured: eur(TOTAL) });

    const whole = await call("refunds", { amount: eur(TOTAL) });
    expect(whole).toMatchObject({
      ...{ status: 409 },
      body: { code: "order_not_refundable", left: eur(TOTAL - 400) },
    });
    await call("refunds", {});
    const end = await orderIs({ payment: "refunded", refunded: eur(TOTAL) });
    expect(end).not.toHaveProperty("moneyBy");
    expect(await payments()).toMatchObject([{ amountReceived: TOTAL, amountRefunded: TOTAL }]);
  },
);

test.each(providers)("what was refunded whole at %s by hand is not sent", async (provider) => {
  const { call, orderIs, byHand } = await captured(provider);
  await byHand("refund");
  await orderIs({ payment: "refunded", status: "refunded" });

  const parcel = await call("fulfillments", {});

  expect(parcel).toMatchObject({ status: 409, body: { code: "order_not_fulfillable" } });
});

test.each(providers)("what was captured at %s by hand is the order's", async (provider) => {
  const { call, orderIs, byHand } = await placed(provider);
  await byHand("capture");
  const order = await orderIs({ payment: "captured", captured: eur(TOTAL) });
  expect(order.status).toMatch(/captured|fulfillment_requested/);

  const again = await call("captures", {});
  expect(again).toMatchObject({ status: 409, body: { code: "order_not_capturable" } });
  await orderIs({ fulfilment: "requested" });
});

test.each(providers)(
  "a part that was captured at %s by hand is all there is to capture, and to give back",
  async (provider) => {
    const { orderId, call, orderIs, byHand, payments } = await placed(provider);
    await byHand("capture", 500);
    await orderIs({ payment: "partially_captured", captured: eur(500) });

    const more = await call("captures", {});
    expect(more).toMatchObject({ status: 409, body: { code: "order_not_capturable" } });
    await shop.storefront.cancelOrder(orderId);
    await orderIs({ status: "cancelled", captured: eur(500), refunded: eur(500) });
    expect(await payments()).toMatchObject([{ amountReceived: 500, amountRefunded: 500 }]);
  },
);

test("a capture here of what was captured in part at Stripe books what was taken", async () => {
  await shop.stripe.control({ webhooks: { mode: "lost" } });
  const { call, orderIs, byHand } = await placed("stripe");
  await byHand("capture", 500);

  const taken = await call("captures", {});

  expect(taken).toMatchObject({ status: 200, body: { order: { captured: eur(500) } } });
  await orderIs({ payment: "partially_captured", captured: eur(500) });
});

test("a cancel here of what was captured in part at Stripe gives back what was taken", async () => {
  await shop.stripe.control({ webhooks: { mode: "lost" } });
  const { orderId, orderIs, byHand } = await placed("stripe");
  await byHand("capture", 500);

  await shop.storefront.cancelOrder(orderId);

  await orderIs({ status: "cancelled", captured: eur(500), refunded: eur(500) });
});

test.each(providers)("what was voided at %s by hand is cancelled here", async (provider) => {
  const { orderIs, byHand, payments } = await placed(provider);

  await byHand("cancel");

  await orderIs({ status: "cancelled", payment: "voided" });
  expect(await payments()).toMatchObject([{ amountReceived: 0, amountCapturable: 0 }]);
});

test.each(providers)("acts at %s that are told twice are one", async (provider) => {
  await shop[provider].control({ webhooks: { mode: "duplicate", count: 3 } });
  const { orderIs, byHand, order } = await captured(provider);
  await byHand("refund", 400);
  await byHand("refund", 300);

  const { version } = (await orderIs({ refunded: eur(700) })) as { version?: number };
  await shop[provider].control({ webhooks: { mode: "normal" } });

  expect(await order()).toMatchObject({ version, refunded: eur(700) });
});

test("acts at Stripe that nobody told of are found by reconciliation", async () => {
  await shop.stripe.control({ webhooks: { mode: "lost" } });
  const refunded = await captured("stripe");
  await refunded.byHand("refund", 400);
  const taken = await placed("stripe");
  await taken.byHand("capture", 500);
  // The order store has what the orders say before they are compared.
  await refunded.orderIs({ payment: "captured" });

  await eventually(
    () => reconciled(shop.url, "stripe"),
    ({ items }) => items.filter(({ kind }) => kind === "amounts_differ").length >= 2,
    SETTLED,
  );

  await refunded.orderIs({ refunded: eur(400), moneyBy: "provider" });
  await taken.orderIs({ captured: eur(500) });
});

test("a refund at Adyen that no webhook told of is found in the settlement report", async () => {
  const { order, byHand } = await captured("adyen");
  await shop.adyen.control({ webhooks: { mode: "lost" } });
  await byHand("refund", 400);
  await shop.adyen.control({ webhooks: { mode: "normal" } });
  const body = JSON.stringify({ eventCode: "REPORT_AVAILABLE" });
  await fetch(`${shop.simulatorUrl}/_simulator/adyen/events`, {
    ...{ method: "POST", headers: operatorHeaders, body },
  });

  // The order's row may be stored after the report is read: then the next comparison finds it.
  const comparedAgain = async () => {
    await runCron(shop.url, "*/5 * * * *");
    return order();
  };
  const wanted = { refunded: eur(400), moneyBy: "provider" };
  await eventually(comparedAgain, (body) => matches(body, wanted), SETTLED);
}, 120_000);

test("thin events of Stripe tell the same", async () => {
  await shop.stripe.control({ webhooks: { mode: "normal", payload: "thin" } });
  const { orderIs, byHand } = await captured("stripe");
  await byHand("refund", 400);

  await orderIs({ payment: "partially_refunded", refunded: eur(400), moneyBy: "provider" });
});
