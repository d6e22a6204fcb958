import { checkoutCan } from "../../../schema/states.ts";
import type { Begin } from "../../saga/step.ts";
import type { Checkout } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { getStuck, tellStuck } from "../sale/stuck.ts";
import { cancelRun } from "./cancel.input.ts";
import { captureRun } from "./capture.input.ts";
import { refundRun } from "./refund.input.ts";

/**
 * Of one payment, one money call is out at a time; the others queue in the sale. A money call is a
 * capture, a refund or the cancel of a placed order. A refund that the provider has received is no
 * longer out: its amount stays reserved. A capture is, until it is known what there is to refund.
 */
export function isMoneyCallOut({ status, captures = [], refunds = [] }: Checkout): boolean {
  const isCapturing = captures.some((each) => each.status === "sent" || each.status === "pending");
  return isCapturing || status === "cancelling" || refunds.some((each) => each.status === "sent");
}

/**
 * The run that is next in the queue; a cancel goes before all, for it gives everything back. It
 * waits for refunds that were received: what they come to decides what is left to give back.
 */
export function nextMoneyCall(checkout: Checkout) {
  if (isMoneyCallOut(checkout) || !checkoutCan.moveMoney(checkout.status)) return undefined;
  const { captures, refunds, cancelBecause } = checkout;
  if (cancelBecause) {
    const isRefunding = refunds?.some(({ status }) => status === "pending");
    return isRefunding ? undefined : cancelRun(checkout, cancelBecause);
  }
  const capture = captures?.find(({ status }) => status === "queued");
  if (capture) return captureRun(checkout, capture);
  const refund = refunds?.find(({ status }) => status === "queued");
  return refund && refundRun(checkout, refund);
}

type GaveUp = Parameters<typeof getStuck>[0] & {
  readonly begin: Begin;
  readonly isUnsent: boolean;
};

/**
 * A capture or refund that gave up. One that was never sent stands in nobody's way: its amount
 * stays reserved, and what is queued goes on, the order's cancel too.
 */
export function getMoneyStuck(gaveUp: GaveUp, unsent: (checkout: Checkout) => Checkout): void {
  const { tx, begin, isUnsent } = gaveUp;
  if (isUnsent) {
    tellStuck(gaveUp);
    tx.save(unsent(tx.checkout));
    beginNextMoneyCall({ tx, begin });
  } else getStuck(gaveUp);
}

/** Called in the commit that ends a money call. */
export function beginNextMoneyCall({ tx, begin }: { tx: CheckoutTx; begin: Begin }): void {
  const next = nextMoneyCall(tx.checkout);
  if (next) begin(next.saga, next.runId, next.input);
}
