import type { Dispute } from "../../payments/provider.ts";
import { minus } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import type { DisputeFact } from "../../schema/states.ts";
import { type Checkout, nextOrder, withCapture } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";

/**
 * A confirmed capture was taken back. Before the goods are sent the order is cancelled; after that
 * the stock stays gone, and an operator decides.
 */
export function recordFailedCapture(tx: CheckoutTx, n: number, nowMs: number): void {
  const { order: before, captures } = tx.checkout;
  const failed = captures?.find((each) => each.n === n);
  assert(before && failed, `there is a capture ${n}`);
  const captured = minus(before.captured, failed.amount);
  const refused = withCapture(tx.checkout, n, { status: "refused" });
  if (!isShipped(before)) {
    const order = { ...before, captured };
    return tx.save({ ...refused, order, cancelBecause: "capture_refused" });
  }
  const order = nextOrder(before, { payment: "capture_failed", captured }, nowMs);
  tx.save({ ...refused, order });
  tx.emit("tender.order.capture_failed.v1", order);
}

function isShipped({ fulfilment }: { readonly fulfilment: string }): boolean {
  return fulfilment === "partial" || fulfilment === "fulfilled";
}

/** Writes down how the payment's disputes stand; one that is heard of only at its end was open. */
export function recordDisputes(
  tx: CheckoutTx,
  disputes: readonly Dispute[],
  nowMs: number,
): void {
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

/** Nobody took the money in time: what was not captured by now never will be. */
export function recordLapse(checkout: Checkout): Checkout {
  return { ...checkout, cancelBecause: "authorization_expired" };
}
