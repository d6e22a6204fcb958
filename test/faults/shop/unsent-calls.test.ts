import { expect, test, vi } from "vitest";
import { withQueuedCapture } from "../../../durable-objects/checkout/after-sale/captures.ts";
import { nextMoneyCall } from "../../../durable-objects/checkout/after-sale/money-queue.ts";
import {
  refundable,
  withQueuedRefund,
} from "../../../durable-objects/checkout/after-sale/refunds.ts";
import { asResumed, resumable } from "../../../durable-objects/checkout/entry/resumed-status.ts";
import type { Checkout } from "../../../durable-objects/checkout/sale/checkout.ts";
import type { Money } from "../../../schema/money.ts";
import { assert, UnsentBug } from "../../../schema/outcome.ts";
import { type PaidSale, paidSale, withOwnClock } from "./open-sale.ts";

const eur = (amountMinor: number): Money => ({ amountMinor, currency: "EUR" });

withOwnClock();

/** Queues a money call, which nothing stands in the way of. */
async function ask({ stage, runner }: PaidSale, queued: Checkout) {
  const next = nextMoneyCall(queued);
  assert(next, "no other money call is out");
  await runner.start(next.saga, next.runId, next.input, (tx) => tx.save(queued));
  await stage.idle();
}

const cancelled = (checkout: Checkout): Checkout => ({ ...checkout, cancelBecause: "requested" });
const whole = { amount: eur(5_000), isLast: true, answerKey: "capture" };

test("a refund that a bug of ours stops is stuck alone: what is queued and the cancel go on", async () => {
  const sale = await paidSale();
  const { shop, stage, runner } = sale;
  const bug = new UnsentBug("Bug: 1235 KWD");
  const send = vi.spyOn(shop.stripe, "refund").mockRejectedValueOnce(bug);
  await ask(sale, withQueuedRefund(shop.checkout, { amount: eur(1_235) }, "refund"));

  expect(shop.checkout).toMatchObject({ status: "captured", refunds: [{ status: "unsent" }] });
  const [stuck, ...others] = shop.runs().filter(({ stuckAt }) => stuckAt);
  assert(stuck && others.length === 0, "one run is stuck");
  expect(refundable(shop.checkout)).toEqual(eur(3_765));

  await ask(sale, withQueuedRefund(shop.checkout, { amount: eur(1_000) }, "second"));
  expect(shop.checkout.order?.refunded).toEqual(eur(1_000));

  // An operator: once the mistake is mended it goes out, and is out as any refund is.
  const [next] = resumable(shop.checkout, [stuck]);
  expect(next).toBe(stuck);
  shop.transact((tx) => tx.save(asResumed(shop.checkout, [stuck])));
  expect(shop.checkout.refunds?.[0]?.status).toBe("sent");
  await runner.resume(stuck.runId);
  await stage.idle();
  expect(shop.checkout.order?.refunded).toEqual(eur(2_235));
  expect(send).toHaveBeenCalledTimes(3);
});

test("an order is cancelled although one of its refunds could never be sent", async () => {
  const sale = await paidSale();
  const { shop, stage } = sale;
  vi.spyOn(shop.stripe, "refund").mockRejectedValueOnce(new UnsentBug("Bug: 1235 KWD"));
  await ask(sale, withQueuedRefund(shop.checkout, { amount: eur(1_235) }, "refund"));

  await ask(sale, cancelled(shop.checkout));
  await stage.idle();

  expect(shop.checkout).toMatchObject({ status: "cancelled", order: { refunded: eur(5_000) } });
  const stuck = shop.runs().filter(({ stuckAt }) => stuckAt);
  expect(resumable(shop.checkout, stuck)).toEqual([]);
});

test("a capture that a bug of ours stops leaves the order to be cancelled", async () => {
  const sale = await paidSale({ captureMode: "manual" });
  const { shop, stage } = sale;
  vi.spyOn(shop.stripe, "capture").mockRejectedValueOnce(new UnsentBug("Bug: 1235 KWD"));
  await ask(sale, withQueuedCapture(shop.checkout, whole));

  expect(shop.checkout).toMatchObject({ status: "placed", captures: [{ status: "unsent" }] });
  await ask(sale, cancelled(shop.checkout));
  await stage.idle();
  expect(shop.checkout).toMatchObject({ status: "cancelled", order: { payment: "voided" } });
});
