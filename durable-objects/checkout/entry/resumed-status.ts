import { type CheckoutStatus, checkoutCan } from "../../../schema/states.ts";
import type { Run } from "../../saga/run.ts";
import { isMoneyCallOut } from "../after-sale/money-queue.ts";
import { statusAtRest } from "../after-sale/order.ts";
import type { RequoteInput } from "../opening/requote.input.ts";
import type { Capture, Refund } from "../sale/after-sale-acts.ts";
import type { Checkout } from "../sale/checkout.ts";
import { withCapture, withRefund, withStatus } from "../sale/checkout-changes.ts";

/** Sagas that may give up while the sale goes on. */
const BESIDE_THE_SALE: readonly string[] = ["fulfil", "cancelLines", "giveBack", "close"];

/**
 * The runs that may go on now. Captures and refunds that were never sent come back one at a time, as
 * all money calls do: none beside another, and none once the sale has ended without them.
 */
export function resumable(checkout: Checkout, stuck: readonly Run[]): readonly Run[] {
  const unsent = stuck.filter((run) => unsentOf(checkout, run));
  const isFree =
    !isMoneyCallOut(checkout) && !checkout.cancelBecause && checkoutCan.moveMoney(checkout.status);
  const next = isFree ? unsent[0] : undefined;
  return stuck.filter((run) => run === next || !unsent.includes(run));
}

/** What a run has still to send, of which a bug of ours kept it. */
function unsentOf(checkout: Checkout, { saga, input, stuckAt }: Run) {
  const { captures = [], refunds = [] } = checkout;
  const n = saga === "pay" ? 1 : (input as { readonly n?: number }).n;
  const isUnsent = (each: Capture | Refund) => each.n === n && each.status === "unsent";
  if (stuckAt?.step === "refund") return refunds.find(isUnsent);
  return stuckAt?.step === "capture" ? captures.find(isUnsent) : undefined;
}

/** What was unsent is out again. */
function sentAgain(checkout: Checkout, run: Run): Checkout {
  const unsent = unsentOf(checkout, run);
  if (!unsent) return checkout;
  const change = { status: "sent" } as const;
  return run.stuckAt?.step === "refund"
    ? withRefund(checkout, unsent.n, change)
    : withCapture(checkout, unsent.n, change);
}

/** The sale as it is again while the runs that gave up go on. */
export function asResumed(before: Checkout, stuck: readonly Run[]): Checkout {
  const checkout = stuck.reduce(sentAgain, before);
  // The latest: a payment whose cart could not be told may stand before a refund or a cancel.
  const run = stuck.findLast(({ saga }) => !BESIDE_THE_SALE.includes(saga));
  if (checkout.status !== "stuck" || !run) return checkout;
  return withStatus(checkout, resumedStatus(checkout, run));
}

function resumedStatus(checkout: Checkout, { saga, input }: Run): CheckoutStatus {
  if (saga === "requote" && (input as RequoteInput).reopens) return "expired";
  if (saga === "pay" || saga === "placeFree") {
    return checkout.order ? statusAtRest(checkout) : unplacedStatus(checkout);
  }
  if (saga === "refund" || saga === "capture") return statusAtRest(checkout);
  return saga === "cancel" ? "cancelling" : "processing";
}

/** A shopper who called it off has not changed their mind. */
function unplacedStatus({ isCalledOff }: Checkout): CheckoutStatus {
  return isCalledOff ? "cancelling" : "paying";
}
