import { readReference } from "../../../payments/payment-reference.ts";
import type { Standing, StandingRefund } from "../../../payments/provider.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import { leftOf, type Money, plus, sum } from "../../../schema/money.ts";
import { assert } from "../../../schema/outcome.ts";
import { paymentFact } from "../../../schema/states.ts";
import { requestFulfilment } from "../after-sale/fulfilment.ts";
import { withLineFacts } from "../after-sale/lines/order-lines.ts";
import { nextOrder, statusAtRest } from "../after-sale/order.ts";
import { recordReturnedRefund, withRefunded } from "../after-sale/refunds.ts";
import { type Checkout, isCancelled, isUntaken } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withPaymentChange, withRefund, withStatus } from "../sale/checkout-changes.ts";
import { isOfOrder } from "./late-money.ts";
import { refuseWhatIsNotLeft } from "./not-left.ts";

/**
 * What a merchant does in the provider's own dashboard: captures, refunds and voids that nobody here
 * asked for. They become facts of the order; the amounts are the provider's.
 */

/**
 * Whether a notice may tell of such an act: by sums above those that we know or wait for, or by a
 * name that is none of our calls'. The cancel of an order gives back whatever there is.
 */
export function mayBeOutsideAct(notice: Notice, checkout: Checkout): boolean {
  const { order, captures = [], refunds = [] } = checkout;
  if (!order || isCancelled(checkout) || !isOfOrder(notice, checkout)) return false;
  const { kind, success, about, told } = notice;
  if (kind === "books") return true;
  if (told) {
    const { captured, refunded = order.refunded } = told;
    const isTaken = isExplained(captured, order.captured, captures);
    return !isTaken || !isExplained(refunded, order.refunded, refunds);
  }
  if (!success) return false;
  const part = readReference(notice.ourReference)?.part;
  switch (kind) {
    case "void":
      return true;
    case "capture":
      return !captures.some(({ n, isFound }) => part === `c${n}` && !isFound);
    case "refund":
      return !refunds.some(({ n, reference }) => part === `r${n}` || reference === about);
    default:
      return false;
  }
}

const OUT = ["sent", "pending"];
type Act = { readonly status: string; readonly amount: Money };

/**
 * Whether a sum that was told is what the order says, an older one, or what it says and calls of ours
 * that are out. By chance it may be so and be somebody else's: reconciliation then finds it.
 */
function isExplained(told: Money, known: Money, acts: readonly Act[]): boolean {
  const more = leftOf(told, known).amountMinor;
  const out = acts.filter(({ status }) => OUT.includes(status)).map(({ amount }) => amount);
  const all = sum(out, known.currency);
  return more === 0 || [all, ...out].some(({ amountMinor }) => amountMinor === more);
}

/**
 * Writes down what of a payment's standing the order did not know, each with its event. What was
 * queued here and can no longer be had is refused. While a money call is out nothing may be
 * recorded so: what it does would be taken for somebody else's.
 */
export function recordOutsideActs(tx: CheckoutTx, standing: Standing, nowMs: number): void {
  if (isCancelled(tx.checkout)) return;
  recordTaken(tx, standing, nowMs);
  for (const refund of standing.refunds) recordGivenBack(tx, refund, nowMs);
  const isLetGo = !standing.isHeld && standing.captured.amountMinor === 0;
  if (isLetGo && isUntaken(tx.checkout)) {
    tx.save({ ...tx.checkout, cancelBecause: "authorization_expired" });
  }
  refuseWhatIsNotLeft(tx);
}

function recordTaken(tx: CheckoutTx, { captured, isHeld }: Standing, nowMs: number): void {
  const { order: before, paidBy, captures = [] } = tx.checkout;
  assert(before && paidBy, "a placed sale has its order and payment");
  const amount = leftOf(captured, before.captured);
  if (amount.amountMinor === 0) return;
  const payment = paymentFact({
    totalMinor: before.total.amountMinor,
    capturedMinor: captured.amountMinor,
    refundedMinor: before.refunded.amountMinor,
  });
  const n = captures.length + 1;
  // Where one capture was granted, that was it.
  const isLast = !isHeld || paidBy.secured.severalCaptures !== true;
  const found = { n, amount, status: "captured", isLast, isFound: true } as const;
  const counted = { ...tx.checkout, captures: [...captures, found] };
  const next = nextOrder(before, { payment, captured, moneyBy: "provider" }, nowMs);
  const order = withLineFacts(counted, next);
  const paid = { ...withPaymentChange(counted, paidBy.attempt, { status: "captured" }), order };
  tx.save(withStatus(paid, statusAtRest(paid)));
  tx.emit("tender.order.captured.v1", order);
  requestFulfilment(tx, nowMs);
}

/** Our own refunds are told by whoever waits for them; the others are known by the provider's name. */
function recordGivenBack(tx: CheckoutTx, refund: StandingRefund, nowMs: number): void {
  const { refunds = [] } = tx.checkout;
  const { reference, amount, status } = refund;
  const known = refunds.find((each) => each.reference === reference);
  if (known ? !known.isFound || known.status === status : status === "refused") return;
  const n = known?.n ?? refunds.length + 1;
  if (known?.status === "refunded") {
    recordReturnedRefund(tx, n, nowMs);
    return;
  }
  const found = { n, amount, status, reference, isFound: true } as const;
  if (known) tx.save(withRefund(tx.checkout, n, found));
  else tx.save({ ...tx.checkout, refunds: [...refunds, found] });
  if (status !== "refunded") return;
  const change = {
    refunded: (before: Money) => plus(before, amount),
    moneyBy: "provider",
  } as const;
  const order = withRefunded(tx.checkout, change, nowMs);
  tx.save({ ...tx.checkout, order });
  tx.emit("tender.order.refunded.v1", order);
}
