import Stripe from "stripe";
import { afterAll, expect, test } from "vitest";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
afterAll(async () => expect(await shop.audit()).toEqual(CLEAN));
const SETTLED = { withinMs: 45_000 };

const { protocol, hostname, port } = new URL(shop.simulatorUrl);
/** As a browser's Elements would: on a server Stripe's own test helper makes them. */
const stripe = new Stripe("sk_test_tender", {
  ...{ host: hostname, port, protocol: protocol === "http:" ? "http" : "https" },
});
const collected = (payment_method: string) =>
  stripe.testHelpers.confirmationTokens.create({ payment_method });

test("a card that Elements collected pays by its confirmation token", async () => {
  const checkout = await shop.open("mug");
  const { id } = await collected("pm_card_visa");
  expect(id).toMatch(/^ctoken_/);

  expect(await shop.pay(checkout, id)).toMatchObject({ status: 200, body: { status: "placed" } });

  await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});

test("one whose bank asks is sent to the bank's page, and not left to Stripe's own script", async () => {
  const checkout = await shop.open("mug");
  const { id } = await collected("pm_card_threeDSecure2Required");
  const payment = { method: "card", tokens: { stripe: id }, returnUrl: `${shop.url}/checkout` };
  const answer = await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  expect(answer).toMatchObject({
    status: 202,
    body: { status: "awaiting_shopper", payment: { nextAction: { type: "redirect" } } },
  });
  const [paid] = await shop.stripe.paymentsOf(checkout);
  await shop.stripe.shopper(paid?.id ?? "", "approve");
  await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );
});

test("a token pays once: again it is a decline, and a new one pays", async () => {
  const checkout = await shop.open("mug");
  const { id } = await collected("pm_card_chargeDeclined");
  const declined = { status: 402, body: { code: "payment_declined" } };
  expect(await shop.pay(checkout, id)).toMatchObject(declined);
  expect(await shop.pay(checkout, id)).toMatchObject(declined);

  const { id: second } = await collected("pm_card_visa");
  expect(await shop.pay(checkout, second)).toMatchObject({ status: 200 });
});
