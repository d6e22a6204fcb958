import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cardPayment, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop, type Shop, shopIn } from "./open-shop.ts";

const SETTLED = { withinMs: 30_000 };
const shop = await openShop();

/** What a cart's calls answer, beside what every answer has. */
type CartBody = {
  readonly cartId: string;
  readonly version: number;
  readonly subtotal: { readonly amountMinor: number };
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly orderId?: string;
};

/** A shopper with a cart of their own, and as many tabs as they like. */
async function shopperIn({ storefront }: Shop, quantities: Record<string, number>) {
  const body = { currency: "EUR", country: "DE" };
  const key = randomUUID();
  const made = await storefront.send("POST", "/v1/carts", { key, body });
  const { cartId } = JSON.parse(made.text) as CartBody;
  const setLine = (sku: string, quantity: number, ifMatch?: string) =>
    storefront.send("PUT", `/v1/carts/${cartId}/lines/${sku}`, {
      body: { quantity },
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
  for (const [sku, quantity] of Object.entries(quantities)) await setLine(sku, quantity);
  return {
    key,
    cartId,
    setLine,
    read: async () => {
      const { text } = await storefront.send("GET", `/v1/carts/${cartId}`);
      return JSON.parse(text) as CartBody;
    },
    buy: (more: object = {}, createKey: string = randomUUID()) => {
      const customer = { email: "ada@example.com", name: "Ada Lovelace" };
      return storefront.create({ cartId, ...body, customer, ...more }, { key: createKey });
    },
  };
}

test("a cart becomes a sale, and is bought then", async () => {
  const shopper = await shopperIn(shop, { mug: 2, lamp: 1 });
  const before = await shop.stock("mug");

  const checkout = checkoutIn(await shopper.buy());
  const paid = await shop.pay(checkout, "pm_card_visa");

  expect(paid.status).toBe(200);
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
  expect((await shop.stock("mug")).available).toBe(before.available - 2);
  const { orderId } = paid.body;
  await eventually(shopper.read, (cart) => cart.orderId === orderId, SETTLED);
  const consumed = { status: 409, body: { code: "cart_consumed", then: "read_order", orderId } };
  expect(await shopper.buy()).toMatchObject(consumed);
  expect(await shopper.setLine("mug", 1)).toMatchObject(consumed);
});

test("a cart is bought in one round trip when the create carries a payment", async () => {
  const shopper = await shopperIn(shop, { mug: 1 });
  const { total } = checkoutIn(await (await shopperIn(shop, { mug: 1 })).buy());

  const sold = await shopper.buy(cardPayment("pm_card_visa", total), "one-trip");
  const again = await shopper.buy(cardPayment("pm_card_visa", total), "one-trip");

  expect(sold).toMatchObject({ status: 201, replayed: false });
  expect(["placed", "captured"]).toContain(sold.body.status);
  expect(again).toMatchObject({ status: 201, replayed: true, body: sold.body });
});

test("two tabs cannot buy one cart twice", async () => {
  const shopper = await shopperIn(shop, { lamp: 1 });

  const tabs = await Promise.all([shopper.buy(), shopper.buy(), shopper.buy()]);
  const [one, two] = tabs.map(checkoutIn);
  expect(new Set(tabs.map(({ body }) => body.checkoutId)).size).toBe(1);
  expect(tabs.map(({ replayed }) => replayed)).toEqual([false, false, false]);

  const paid = await Promise.all(
    [one, two].map((tab) => tab && shop.pay(tab, "pm_card_visa", randomUUID())),
  );

  for (const answer of paid) expect([200, 202, 409]).toContain(answer?.status);
  const charged = one && (await shop.stripe.captured(one));
  expect(charged).toEqual([one?.total.amountMinor]);
});

test("a declined card keeps the cart with its checkout, and the other tab pays", async () => {
  const shopper = await shopperIn(shop, { shirt: 1 });
  const checkout = checkoutIn(await shopper.buy());

  expect((await shop.pay(checkout, "pm_card_visa_chargeDeclined")).status).toBe(402);
  expect(await shopper.setLine("shirt", 2)).toMatchObject({ body: { code: "cart_claimed" } });
  const otherTab = checkoutIn(await shopper.buy());

  expect(otherTab).toEqual(checkout);
  expect((await shop.pay(otherTab, "pm_card_visa")).status).toBe(200);
});

test("a shopper who calls the checkout off changes the cart and buys that", async () => {
  const shopper = await shopperIn(shop, { poster: 1 });
  const first = checkoutIn(await shopper.buy());

  await shop.storefront.cancel(first);
  expect((await shopper.setLine("poster", 3)).status).toBe(200);
  const second = checkoutIn(await shopper.buy());

  expect(second.checkoutId).not.toBe(first.checkoutId);
  expect(second.total.amountMinor).toBeGreaterThan(first.total.amountMinor);
  expect((await shop.pay(second, "pm_card_visa")).status).toBe(200);
});

test("a tab that shows an old cart does not overwrite the new one", async () => {
  const shopper = await shopperIn(shop, { mug: 1 });
  const { version } = await shopper.read();

  const newer = await shopper.setLine("mug", 2, `"${version}"`);
  const older = await shopper.setLine("mug", 5, `"${version}"`);

  expect(newer.headers.get("etag")).toBe(`"${version + 1}"`);
  expect(older).toMatchObject({ status: 412, body: { code: "cart_changed", then: "read_cart" } });
  expect((await shopper.read()).lines).toMatchObject([{ sku: "mug", quantity: 2 }]);
});

test("a cart and its claim outlive a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tender-carts-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const before = await shopIn(folder);
  const shopper = await shopperIn(before, { mug: 1 });
  const checkout = checkoutIn(await shopper.buy({}, "before-the-restart"));
  await before.close();

  const after = await shopIn(folder);
  onTestFinished(after.close);
  const returned = await after.storefront.send("POST", "/v1/carts", {
    key: shopper.key,
    body: { currency: "EUR", country: "DE" },
  });
  expect(returned).toMatchObject({ status: 201, replayed: true });
  const body = { cartId: shopper.cartId, currency: "EUR", country: "DE" };
  const customer = { email: "ada@example.com" };
  const otherTab = await after.storefront.create({ ...body, customer });
  expect(checkoutIn(otherTab)).toEqual(checkout);
  expect((await after.pay(checkout, "pm_card_visa")).status).toBe(200);
  expect(await after.audit()).toEqual(CLEAN);
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
