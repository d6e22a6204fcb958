import { expect, test } from "vitest";
import { type Answer, cardPayment, cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const SETTLED = { withinMs: 45_000 };

const shop = await openShop();

/** Repeats a call that pays, with its key: what takes more than ten seconds is first told as under way. */
function decided(call: () => Promise<Answer>): Promise<Answer> {
  return eventually(
    call,
    ({ status, body }) => status >= 400 || body.status === "placed" || body.status === "captured",
    SETTLED,
  );
}

test("fifty parallel pay calls with one key are one answer and one charge", async () => {
  const checkout = await shop.open("mug");

  const answers = await Promise.all(
    Array.from({ length: 50 }, () => decided(() => shop.pay(checkout, "pm_card_visa", "one-key"))),
  );

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(await shop.stripe.paymentsOf(checkout)).toHaveLength(1);
});

test("parallel pay calls with different keys are at most one charge", async () => {
  const checkout = await shop.open("mug");

  const keys = Array.from({ length: 10 }, (_, index) => `card-${index}`);
  const answers = await Promise.all(keys.map((key) => shop.pay(checkout, "pm_card_visa", key)));

  for (const { status } of answers) expect([200, 202, 409]).toContain(status);
  const authorized = await shop.stripe.paymentsOf(checkout);
  expect(authorized.filter(({ status }) => status !== "canceled")).toHaveLength(1);
});

test("parallel creates with one key are one checkout and one hold", async () => {
  const before = await shop.stock("lamp");

  const answers = await Promise.all(
    Array.from({ length: 20 }, () => shop.storefront.create(cartOf("lamp"), { key: "one-cart" })),
  );

  expect(new Set(answers.map(({ body }) => body.checkoutId)).size).toBe(1);
  expect(new Set(answers.map(({ body }) => body.clientSecret)).size).toBe(1);
  expect(await shop.stock("lamp")).toMatchObject({ held: before.held + 1 });
});

test("two hundred buyers race for ten pieces: ten get one, the others a clear no", async () => {
  const { total } = await shop.open("last-one");
  // One piece is the seed's, and that first look has it on hold: ten more are for the race.
  await shop.receive("last-one", 10, "ten-for-the-race");
  const cart = { ...cartOf("last-one"), ...cardPayment("pm_card_visa", total) };

  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, buyer) =>
      decided(() => shop.storefront.create(cart, { key: `buyer-${buyer}` })),
    ),
  );

  const sold = answers.filter(({ status }) => status === 201);
  const refused = answers.filter(({ status }) => status === 409);
  expect([sold.length, refused.length]).toEqual([10, 190]);
  for (const { body } of sold) expect(["placed", "captured"]).toContain(body.status);
  for (const { body, text } of refused) {
    expect(body).toMatchObject({ code: "out_of_stock", then: "change_cart" });
    expect(text).toContain("last-one");
  }
  expect(await shop.stock("last-one")).toMatchObject({
    received: 11,
    available: 0,
    held: 1,
    allocated: 10,
  });
});

test("a receipt of stock that is told twice counts once", async () => {
  const first = await shop.receive("last-one", 5, "told-twice", "sam");
  const second = await shop.receive("last-one", 5, "told-twice", "sam");

  expect(second).toEqual(first);
  expect(first).toMatchObject({ received: 6, available: 6 });
});

test("a cart that is partly sold out holds nothing of the rest", async () => {
  const before = await shop.stock("mug");
  const lines = [
    { sku: "mug", quantity: 3 },
    { sku: "last-one", quantity: 1 },
  ];

  const refused = await shop.storefront.create({ ...cartOf("mug"), lines });

  expect(refused).toMatchObject({ status: 409, body: { code: "out_of_stock" } });
  expect(refused.text).not.toContain('"mug"');
  expect(await shop.stock("mug")).toMatchObject({ held: before.held });
});

test("every sale of the races is one the shopper can read", async () => {
  const { orders } = await shop.dumps();
  const told = shop.storefront.told.filter(({ status }) => status === 201).length;
  expect(orders.length).toBeLessThanOrEqual(told);
  expect(checkoutIn(await shop.storefront.create(cartOf("mug"))).checkoutId).toMatch(/^chk_eu_/);
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});
