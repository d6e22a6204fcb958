import type { CheckoutStatus } from "../../../schema/states.ts";
import type { Run } from "../../saga/run.ts";
import { statusAtRest } from "../after-sale/order.ts";
import type { RequoteInput } from "../opening/requote.input.ts";
import type { Checkout } from "../sale/checkout.ts";
import { withStatus } from "../sale/checkout-changes.ts";

/** Sagas that may give up while the sale goes on. */
const BESIDE_THE_SALE: readonly string[] = ["fulfil", "cancelLines", "giveBack", "close"];

/** The sale as it is again while the runs that gave up go on. */
export function asResumed(checkout: Checkout, stuck: readonly Run[]): Checkout {
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
