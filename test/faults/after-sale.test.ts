import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { record } from "../../durable-objects/checkout/aftermath-records.ts";
import { withQueuedCapture } from "../../durable-objects/checkout/captures.ts";
import type { CheckoutDeps } from "../../durable-objects/checkout/checkout.deps.ts";
import type { Checkout } from "../../durable-objects/checkout/checkout.ts";
import type { CheckoutTx } from "../../durable-objects/checkout/checkout.tx.ts";
import { nextMoneyCall } from "../../durable-objects/checkout/money-calls.ts";
import { refundable, withQueuedRefund } from "../../durable-objects/checkout/refunds.ts";
import { resumed } from "../../durable-objects/checkout/stuck.ts";
import { Stage } from "../../durable-objects/saga/test-stage.ts";
import type { Money } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import { product } from "./matrix.ts";
import { checkoutId, openedShop, pay, type Sale, ship } from "./sale-calls.ts";
import { sagas } from "./sale-scenario.ts";
import { demo, MUG, SHIRT, Shop } from "./shop.ts";

const eur = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });

beforeEach(() => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A sale's world, and an engine that drives it. */
function openSale() {
  const shop = new Shop(product);
  const { deps, storage } = shop;
  const stage = new Stage<CheckoutDeps, CheckoutTx>({ sagas, deps, storage });
  return { shop, stage, runner: stage.runner };
}

async function placed(sale: Sale = {}) {
  const opened = openSale();
  await openedShop(opened.shop, opened.runner, {});
  await pay(opened.shop, opened.runner, sale);
  await opened.stage.idle();
  return opened;
}

type Opened = Awaited<ReturnType<typeof placed>>;
type MoneyRoute = "capture" | "refund" | "cancel_order";

/** As the door of the sale does it: at once, or behind the money call that is out. */
async function ask({ shop, stage, runner }: Opened, route: MoneyRoute, queued: Checkout) {
  const owed = { route, key: route, fingerprint: "same" };
  const next = nextMoneyCall(queued);
  const write = (tx: CheckoutTx) => {
    tx.save(queued);
    tx.expectAnswer(owed);
  };
  if (next) await runner.start(next.saga, next.runId, next.input, write);
  else shop.transact(write);
  await stage.idle();
}

const cancelled = (checkout: Checkout): Checkout => ({ ...checkout, cancelBecause: "requested" });
const whole = { amount: eur(5_000), isLast: true, answerKey: "capture" };
const unended = ({ shop }: Opened) => shop.runs().filter(({ ended }) => !ended);

test("a cancel waits for a refund that the provider is still at, and gives back the rest", async () => {
  const sale = await placed();
  const { shop, stage, runner } = sale;
  shop.stripe.isSlow = true;
  await ask(sale, "refund", withQueuedRefund(shop.checkout, eur(1_200), "refund"));

  await ask(sale, "cancel_order", cancelled(shop.checkout));
  const runId = `${checkoutId}/refund/1`;
  const event = { name: "refund.settled", key: `${runId}/refund` };
  await runner.deliver(runId, { ...event, payload: shop.stripe.settled() });
  await stage.idle();

  expect(shop.checkout).toMatchObject({
    status: "cancelled",
    order: { payment: "refunded", refunded: eur(5_000) },
  });
  expect(unended(sale)).toEqual([]);
  expect(shop.unanswered()).toEqual([]);
});

