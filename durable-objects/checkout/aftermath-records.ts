import type { Dispute } from "../../payments/provider.ts";
import { minus } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import type { DisputeFact } from "../../schema/states.ts";
import type { Aftermath } from "./aftermath.ts";
import { withCapture } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { nextOrder } from "./order.ts";
import { recordReturnedRefund } from "./refunds.ts";

/** Writes down what happened to an order's money after everybody had thought it settled. */
export function record(
  tx: CheckoutTx,
  aftermath: Exclude<Aftermath, { is: "lateMoney" }>,
  nowMs: number,
): void {
  switch (aftermath.is) {
    case "lapsed":
      tx.save({ ...tx.checkout, cancelBecause: "authorization_expired" });
      break;
    case "refundReturned":
      recordReturnedRefund(tx, aftermath.n, nowMs);
      break;
    case "captureFailed":
      recordFailedCapture(tx, aftermath.n, nowMs);
      break;
    case "disputed":
      recordDisputes(tx, aftermath.disputes, nowMs);
  }
}

/**
 * A confirmed capture was taken back. Before the goods are sent the order is cancelled; after that
 * the stock stays gone, and an operator decides.
 */
function recordFailedCapture(tx: CheckoutTx, n: number, nowMs: number): void {
  const { order: before, captures } = tx.checkout;
  const failed = captures?.find((each) => each.n === n);
  assert(before && failed, `there is a capture ${n}`);
  const captured = minus(before.captured, failed.amount);
  const refused = withCapture(tx.checkout, n, { status: "refused" });
  if (!isShipped(before)) {
    tx.save({ ...refused, order: { ...before, captured }, cancelBecause: "capture_refused" });
    return;
  }
  const order = nextOrder(before, { payment: "capture_failed", captured }, nowMs);
  tx.save({ ...refused, order });
  tx.emit("tender.order.capture_failed.v1", order);
}

function isShipped({ fulfilment }: { readonly fulfilment: string }): boolean {
  return fulfilment === "partial" || fulfilment === "fulfilled";
}

/** Writes down how the payment's disputes stand; one that is heard of only at its end was open. */
function recordDisputes(tx: CheckoutTx, disputes: readonly Dispute[], nowMs: number): void {
  tx.save({ ...tx.checkout, disputes });
  const wanted = factOf(disputes);
  const before = tx.checkout.order?.dispute;
  if (wanted === before || wanted === "none") return;
  if (before !== "open") moveTo(tx, "open", nowMs);
  if (wanted !== "open") moveTo(tx, wanted, nowMs);
}

function moveTo(tx: CheckoutTx, dispute: DisputeFact, nowMs: number): void {
  const order = nextOrder(tx.checkout.order, { dispute }, nowMs);
  tx.save({ ...tx.checkout, order });
  tx.emit(
    dispute === "open" ? "tender.order.dispute_opened.v1" : "tender.order.dispute_closed.v1",
    order,
  );
}

function factOf(disputes: readonly Dispute[]): DisputeFact {
  if (disputes.some(({ dispute }) => dispute === "open")) return "open";
  return disputes.at(-1)?.dispute ?? "none";
}
