import type { RefundResult } from "../../../payments/provider.ts";
import { leftOf, type Money, plus, sum } from "../../../schema/money.ts";
import type { Order, RefundLine } from "../../../schema/order.ts";
import { assert } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { paymentFact } from "../../../schema/states.ts";
import type { Begin } from "../../saga/step.ts";
import type { Refund } from "../sale/after-sale-acts.ts";
import type { Checkout } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withRefund, withStatus } from "../sale/checkout-changes.ts";
import { acceptedReply, orderReply } from "../view/replies.ts";
import { fulfilmentAfter } from "./lines/fulfilment-fact.ts";
import { withLineFacts } from "./lines/order-lines.ts";
import type { Wanted } from "./lines/wanted-lines.ts";
import { beginNextMoneyCall, isMoneyCallOut } from "./money-queue.ts";
import { nextOrder, statusAtRest } from "./order.ts";

/** The provider has decided about a refund that it had only received. */
export const REFUND_OUTCOME = "refund.settled";

type Recording = { readonly tx: CheckoutTx; readonly nowMs: number; readonly begin: Begin };

/** Writes down how the nth refund stands, and lets the next money call go. */
export function recordRefund({ tx, nowMs, begin }: Recording, n: number, result: RefundResult) {
  const { answerKey, amount, lines } = refundOf(tx.checkout, n);
  // It may have been stuck, and an operator resumed it; another call may be so still.
  const isAlone = !isMoneyCallOut(withRefund(tx.checkout, n, { status: "refused" }));
  if (isAlone) tx.save(withStatus(tx.checkout, statusAtRest(tx.checkout)));
  if (result.refund === "refunded") {
    const { reference } = result;
    const moved = lines ? { hasMoved: true as const } : {};
    tx.save(withRefund(tx.checkout, n, { status: "refunded", reference, ...moved }));
    const order = withRefunded(tx.checkout, { refunded: (before) => plus(before, amount) }, nowMs);
    tx.save({ ...tx.checkout, order });
    tx.emit("tender.order.refunded.v1", order);
    if (answerKey) tx.answer("refund", orderReply(tx.checkout), answerKey);
  }
  if (result.refund === "pending") {
    const { reference } = result;
    tx.save(withRefund(tx.checkout, n, { status: "pending", reference }));
    if (answerKey) tx.answer("refund", acceptedReply(tx.checkout), answerKey);
  }
  if (result.refund === "refused") {
    const wasPending = refundOf(tx.checkout, n).status === "pending";
    tx.save(withRefund(tx.checkout, n, { status: "refused" }));
    if (wasPending) tellFailed(tx, nowMs);
    const no = refuse("refund_refused", { reason: result.reason });
    if (answerKey) tx.answer("refund", no, answerKey);
  }
  beginNextMoneyCall({ tx, begin });
}

/** A refund that was done has come back: the shopper's bank did not take it. */
export function recordReturnedRefund(tx: CheckoutTx, n: number, nowMs: number): void {
  const { amount } = refundOf(tx.checkout, n);
  tx.save(withRefund(tx.checkout, n, { status: "refused" }));
  const change = {
    refunded: (before: Money) => leftOf(before, amount),
    moneyBy: "provider",
  } as const;
  const order = withRefunded(tx.checkout, change, nowMs);
  tx.save({ ...tx.checkout, order });
  tx.emit("tender.order.refund_failed.v1", order);
}

/** Nobody waits for the answer any more: whoever asked for it was told that it is on its way. */
function tellFailed(tx: CheckoutTx, nowMs: number): void {
  const order = nextOrder(tx.checkout.order, {}, nowMs);
  tx.save({ ...tx.checkout, order });
  tx.emit("tender.order.refund_failed.v1", order);
}

type RefundedChange = {
  readonly refunded: (before: Money) => Money;
  readonly moneyBy?: "provider";
};

/** The order once more or less of it went back. */
export function withRefunded(
  checkout: Checkout,
  { refunded: changed, ...by }: RefundedChange,
  nowMs: number,
): Order {
  const { order } = checkout;
  assert(order, "only an order is refunded");
  const refunded = changed(order.refunded);
  const payment = paymentFact({
    totalMinor: order.total.amountMinor,
    capturedMinor: order.captured.amountMinor,
    refundedMinor: refunded.amountMinor,
  });
  // Where its pieces were cancelled, the rest may have left already.
  const fulfilment = fulfilmentAfter(checkout);
  return withLineFacts(checkout, nextOrder(order, { payment, refunded, fulfilment, ...by }, nowMs));
}

export function refundOf({ refunds }: Checkout, n: number): Refund {
  const refund = refunds?.find((each) => each.n === n);
  assert(refund, `there is a refund ${n}`);
  return refund;
}

/** What may still be refunded: captured, less what went back or is about to. */
export function refundable({ order, refunds = [] }: Checkout): Money {
  assert(order, "only an order is refunded");
  const reserved = refunds.filter(({ status }) => status !== "refused").map(({ amount }) => amount);
  // A capture that bounced may leave less than was promised to go back.
  return leftOf(order.captured, sum(reserved, order.total.currency));
}

/** Reserves a refund's amount and pieces, behind those that were asked for before. */
export function withQueuedRefund(
  checkout: Checkout,
  wanted: Wanted<RefundLine>,
  answerKey?: string,
): Checkout {
  const { refunds = [] } = checkout;
  const queued = { n: refunds.length + 1, ...wanted, status: "queued", answerKey } as const;
  return { ...checkout, refunds: [...refunds, queued] };
}
