import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { LOCAL_OPERATOR_KEY } from "../audit/read-dumps.ts";
import { cardPayment, cartOf, checkoutIn } from "../clients/storefront.ts";
import { CLEAN, shopIn } from "./open-shop.ts";

const USES = 100;

const folder = await mkdtemp(join(tmpdir(), "tender-promotions-"));
let shop = await shopIn(folder);
afterAll(async () => {
  await shop.close();
  await rm(folder, { recursive: true, force: true });
});

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
let customers = 0;
const threeMugs = (more: object = {}) => {
  const customer = { email: `shopper-${++customers}@example.com` };
  return cartOf("mug", 3, { promotionCodes: ["BUY2GET1"], customer, ...more });
};

test("the codes of a cart are those of its checkout, and the discounted total is what is paid", async () => {
  const { storefront } = shop;
  const made = await storefront.send("POST", "/v1/carts", {
    key: "codes",
    body: { currency: "EUR", country: "DE" },
  });
  const { cartId } = made.body as { cartId: string };
  await storefront.send("PUT", `/v1/carts/${cartId}/lines/shirt`, { body: { quantity: 2 } });
  await storefront.send("PUT", `/v1/carts/${cartId}/codes`, {
    body: { codes: ["welcome10", "freeship"] },
  });

  const { lines: _lines, ...buyer } = cartOf("shirt", 2, { cartId });
  const created = await storefront.create(buyer);
  const checkout = checkoutIn(created);

  expect(checkout.total).toEqual(eur(4998 - 500));
  expect(created.body.quote).toMatchObject({
    discounts: [
      { code: "WELCOME10", amount: eur(500), explanation: "10 % off" },
      { code: "FREESHIP", amount: eur(490), explanation: expect.stringContaining("30.00 EUR") },
    ],
    lines: [{ discount: eur(500), tax: eur(718) }],
  });
  expect((await shop.pay(checkout, "pm_card_visa")).status).toBe(200);
  expect(await shop.stripe.captured(checkout)).toEqual([4498]);
});

test("each way in which a code does not work says what to do", async () => {
  const refused = async (...promotionCodes: string[]) => {
    const { customer } = threeMugs();
    const mug = cartOf("mug", 1, { promotionCodes, customer });
    const { status, body } = await shop.storefront.create(mug);
    return [status, body.code, body.then];
  };
  const change = "change_promotion_codes";
  expect(await refused("NOSUCH")).toEqual([400, "promotion_unknown", change]);
  expect(await refused("NEWYEAR26")).toEqual([409, "promotion_not_active", change]);
  expect(await refused("COSY")).toEqual([409, "promotion_not_applicable", change]);
  expect(await refused("FRIENDS25", "WELCOME10")).toEqual([
    ...[409, "promotion_not_combinable", change],
  ]);
});

test("a promotion of a hundred uses is sold a hundred times, over a restart in the middle", async () => {
  const buy = () => {
    const body = threeMugs(cardPayment("pm_card_visa", eur(2 * 1299 + 490)));
    return shop.storefront.create(body);
  };
  const before = await Promise.all(Array.from({ length: USES / 2 }, buy));
  expect(new Set(before.map(({ status }) => status))).toEqual(new Set([201]));
  const kept = checkoutIn(await shop.storefront.create(threeMugs()));
  await shop.close();
  shop = await shopIn(folder);

  const after = await Promise.all(Array.from({ length: USES }, buy));
  const sold = after.filter(({ status }) => status === 201);
  expect(sold).toHaveLength(USES / 2 - 1);
  for (const { body } of after.filter(({ status }) => status !== 201)) {
    expect(body).toMatchObject({ code: "promotion_exhausted", then: "change_promotion_codes" });
  }

  await shop.storefront.cancel(kept);
  const [first, second] = [await buy(), await buy()];
  expect([first.status, second.status]).toEqual([201, 409]);
}, 180_000);

test("a code can be used again once its order is cancelled, by default, and not where the shop says so", async () => {
  const customer = { email: "again@example.com" };
  const buy = () =>
    shop.storefront.create(
      cartOf("shirt", 2, {
        promotionCodes: ["WELCOME10"],
        customer,
        ...cardPayment("pm_card_visa", eur(4998 - 500 + 490)),
      }),
    );
  const setting = (usesOfCancelledOrders: string) =>
    shop.storefront.send("PUT", "/v1/ops/settings", {
      apiKey: LOCAL_OPERATOR_KEY,
      body: { usesOfCancelledOrders },
    });
  const first = await buy();
  expect(first.status).toBe(201);
  expect(await buy()).toMatchObject({ status: 409, body: { code: "promotion_exhausted" } });
  expect((await shop.storefront.cancelOrder(first.body.orderId ?? "")).status).toBe(200);

  expect((await setting("spent")).status).toBe(200);
  const second = await buy();
  expect(second.status).toBe(201);
  expect((await shop.storefront.cancelOrder(second.body.orderId ?? "")).status).toBe(200);
  expect(await buy()).toMatchObject({ status: 409, body: { code: "promotion_exhausted" } });
  await setting("returned");
});

test("afterwards every invariant holds", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
