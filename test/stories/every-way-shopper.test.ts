import { expect, test } from "vitest";
import {
  begin,
  everyWay,
  openBothShops,
  payAgain,
  shopperDoes,
  statusIs,
  type Way,
} from "./every-way.ts";
import { CLEAN } from "./open-shop.ts";

const shops = await openBothShops();
const MINUTE_MS = 60_000;
const nothingTaken = { amountReceived: 0, amountCapturable: 0 };

test.each(everyWay)("$name: the shopper approves, and the sale is done once", async (way) => {
  const shop = shops[way.provider];
  const { checkout, answer, payment } = await begin(shop, way);
  expect(answer).toMatchObject({
    status: 202,
    body: {
      status: "awaiting_shopper",
      payment: { method: way.method, provider: way.provider },
    },
  });

  await shopperDoes(shop, way, { payment: payment.id, act: "approve" });

  const { body } = await statusIs(shop, checkout, "captured");
  expect(body.payment).toMatchObject({ status: "captured", provider: way.provider });
  expect(await shop[way.provider].paymentsOf(checkout)).toMatchObject([
    { amountReceived: checkout.total.amountMinor, amountRefunded: 0, amountCapturable: 0 },
  ]);
});

test.each(everyWay)("$name: the shopper declines, and a second try pays", async (way) => {
  const shop = shops[way.provider];
  const { checkout, payment } = await begin(shop, way);
  await shopperDoes(shop, way, { payment: payment.id, act: "decline" });
  const { body } = await statusIs(shop, checkout, "open");
  expect(body.payment).toMatchObject({
    status: "declined",
    refusal: { code: "payment_declined", then: "change_payment" },
  });

  await payAgain(shop, checkout, way);
  const payments = await shop[way.provider].paymentsOf(checkout);
  const second = payments.find(({ id }) => id !== payment.id);
  await shopperDoes(shop, way, { payment: second?.id ?? "", act: "approve" });

  await statusIs(shop, checkout, "captured");
  const taken = (await shop[way.provider].paymentsOf(checkout)).map((each) => each.amountReceived);
  expect(taken.toSorted((a, b) => a - b)).toEqual([0, checkout.total.amountMinor]);
});

test.each(everyWay)(
  "$name: the shopper walks away and calls it off, and no money moves",
  async (way) => {
    const shop = shops[way.provider];
    const { country } = way.market;
    const region = country === "BR" ? "sam" : country === "IN" ? "apac" : "eu";
    const before = await shop.stock("mug", region);
    const { checkout } = await begin(shop, way);

    const cancelled = await shop.storefront.cancel(checkout);

    expect([200, 202]).toContain(cancelled.status);
    await statusIs(shop, checkout, "cancelled");
    expect(await shop[way.provider].paymentsOf(checkout)).toMatchObject([nothingTaken]);
    expect(await shop.stock("mug", region)).toEqual(before);
  },
);

/** Whose providers tell that the time is over; for the others the checkout's own clock runs. */
const runsOut = ({ provider, method }: Way) =>
  method !== "card" && !(provider === "stripe" && ["ideal", "wero"].includes(method));

test.each(everyWay.filter(runsOut))(
  "$name: what nobody pays in time is over, and the things stay set aside",
  async (way) => {
    const shop = shops[way.provider];
    const { checkout } = await begin(shop, way);

    await shop[way.provider].timePasses(61 * MINUTE_MS);

    const { body } = await statusIs(shop, checkout, "open");
    expect(body.payment).toMatchObject({
      status: "declined",
      refusal: { reason: expect.stringContaining("expired") },
    });
    expect(await shop[way.provider].paymentsOf(checkout)).toMatchObject([nothingTaken]);
    expect((await shop.storefront.cancel(checkout)).status).toBe(200);
  },
);

test("after all of it every invariant holds at both providers", async () => {
  expect(await shops.stripe.audit()).toEqual(CLEAN);
  expect(await shops.adyen.audit()).toEqual(CLEAN);
});
