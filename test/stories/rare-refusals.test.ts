import { expect, test } from "vitest";
import { STOREFRONT_KEY } from "../clients/storefront.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();

test("a body that is no JSON is told so by its code", async () => {
  const response = await fetch(`${shop.url}/v1/checkouts`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${STOREFRONT_KEY}`,
      "content-type": "application/json",
      "idempotency-key": "no-json",
    },
    body: '{"lines": [',
  });
  const { code, type } = (await response.json()) as { code: string; type: string };
  expect({ status: response.status, code }).toEqual({ status: 400, code: "malformed_json" });

  // The problem's own address leads to the page that explains it.
  const page = await fetch(new URL(type, shop.url));
  expect(await page.text()).toContain(`id="${code}"`);
});

test("a shopper who turns to another card leaves the first one behind, and pays once", async () => {
  const checkout = await shop.open("mug");
  const first = await shop.storefront.pay(checkout, {
    payment: {
      method: "card",
      tokens: { stripe: "pm_card_threeDSecure2Required" },
      returnUrl: "https://shop.example/thanks",
    },
    expectedTotal: checkout.total,
  });
  expect(first).toMatchObject({ status: 202, body: { status: "awaiting_shopper" } });

  const second = await shop.pay(checkout, "pm_card_visa");

  expect(second.status).toBe(200);
  const payments = await shop.stripe.paymentsOf(checkout);
  expect(payments.filter(({ status }) => status === "canceled")).toHaveLength(1);
  expect(payments).toHaveLength(2);
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
