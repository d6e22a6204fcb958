import type { Dispute } from "../../../payments/provider.ts";
import { leftOf } from "../../../schema/money.ts";
import { assert } from "../../../schema/outcome.ts";
import type { DisputeFact } from "../../../schema/states.ts";
import { tellUnpaid } from "../after-sale/captures.ts";
import { nextOrder } from "../after-sale/order.ts";
import { recordReturnedRefund } from "../after-sale/refunds.ts";
import { hasParcels, isCancelled, isUntaken } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withCapture } from "../sale/checkout-changes.ts";
import type { ProviderNews } from "./news.ts";
import { recordOutsideActs } from "./outside-acts.ts";

/** Writes down what happened to an order's money after everybody had thought it settled. */
export function record(
  tx: CheckoutTx,
  news: Exclude<ProviderNews, { is: "lateMoney" | "unclear" }>,
  nowMs: number,
): void {
  switch (news.is) {
    case "lapsed":
      // While the provider was asked, somebody else may have moved the order on.
      if (isCancelled(tx.checkout) || !isUntaken(tx.checkout)) return;
      tx.save({ ...tx.checkout, cancelBecause: "authorization_expired" });
      break;
    case "refundReturned":
      recordReturnedRefund(tx, news.n, nowMs);
      break;
    case "captureFailed":
      recordFailedCapture(tx, news.n, nowMs);
      break;
    case "outsideActs":
      recordOutsideActs(tx, news.standing, nowMs);
      break;
    case "disputed":
      recordDisputes(tx, news.disputes, nowMs);
  }
}

/**
 * A confirmed capture was taken back. Before the goods are sent the order is cancelled; after that
 * the stock stays gone, and an operator decides. A cancel gives back whatever there is, in any case.
 */
function recordFailedCapture(tx: CheckoutTx, n: number, nowMs: number): void {
  const { order: before, captures } = tx.checkout;
  const failed = captures?.find((each) => each.n === n);
  assert(before && failed, `there is a capture ${n}`);
  if (isCancelled(tx.checkout)) return;
  const captured = leftOf(before.captured, failed.amount);
  tx.save(withCapture(tx.checkout, n, { status: "refused" }));
  if (hasParcels(tx.checkout)) tellUnpaid(tx, nowMs, { captured });
  else {
    const order = { ...before, captured };
    tx.save({ ...tx.checkout, order, cancelBecause: "capture_refused" });
  }
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

/** The worst of them, in whatever order the provider lists them. */
function factOf(disputes: readonly Dispute[]): DisputeFact {
  const isAny = (wanted: DisputeFact) => disputes.some(({ dispute }) => dispute === wanted);
  return (["open", "lost", "won"] as const).find(isAny) ?? "none";
}
