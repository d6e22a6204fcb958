import { expect, test, vi } from "vitest";
import { capturable } from "../../../durable-objects/checkout/after-sale/captures.ts";
import {
  whyNotCapture,
  whyNotRefund,
} from "../../../durable-objects/checkout/after-sale/why-not.ts";
import type { CheckoutTx } from "../../../durable-objects/checkout/sale/checkout.tx.ts";
import type { CheckoutDeps } from "../../../durable-objects/checkout/sale/ports.ts";
import { lastLookMs, purgeAtMs } from "../../../durable-objects/checkout/sale/schedule.ts";
import { Stage } from "../../../durable-objects/saga/testing/stage.ts";
import { product } from "../matrix/matrix.ts";
import { withOwnClock } from "./open-sale.ts";
import { free, openedShop, pay, ship } from "./sale-calls.ts";
import { sagas } from "./sale-scenario.ts";
import { Shop } from "./shop.ts";

withOwnClock();

/** A shop with one open checkout that a code made free. */
async function freeSale() {
  const shop = new Shop(product);
  const { deps, storage } = shop;
  const stage = new Stage<CheckoutDeps, CheckoutTx>({ sagas, deps, storage });
  const { runner } = stage;
  await openedShop(shop, runner, free);
  return { shop, stage, runner };
}

async function placedFree() {
  const sale = await freeSale();
  await pay(sale.shop, sale.runner, free);
  await sale.stage.idle();
  return sale;
}

test("an order that cost nothing names no provider, and its goods are asked for at once", async () => {
  const { shop } = await placedFree();

  const { order, payments, paidBy } = shop.checkout;
  expect(order).toMatchObject({
    ...{ version: 2, method: "none", payment: "not_required", fulfilment: "requested" },
    ...{ captured: { amountMinor: 0 }, refunded: { amountMinor: 0 } },
  });
  expect(order).not.toHaveProperty("provider");
  expect(order).not.toHaveProperty("providerReference");
  expect(payments).toMatchObject([{ method: "none", status: "not_required" }]);
  expect(paidBy).toBeUndefined();
  expect(shop.answerTo("pay", "pay")).toMatchObject({ status: 200, body: { status: "placed" } });
});

test("of what cost nothing there is nothing to capture or to refund", async () => {
  const { shop } = await placedFree();
  const { checkout } = shop;
  const cent = { amountMinor: 1, currency: "EUR" };

  expect(capturable(checkout)).toEqual({ amountMinor: 0, currency: "EUR" });
  expect(whyNotCapture(checkout, { amount: capturable(checkout) })?.refused).toBe(
    "order_not_capturable",
  );
  expect(whyNotRefund(checkout, { amount: cent }, Date.now())?.refused).toBe(
    "order_not_refundable",
  );
});

test("what cost nothing is handed over like anything else, and captures nothing", async () => {
  const { shop, stage, runner } = await placedFree();
  await ship(shop, runner);
  await stage.idle();

  expect(shop.checkout.order).toMatchObject({ status: "fulfilled", payment: "not_required" });
  expect(shop.checkout.captures).toBeUndefined();
});

test("an order that cost nothing is kept as long as any, and no provider is asked about it", async () => {
  const { shop } = await placedFree();
  const { checkout } = shop;

  expect(purgeAtMs(checkout)).toBe(checkout.createdAtMs + 548 * 86_400_000);
  expect(lastLookMs(checkout)).toBeUndefined();
});

test("where the stock does not answer it is not placed, and its goods stay set aside", async () => {
  const { shop, stage, runner } = await freeSale();
  vi.spyOn(shop.deps.inventory, "allocate").mockRejectedValue(new Error("away"));
  void pay(shop, runner, free);
  await stage.pass(60_000);

  expect(shop.answerTo("pay", "pay")).toMatchObject({ refused: "order_not_placed" });
  expect(shop.checkout.status).toBe("open");
  expect(shop.stockOf("held")).toBe(3);
});
