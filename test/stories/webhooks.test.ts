import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { Checkout } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
const SETTLED = { withinMs: 30_000 };
const SECRET = "whsec_test_secret";

/** Source: https://docs.stripe.com/webhooks#verify-manually */
function signed(body: string, { secret = SECRET, ageSeconds = 0 } = {}): string {
  const at = Math.floor(Date.now() / 1000) - ageSeconds;
  return `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`;
}

async function deliver(body: string, signature: string | undefined): Promise<number> {
  const response = await fetch(`${shop.url}/v1/webhooks/stripe`, {
    method: "POST",
    headers: signature === undefined ? {} : { "stripe-signature": signature },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

function succeeded(checkout: Checkout, intentId: string, amount: number): string {
  const created = Math.floor(Date.now() / 1000);
  const metadata = { shop_id: "demo", checkout_id: checkout.checkoutId };
  const intent = {
    id: intentId,
    object: "payment_intent",
    status: "succeeded",
    amount,
    amount_received: amount,
    amount_capturable: 0,
    currency: "eur",
    metadata,
  };
  return JSON.stringify({
    id: `evt_${intentId}`,
    object: "event",
    api_version: "2026-10-28.endive",
    created,
    livemode: false,
    type: "payment_intent.succeeded",
    data: { object: intent },
  });
}

test("a webhook without a good signature is refused", async () => {
  const body = succeeded(await shop.open("mug"), "pi_forged", 1);

  expect(await deliver(body, undefined)).toBe(400);
  expect(await deliver(body, "")).toBe(400);
  expect(await deliver(body, "t=,v1=")).toBe(400);
  expect(await deliver(body, signed(body, { secret: "whsec_other" }))).toBe(400);
  expect(await deliver(`${body} `, signed(body))).toBe(400);
  expect(await deliver(body, signed(body).replace("v1=", "v0="))).toBe(400);
});

test("a signature that is too old or from the future is refused", async () => {
  const body = succeeded(await shop.open("mug"), "pi_late", 1);

  expect(await deliver(body, signed(body, { ageSeconds: 400 }))).toBe(400);
  expect(await deliver(body, signed(body, { ageSeconds: -86_400 }))).toBe(400);
});

test("a signed webhook that is delivered again and again changes nothing", async () => {
  const checkout = await shop.open("mug");
  const { body } = await shop.pay(checkout, "pm_card_visa");
  const [intent] = await eventually(
    () => shop.stripe.paymentsOf(checkout),
    (payments) => payments.some(({ status }) => status === "succeeded"),
    SETTLED,
  );
  const before = await shop.stock("mug");
  const event = succeeded(checkout, intent?.id ?? "", checkout.total.amountMinor);

  const answers = await Promise.all(
    Array.from({ length: 10 }, () => deliver(event, signed(event))),
  );

  expect(new Set(answers)).toEqual(new Set([200]));
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
  expect(await shop.stock("mug")).toEqual(before);
  const order = await shop.storefront.order(body.orderId ?? "");
  expect(order.body.total).toEqual(checkout.total);
});

test("a signed webhook of a payment that is not the checkout's own sells nothing", async () => {
  const checkout = await shop.open("shirt");
  const event = succeeded(checkout, "pi_of_somebody_else", checkout.total.amountMinor);

  expect(await deliver(event, signed(event))).toBe(200);

  expect((await shop.storefront.checkout(checkout)).body.status).toBe("open");
  expect((await shop.pay(checkout, "pm_card_visa")).status).toBe(200);
});

test("a signed webhook that names no checkout of ours is taken and does nothing", async () => {
  const nobody = { checkoutId: `chk_eu_${"0".repeat(26)}`, clientSecret: "" };
  const event = succeeded(nobody, "pi_nobody", 100);
  expect(await deliver(event, signed(event))).toBe(200);
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
