import { createHmac } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { localKeys } from "../../scripts/machine/local-keys.ts";
import { adyenCard, type Checkout, cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const SETTLED = { withinMs: 60_000, gapMs: 150 };
const DAY_MS = 86_400_000;
const shop = await openShop();
afterAll(async () => expect(await shop.audit()).toEqual(CLEAN));

const cards = { stripe: { stripe: "pm_card_visa" }, adyen: { adyen: adyenCard() } } as const;
type Provider = keyof typeof cards;
const providers = Object.keys(cards) as Provider[];

async function pay(tokens: object) {
  const checkout = await shop.open("mug");
  const payment = { method: "card", tokens };
  await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  return checkout;
}

/** A shopper who pays at their bank and never comes back: only the webhook tells. */
async function payAtBank(): Promise<Checkout> {
  const market = { currency: "EUR", country: "NL" };
  const checkout = await checkoutIn(await shop.storefront.create(cartOf("mug", 1, market)));
  const payment = { method: "ideal", returnUrl: `${shop.url}/checkout` };
  await shop.storefront.pay(checkout, { payment, expectedTotal: checkout.total });
  const [paid] = await shop.stripe.paymentsOf(checkout);
  await shop.stripe.shopper(paid?.id ?? "", "approve");
  return checkout;
}

/** The end that ordered delivery brings. */
async function soldOnce(checkout: Checkout): Promise<void> {
  const orderId = checkout.checkoutId.replace(/^chk_/, "ord_");
  await eventually(
    () => shop.storefront.order(orderId),
    ({ body }) => body.status === "fulfillment_requested",
    SETTLED,
  );
}

const modes = {
  "five times": { mode: "duplicate", count: 5 },
  "the last one first": { mode: "reordered" },
  late: { mode: "late", delayMs: 2_000 },
} as const;

test.each(
  providers.flatMap((provider) =>
    Object.entries(modes).map(([name, webhooks]) => ({ provider, name, webhooks })),
  ),
)(
  "webhooks of $provider that come $name end every sale as ordered ones do",
  async ({ provider, webhooks }) => {
    await shop[provider].control({ webhooks });
    const sales = await Promise.all([pay(cards[provider]), pay(cards[provider])]);
    if (provider === "stripe") sales.push((await payAtBank()) as (typeof sales)[number]);

    for (const checkout of sales) await soldOnce(checkout);
    await shop[provider].control({ webhooks: { mode: "normal" } });
  },
);

test.each(providers)(
  "webhooks of %s that come a day late end every sale as ordered ones do",
  async (provider) => {
    await shop[provider].control({ webhooks: { mode: "late", delayMs: DAY_MS } });
    const sales: Checkout[] = [await pay(cards[provider])];
    if (provider === "stripe") sales.push(await payAtBank());

    // A day passes there. What Stripe signs tomorrow is refused today, and sent again.
    await shop[provider].control({ webhooks: { mode: "normal" }, clockShiftMs: DAY_MS });
    await shop[provider].control({ clockShiftMs: 0 });

    for (const checkout of sales) await soldOnce(checkout);
  },
);

type Item = Record<string, unknown> & { additionalData: Record<string, string> };

/** Source: https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures */
function signedItem(change: object = {}, key: string = localKeys.ADYEN_HMAC_KEY): Item {
  const item = {
    ...{ eventCode: "AUTHORISATION", success: "true", eventDate: "2026-11-25T10:00:00+01:00" },
    ...{ pspReference: "FORGED0000000001", originalReference: "", paymentMethod: "visa" },
    ...{ merchantAccountCode: "TestMerchant", merchantReference: "", reason: "" },
    amount: { value: 1789, currency: "EUR" },
    ...change,
  };
  const { pspReference, originalReference, merchantAccountCode, merchantReference } = item;
  const { amount, eventCode, success } = item;
  const text = [
    ...[pspReference, originalReference, merchantAccountCode, merchantReference],
    ...[amount.value, amount.currency, eventCode, success],
  ].join(":");
  const hmac = createHmac("sha256", Buffer.from(key, "hex")).update(text).digest("base64");
  return { ...item, additionalData: { hmacSignature: hmac } };
}

async function deliver(...items: readonly unknown[]): Promise<number> {
  const notificationItems = items.map((item) => ({ NotificationRequestItem: item }));
  const response = await fetch(`${shop.url}/v1/webhooks/adyen`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ live: "false", notificationItems }),
  });
  await response.arrayBuffer();
  return response.status;
}

test("forged webhooks of Adyen are refused, and change nothing", async () => {
  const checkout = await shop.open("mug");
  const ours = { merchantReference: `demo_${checkout.checkoutId}_1` };
  const good = signedItem(ours);
  const forged: Readonly<Record<string, readonly unknown[]>> = {
    "another key": [signedItem(ours, "00".repeat(32))],
    "no signature": [{ ...good, additionalData: {} }],
    "another amount": [{ ...good, amount: { value: 1, currency: "EUR" } }],
    "another outcome": [{ ...good, success: "false" }],
    "another reference": [{ ...good, merchantReference: "demo_x_1" }],
    "another merchant": [signedItem({ ...ours, merchantAccountCode: "Somebody" })],
    "one bad item among good ones": [good, { ...good, success: "false" }],
    "no items": [],
    "no item at all": [null],
  };
  for (const [name, items] of Object.entries(forged)) {
    expect(await deliver(...items), name).toBe(400);
  }

  expect((await shop.storefront.checkout(checkout)).body.status).toBe("open");
});

test("a signed webhook that names no sale of ours is taken, kept, and holds nobody up", async () => {
  const stranger = signedItem({ merchantReference: "somebody-elses-1" });
  expect(await deliver(stranger)).toBe(200);
  const checkout = await pay(cards.adyen);
  await soldOnce(checkout);
});
