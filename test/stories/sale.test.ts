import { expect, test } from "vitest";
import { american, cardPayment, cartOf, checkoutIn } from "../clients/storefront.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const shop = await openShop();
const SETTLED = { withinMs: 30_000 };

test("a sale goes from cart to captured, and stock goes down once", async () => {
  const before = await shop.stock("mug");
  const created = await shop.storefront.create(cartOf("mug", 2));
  expect(created).toMatchObject({ status: 201, body: { status: "open", region: "eu" } });
  const checkout = checkoutIn(created);
  expect(await shop.stock("mug")).toMatchObject({ held: before.held + 2 });

  const paid = await shop.pay(checkout, "pm_card_visa");
  expect(paid.status).toBe(200);
  expect(["placed", "captured"]).toContain(paid.body.status);

  const { body: order } = await eventually(
    () => shop.storefront.order(paid.body.orderId ?? ""),
    ({ body }) => body.status === "fulfillment_requested",
    SETTLED,
  );
  expect(order).toMatchObject({ checkoutId: checkout.checkoutId, total: checkout.total });
  expect(await shop.stripe.captured(checkout)).toEqual([checkout.total.amountMinor]);
  expect(await shop.stock("mug")).toMatchObject({
    received: before.received,
    available: before.available - 2,
    held: before.held,
    allocated: before.allocated + 2,
  });
});

test("the order and its events reach the order store, without a gap", async () => {
  const checkout = await shop.open("shirt");
  const { body } = await shop.pay(checkout, "pm_card_visa");
  const orderId = body.orderId ?? "";

  const { orders, events } = await eventually(
    () => shop.dumps(),
    (dumps) => dumps.orders.some((order) => order.orderId === orderId && isDone(order.status)),
    SETTLED,
  );
  const order = orders.find((row) => row.orderId === orderId);
  const own = events.filter(({ subject }) => subject === orderId);
  expect(order).toMatchObject({ total: checkout.total, lines: [{ sku: "shirt", quantity: 1 }] });
  const sequences = own.map(({ sequence }) => sequence).sort((a, b) => a - b);
  expect(sequences).toEqual(Array.from({ length: order?.version ?? 0 }, (_, index) => index + 1));
  expect(own.map(({ type }) => type)).toContain("tender.order.placed.v1");
});

test("the shopper reads the timeline and the order with the checkout's secret", async () => {
  const checkout = await shop.open("mug");
  const { body } = await shop.pay(checkout, "pm_card_visa");

  const view = await shop.storefront.checkout(checkout);
  expect(view.status).toBe(200);
  expect(view.body.orderId).toBe(body.orderId);
  const steps = view.body.timeline?.map(({ step }) => step) ?? [];
  expect(steps).toEqual(expect.arrayContaining(["authorize", "place"]));
  expect(steps.indexOf("authorize")).toBeLessThan(steps.indexOf("place"));

  const order = await shop.storefront.order(body.orderId ?? "", {
    apiKey: "pk_test_storefront",
    secret: checkout.clientSecret,
  });
  expect(order).toMatchObject({ status: 200, body: { orderId: body.orderId } });
});

test("create with a payment sells in one round trip", async () => {
  const { total } = await shop.open("poster");
  const cart = { ...cartOf("poster"), ...cardPayment("pm_card_visa", total) };

  const sale = await shop.storefront.create(cart);

  expect(sale.status).toBe(201);
  expect(["placed", "captured"]).toContain(sale.body.status);
  expect(sale.body.orderId).toMatch(/^ord_eu_/);
  const checkout = checkoutIn(sale);
  await eventually(
    () => shop.stripe.captured(checkout),
    (captured) => captured.length === 1,
    SETTLED,
  );
});

test("the same calls with the same keys change nothing and answer the same", async () => {
  const cart = cartOf("lamp");
  const created = await shop.storefront.create(cart, { key: "create-lamp" });
  const checkout = checkoutIn(created);
  const paid = await shop.pay(checkout, "pm_card_visa", "pay-lamp");
  const stock = await shop.stock("lamp");

  const createdAgain = await shop.storefront.create(cart, { key: "create-lamp" });
  const paidAgain = await shop.pay(checkout, "pm_card_visa", "pay-lamp");

  expect(created.replayed).toBe(false);
  expect(createdAgain).toMatchObject({ status: 201, replayed: true, body: created.body });
  expect(paidAgain).toMatchObject({ status: 200, replayed: true, body: paid.body });
  expect(await shop.stock("lamp")).toEqual(stock);
  expect(await shop.stripe.paymentsOf(checkout)).toHaveLength(1);
});

test("a sale at home in another region stays there", async () => {
  const eu = await shop.stock("mug", "eu");
  const us = await shop.stock("mug", "us");

  const checkout = checkoutIn(await shop.storefront.create(cartOf("mug", 1, american)));
  await shop.pay(checkout, "pm_card_visa");

  expect(checkout.checkoutId).toMatch(/^chk_us_/);
  expect(await shop.stock("mug", "eu")).toEqual(eu);
  expect((await shop.stock("mug", "us")).available).toBe(us.available - 1);
});

test("every invariant holds once the shop is at rest", async () => {
  expect(await shop.audit()).toEqual(CLEAN);
});

function isDone(status: string): boolean {
  return status === "captured" || status === "fulfillment_requested";
}
