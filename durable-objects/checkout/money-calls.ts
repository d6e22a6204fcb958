import type { Authorization } from "../../payments/provider.ts";
import { type Money, minus, sum } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";
import type { Begin } from "../saga/step.ts";
import type { CancelInput } from "./cancel.saga.ts";
import type { Checkout } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import type { RefundInput } from "./refund.saga.ts";

/**
 * Of one payment, one money call is out at a time; the others queue in the sale. A money call is a
 * capture, a refund or the cancel of a placed order.
 */
export function isMoneyCallOut({ status, refunds = [] }: Checkout): boolean {
  const isCapturing = status === "placed";
  return isCapturing || status === "cancelling" || refunds.some((each) => each.status === "sent");
}

/** What may still be refunded: captured, less what went back or is about to. */
export function refundable({ order, refunds = [] }: Checkout): Money {
  assert(order, "only an order is refunded");
  const reserved = refunds.filter(({ status }) => status !== "refused").map(({ amount }) => amount);
  return minus(order.captured, sum(reserved, order.total.currency));
}

/** Reserves a refund's amount, behind those that were asked for before. */
export function withQueuedRefund(checkout: Checkout, amount: Money, answerKey: string): Checkout {
  const { refunds = [] } = checkout;
  const queued = { n: refunds.length + 1, amount, status: "queued", answerKey } as const;
  return { ...checkout, refunds: [...refunds, queued] };
}

/** The run that is next in the queue; a cancel goes before refunds, for it gives everything back. */
export function nextMoneyCall(checkout: Checkout) {
  if (isMoneyCallOut(checkout) || checkout.status !== "captured") return undefined;
  if (checkout.cancelRequested) return { saga: "cancel", ...cancelRun(checkout, "requested") };
  const refund = checkout.refunds?.find(({ status }) => status === "queued");
  if (!refund) return undefined;
  const { n, amount, answerKey } = refund;
  const input: RefundInput = { n, amount, answerKey, authorization: authorizationOf(checkout) };
  return { saga: "refund", runId: `${checkout.checkoutId}/refund/${n}`, input };
}

/** Called in the commit that ends a money call. */
export function beginNextMoneyCall({ tx, begin }: { tx: CheckoutTx; begin: Begin }): void {
  const next = nextMoneyCall(tx.checkout);
  if (next) begin(next.saga, next.runId, next.input);
}

/** A sale is cancelled once: its run has one name, whatever the reason. */
export function cancelRun(checkout: Checkout, reason: CancelInput["reason"]) {
  const { shopId, checkoutId, hold } = checkout;
  const sale = { shopId, checkoutId };
  const input: CancelInput = { sale, hold, authorization: authorizationOf(checkout), reason };
  return { runId: `${checkoutId}/cancel`, input };
}

function authorizationOf({ order }: Checkout): Authorization {
  assert(order, "a placed sale has its payment");
  const { provider, providerReference: reference, total: amount } = order;
  return { provider, reference, amount };
}
