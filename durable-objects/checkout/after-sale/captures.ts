import type { CaptureResult } from "../../../payments/provider.ts";
import { leftOf, type Money, minus, plus, sameMoney, sum, zero } from "../../../schema/money.ts";
import { assert } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { paymentFact } from "../../../schema/states.ts";
import type { Begin } from "../../saga/step.ts";
import type { Capture } from "../sale/after-sale-acts.ts";
import { due } from "../sale/cancellation.ts";
import { type Checkout, hasParcels } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withCapture, withPaymentChange, withStatus } from "../sale/checkout-changes.ts";
import { acceptedReply, orderReply } from "../view/replies.ts";
import { withLineFacts } from "./lines/order-lines.ts";
import type { Wanted } from "./lines/wanted-lines.ts";
import { beginNextMoneyCall } from "./money-queue.ts";
import { nextOrder, statusAtRest } from "./order.ts";

const HOUR_MS = 3_600_000;

/** The provider has decided about a capture that it had only received. */
export const CAPTURE_OUTCOME = "capture.settled";
/** How eagerly a pending outcome is looked for when no webhook tells it. */
export const LOOK_FOR_OUTCOME = { firstMs: 15_000, delayMaxMs: 6 * HOUR_MS };

type Recording = {
  readonly tx: CheckoutTx;
  readonly runId: string;
  readonly nowMs: number;
  readonly begin: Begin;
};

/**
 * Writes down how the nth capture stands. A "no" starts the cancel of an order of which nothing was
 * taken and nothing has left.
 */
export function recordCapture(recording: Recording, n: number, result: CaptureResult): void {
  const { tx, begin } = recording;
  if (result.capture === "captured") taken(recording, n, result.amount);
  if (result.capture === "pending") received(recording, n);
  if (result.capture === "refused") refusedBecause(recording, n, result);
  beginNextMoneyCall({ tx, begin });
}

/** Books what the provider took: in its dashboard another sum may have been taken than was wished. */
function taken({ tx, nowMs }: Recording, n: number, amount: Money): void {
  const { order: before, paidBy } = tx.checkout;
  const { amount: wished, answerKey } = captureOf(tx.checkout, n);
  assert(before && paidBy, "a placed sale has its order and payment");
  const captured = plus(before.captured, amount);
  const payment = paymentFact({
    totalMinor: before.total.amountMinor,
    capturedMinor: captured.amountMinor,
    refundedMinor: before.refunded.amountMinor,
  });
  const by = sameMoney(amount, wished) ? {} : ({ moneyBy: "provider" } as const);
  const counted = withCapture(tx.checkout, n, { status: "captured", amount });
  const order = withLineFacts(counted, nextOrder(before, { payment, captured, ...by }, nowMs));
  const paid = withPaymentChange(counted, paidBy.attempt, { status: "captured" });
  const changed = { ...paid, order };
  // It may have been stuck, and an operator resumed it.
  tx.save(withStatus(changed, statusAtRest(changed)));
  tx.emit("tender.order.captured.v1", order);
  if (answerKey) tx.answer("capture", orderReply(tx.checkout), answerKey);
}

function received({ tx, nowMs }: Recording, n: number): void {
  const { order: before, paidBy } = tx.checkout;
  const { answerKey, status } = captureOf(tx.checkout, n);
  if (status === "pending") return;
  assert(before && paidBy, "a placed sale has its order and payment");
  const isFirst = before.payment === "authorized";
  const order = nextOrder(before, isFirst ? { payment: "capture_pending" } : {}, nowMs);
  const pending = withCapture(tx.checkout, n, { status: "pending" });
  const change = { status: "capture_pending" } as const;
  tx.save({ ...withPaymentChange(pending, paidBy.attempt, change), order });
  tx.emit("tender.order.capture_pending.v1", order);
  if (answerKey) tx.answer("capture", acceptedReply(tx.checkout), answerKey);
}

function refusedBecause({ tx, runId, nowMs }: Recording, n: number, result: RefusedCapture): void {
  const { reason, standing } = result;
  const { answerKey, status } = captureOf(tx.checkout, n);
  tx.save(withCapture(tx.checkout, n, { status: "refused" }));
  const hasTaken = tx.checkout.captures?.some(({ status }) => status === "captured") ?? false;
  // It may have been taken in the provider's dashboard, and is then found and booked.
  const tookSome = hasTaken || (standing !== undefined && standing.amountMinor > 0);
  // Of an order that is paid in part the rest stays with the merchant, who is answered, to decide on.
  const isTheirs = tookSome && answerKey !== undefined;
  if (hasParcels(tx.checkout) && !isTheirs) tellUnpaid(tx, nowMs);
  else if (!tookSome) tx.save({ ...tx.checkout, cancelBecause: "capture_refused" });
  else if (status === "pending") tellRefused(tx, nowMs);
  console.warn({ event: "payment.capture_refused", runId, reason });
  if (answerKey) tx.answer("capture", refuse("capture_refused", { reason }), answerKey);
}

type RefusedCapture = Extract<CaptureResult, { capture: "refused" }>;

/** The merchant was told that it is on its way; the order stands as it did. */
function tellRefused(tx: CheckoutTx, nowMs: number): void {
  const order = nextOrder(tx.checkout.order, {}, nowMs);
  tx.save({ ...tx.checkout, order });
  tx.emit("tender.order.capture_refused.v1", order);
}

/** Goods have left and their money is not there: their stock stays gone, and an operator decides. */
export function tellUnpaid(tx: CheckoutTx, nowMs: number, more: { captured?: Money } = {}): void {
  const failed = nextOrder(tx.checkout.order, { payment: "capture_failed", ...more }, nowMs);
  const order = withLineFacts(tx.checkout, failed);
  tx.save({ ...tx.checkout, order });
  tx.emit("tender.order.capture_failed.v1", order);
}

function captureOf({ captures }: Checkout, n: number): Capture {
  const capture = captures?.find((each) => each.n === n);
  assert(capture, `there is a capture ${n}`);
  return capture;
}

/**
 * What may still be captured: authorized, less what was cancelled untaken, less what is or will be
 * taken; nothing after the last.
 */
export function capturable(checkout: Checkout): Money {
  const { order, captures = [], paidBy } = checkout;
  assert(order, "only an order is captured");
  if (!paidBy) return zero(order.total.currency);
  const standing = captures.filter(({ status }) => status !== "refused");
  const isOver = standing.some(({ isLast }) => isLast) || order.payment === "voided";
  const isSpent = standing.length > 0 && paidBy.secured.severalCaptures !== true;
  if (isOver || isSpent) return minus(order.total, order.total);
  return leftOf(
    due(checkout),
    sum(
      standing.map(({ amount }) => amount),
      order.total.currency,
    ),
  );
}

export type WantedCapture = Wanted & {
  readonly isLast: boolean;
  readonly answerKey?: string | undefined;
};

/**
 * Reserves a capture's amount, behind the money calls that were asked for before. Where only one
 * was granted it is the last one, whatever was wished.
 */
export function withQueuedCapture(checkout: Checkout, wanted: WantedCapture): Checkout {
  const { captures = [], paidBy } = checkout;
  const isLast = wanted.isLast || paidBy?.secured.severalCaptures !== true;
  const queued = { ...wanted, isLast, n: captures.length + 1, status: "queued" } as const;
  return { ...checkout, captures: [...captures, queued] };
}
