import type { Line } from "../../../../schema/checkout.ts";
import { plus, sum } from "../../../../schema/money.ts";
import type { NewRun } from "../../sale/calls.ts";
import type { Checkout } from "../../sale/checkout.ts";
import { cancelLinesRun } from "../cancel-lines.saga.ts";
import { unsent } from "../lines/line-accounts.ts";
import { isWholeOrder, wantedCancel } from "../lines/wanted-lines.ts";
import { withQueuedRefund } from "../refunds.ts";
import { whyNotCancelOrder, whyNotCancelPieces, whyNotRefund } from "../why-not.ts";
import { wantedBack } from "./standard-delivery.ts";

type Stopped = {
  readonly checkout: Checkout;
  readonly stopped: readonly Line[];
  /** Cancels what is not paid; what is paid is queued with the other money calls. */
  readonly run?: NewRun;
};

/**
 * Of withdrawn pieces those that were not sent are cancelled at once, their money with them: the whole
 * order, by a refund, or unpaid. Where none of these may be done now (a dispute is open), they stay for
 * the merchant to decide.
 */
export function withUnsentStopped(
  checkout: Checkout,
  lines: readonly Line[],
  nowMs: number,
): Stopped {
  const stopped = unsentOf(checkout, lines);
  if (stopped.length === 0) return { checkout, stopped };
  if (isWholeOrder(checkout, stopped) && !whyNotCancelOrder(checkout)) {
    return { checkout: { ...checkout, cancelBecause: "requested" }, stopped };
  }
  const soon = onceTaken(checkout);
  const wanted = wantedBack(
    soon,
    stopped.map((line) => ({ ...line, then: "cancel" as const })),
  );
  if (!whyNotRefund(soon, wanted, nowMs)) {
    return { checkout: withQueuedRefund(checkout, wanted), stopped };
  }
  const unpaid = wantedCancel(checkout, { lines: stopped, shipping: true });
  if (whyNotCancelPieces(checkout, unpaid)) return { checkout, stopped: [] };
  return { checkout, stopped, run: cancelLinesRun(checkout, unpaid) };
}

function unsentOf(checkout: Checkout, lines: readonly Line[]): readonly Line[] {
  const left = unsent(checkout);
  return lines.flatMap(({ sku, quantity }) => {
    const here = left.find((line) => line.sku === sku)?.quantity ?? 0;
    return here > 0 ? [{ sku, quantity: Math.min(quantity, here) }] : [];
  });
}

/** A refund waits for the captures before it: it may count on what they take. */
function onceTaken(checkout: Checkout): Checkout {
  const { order, captures = [] } = checkout;
  const onTheWay = captures.filter(({ status }) => ["queued", "sent", "pending"].includes(status));
  if (!order || onTheWay.length === 0) return checkout;
  const coming = sum(
    onTheWay.map(({ amount }) => amount),
    order.captured.currency,
  );
  return {
    ...checkout,
    order: { ...order, captured: plus(order.captured, coming) },
    captures: captures.map((each) =>
      onTheWay.includes(each) ? { ...each, status: "captured" as const } : each,
    ),
  };
}
