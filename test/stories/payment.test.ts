import { expect, test } from "vitest";
import { cardPayment, cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
const SETTLED = { withinMs: 45_000 };

test("a decline keeps the stock, and the second card pays once", async () => {
  const before = await shop.stock("mug");
  const checkout = await shop.open("mug");

  const declined = await shop.pay(checkout, "pm_card_visa_chargeDeclined");
  expect(declined).toMatchObject({ status: 402, body: { code: "payment_declined" } });
  expect((await shop.storefront.checkout(checkout)).body.status).toBe("open");
  expect(await shop.stock("mug")).toMatchObject({ held: before.held + 1 });

  const paid = await shop.pay(checkout, "pm_card_visa");
  expect(paid.status).toBe(200);
  expect(await shop.stock("mug")).toMatchObject({
    held: before.held,
    allocated: before.allocated + 1,
  });
  await eventually(
    () => shop.stripe.captured(checkout),
    (captured) => captured.length > 0,
    SETTLED,
  );
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});

test("a create whose payment is declined leaves an open checkout that can be paid", async () => {
  const { total } = await shop.open("shirt");
  const cart = { ...cartOf("shirt"), ...cardPayment("pm_card_visa_chargeDeclined", total) };

  const created = await shop.storefront.create(cart);
  expect(created).toMatchObject({
    status: 201,
    body: { status: "open", payment: { status: "declined" } },
  });
  const paid = await shop.pay(checkoutIn(created), "pm_card_mastercard");
  expect(paid.status).toBe(200);
});

test("a lost reply charges once", async () => {
  const checkout = await shop.open("mug");
  await shop.stripe.fails([{ operation: "authorize", kind: "drop_after", times: 1 }]);

  const first = await shop.pay(checkout, "pm_card_visa", "lost-reply");
  expect([200, 202]).toContain(first.status);
  const view = await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );

  expect(view.body.orderId).toMatch(/^ord_eu_/);
  expect(await shop.stripe.paymentsOf(checkout)).toHaveLength(1);
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});

test("a capture whose reply is lost is captured once", async () => {
  const checkout = await shop.open("mug");
  await shop.stripe.fails([{ operation: "capture", kind: "drop_after", times: 2 }]);

  const { status } = await shop.pay(checkout, "pm_card_visa");
  expect(status).toBe(200);
  await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );

  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});

test("a provider that is down for a while does not lose the sale, nor charge it twice", async () => {
  const checkout = await shop.open("mug");
  await shop.stripe.fails([{ operation: "authorize", kind: "error_500", times: 2 }]);

  const first = await shop.pay(checkout, "pm_card_visa");
  expect([200, 202]).toContain(first.status);
  await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );

  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});

test("a capture that is refused for good cancels the order and gives the stock back", async () => {
  const before = await shop.stock("poster");
  const checkout = await shop.open("poster");

  const { body } = await shop.pay(checkout, "pm_sim_captureDeclined");
  const order = await eventually(
    () => shop.storefront.order(body.orderId ?? ""),
    (answer) => answer.body.status === "cancelled",
    SETTLED,
  );

  expect(order.status).toBe(200);
  expect(await shop.stripe.captured(checkout)).toEqual([]);
  await eventually(
    () => shop.stock("poster"),
    (stock) => stock.available === before.available && stock.allocated === before.allocated,
    SETTLED,
  );
});

test("a total other than the one the shopper saw is not charged", async () => {
  const checkout = await shop.open("mug");
  const seen = { ...checkout.total, amountMinor: checkout.total.amountMinor - 1 };

  const refused = await shop.storefront.pay(checkout, cardPayment("pm_card_visa", seen));

  expect(refused).toMatchObject({ status: 409, body: { code: "quote_changed" } });
  expect(await shop.stripe.paymentsOf(checkout)).toEqual([]);
  expect((await shop.pay(checkout, "pm_card_visa")).status).toBe(200);
});

test("every invariant holds once the shop is at rest", async () => {
  await shop.stripe.fails([]);
  expect(await shop.audit()).toEqual(CLEAN);
});
