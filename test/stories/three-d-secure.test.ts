import { expect, test } from "vitest";
import { type Checkout, cardPayment, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
const SETTLED = { withinMs: 45_000 };
const CARD = "pm_card_threeDSecure2Required";
const RETURN_URL = "https://shop.example/thanks";

async function sentToBank(sku: string) {
  const checkout = await shop.open(sku);
  const { payment, expectedTotal } = cardPayment(CARD, checkout.total);
  const body = { payment: { ...payment, returnUrl: RETURN_URL }, expectedTotal };
  const answer = await shop.storefront.pay(checkout, body, { key: "bank" });
  return { checkout, body, answer, bank: new URL(answer.body.payment?.nextAction?.url ?? "") };
}

/** What the shopper does at the bank; answers where the bank sends them. */
async function confirm(bank: URL, outcome: "pass" | "fail"): Promise<string> {
  const client_secret = bank.searchParams.get("client_secret") ?? "";
  const form = new URLSearchParams({ client_secret, outcome });
  const response = await fetch(bank, { method: "POST", body: form, redirect: "manual" });
  return response.headers.get("location") ?? "";
}

function settled(checkout: Checkout, status: string) {
  return eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === status,
    SETTLED,
  );
}

test("a shopper who passes comes back to the shop with the sale done", async () => {
  const { checkout, answer, body, bank } = await sentToBank("mug");
  expect(answer).toMatchObject({ status: 202, body: { status: "awaiting_shopper" } });
  const repeat = await shop.storefront.pay(checkout, body, { key: "bank" });
  expect(repeat).toMatchObject({ status: 202, replayed: true });

  const back = await fetch(await confirm(bank, "pass"), { redirect: "manual" });

  const target = new URL(back.headers.get("location") ?? "");
  expect(target.origin + target.pathname).toBe(RETURN_URL);
  expect(target.searchParams.get("checkoutId")).toBe(checkout.checkoutId);
  await settled(checkout, "captured");
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});

test("a shopper who passes and never comes back is sold to by webhook", async () => {
  const { checkout, bank } = await sentToBank("mug");
  await confirm(bank, "pass");
  await settled(checkout, "captured");
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});

test("a shopper who fails can pay with another card", async () => {
  const { checkout, bank } = await sentToBank("shirt");
  await fetch(await confirm(bank, "fail"), { redirect: "manual" });
  const open = await settled(checkout, "open");
  expect(open.body.payment).toMatchObject({ status: "declined" });

  const paid = await shop.pay(checkout, "pm_card_visa");
  expect(paid.status).toBe(200);
  await settled(checkout, "captured");
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});

test("another card while the bank waits closes the first payment before it begins", async () => {
  const { checkout, bank } = await sentToBank("poster");

  const paid = await shop.pay(checkout, "pm_card_visa");
  expect(paid).toMatchObject({ status: 200, body: { payment: { attempt: 2 } } });
  await confirm(bank, "pass");

  await settled(checkout, "captured");
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
});

test("passing at the bank and paying with another card at once charges one of them", async () => {
  const { checkout, bank } = await sentToBank("mug");
  const [, first] = await Promise.all([
    confirm(bank, "pass"),
    shop.pay(checkout, "pm_card_visa", "other-card"),
  ]);
  await settled(checkout, "captured");
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
  // Whichever it was: who asks again with the same key does not hear another end.
  const again = await shop.pay(checkout, "pm_card_visa", "other-card");
  if (first.status === 200) expect(again).toMatchObject({ status: 200, replayed: true });
});

test("a shopper who calls it off at the bank pays nothing and frees the stock", async () => {
  const before = await shop.stock("lamp");
  const { checkout } = await sentToBank("lamp");
  expect((await shop.storefront.cancel(checkout)).status).toBe(202);
  await settled(checkout, "cancelled");
  await eventually(
    () => shop.stock("lamp"),
    ({ held }) => held === before.held,
    SETTLED,
  );
  expect(await shop.stripe.captured(checkout)).toEqual([]);
});

test("a create that carries such a card answers 201 with where to go", async () => {
  const { total } = await shop.open("mug");
  const { payment, expectedTotal } = cardPayment(CARD, total);
  const created = await shop.storefront.create({
    lines: [{ sku: "mug", quantity: 1 }],
    currency: "EUR",
    country: "DE",
    customer: { email: "ada@example.com" },
    payment: { ...payment, returnUrl: RETURN_URL },
    expectedTotal,
  });
  expect(created).toMatchObject({ status: 201, body: { status: "awaiting_shopper" } });
  expect((await shop.storefront.cancel(checkoutIn(created))).status).toBe(202);
});

test("without a way back the bank's wish is a decline", async () => {
  const checkout = await shop.open("mug");
  const declined = await shop.pay(checkout, CARD);
  expect(declined).toMatchObject({ status: 402, body: { code: "payment_declined" } });
});

test("after all of it every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
