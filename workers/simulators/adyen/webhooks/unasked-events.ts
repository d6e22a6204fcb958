/** Events that nobody asked for: disputes, expiries, reports. Told when a test wants them told. */

import { isBody, text } from "../api/body-check.ts";
import type { World } from "../calls/adyen-world.ts";
import { closeOffer } from "../payments/authorise-payment.ts";
import { dispute } from "../payments/dispute-payment.ts";
import { bounce, expire } from "../payments/modify-payment.ts";
import {
  type Change,
  type DisputeCode,
  disputeCodes,
  type Moment,
  type Payment,
} from "../payments/stored-payment.ts";
import type { Store } from "../storage/payment-store.ts";

export interface Emitted {
  readonly eventCode: string;
  /** The payment that it is about, or the report's name. */
  readonly pspReference: string;
}

interface Place {
  readonly origin: string;
  readonly store: Store;
}

const isDispute = (code: string): code is DisputeCode => disputeCodes.some((each) => each === code);

/** What a payment goes through by time or at its bank; null when it cannot in its state. */
const changes: Readonly<Record<string, (payment: Payment, moment: Moment) => Change | null>> = {
  EXPIRE: expire,
  OFFER_CLOSED: closeOffer,
  CAPTURE_FAILED: (payment) => bounce(payment, lastDone(payment, "capture")),
  REFUND_FAILED: (payment) => bounce(payment, lastDone(payment, "refund")),
};

/** All that `emit` knows. */
export const eventCodes = [...disputeCodes, ...Object.keys(changes), "REPORT_AVAILABLE"];

const lastDone = ({ modifications }: Payment, kind: "capture" | "refund"): string =>
  modifications.findLast((each) => each.kind === kind && each.status === "done")?.pspReference ??
  "";

/**
 * `{ eventCode, pspReference | merchantReference, amount? }`, or `{ eventCode: "REPORT_AVAILABLE" }`. Changes the payment
 * as the event says. Answers a sentence when the event cannot be.
 */
export function emit(world: World, body: unknown, place: Place): Emitted | string {
  if (!isBody(body)) return "The body must be a JSON object.";
  const eventCode = text(body, "eventCode");
  if (eventCode === "REPORT_AVAILABLE") return reportAvailable(world, place);
  const payment =
    world.payment(text(body, "pspReference")) ??
    world.paymentsOf(text(body, "merchantReference"))[0];
  if (!payment) return "There is no such payment.";
  const amount = typeof body.amount === "number" ? body.amount : null;
  const change = changeOf(world, payment, { eventCode, amount });
  if (typeof change === "string") return change;
  world.save(change);
  return { eventCode, pspReference: payment.pspReference };
}

function changeOf(
  { moment }: World,
  payment: Payment,
  { eventCode, amount }: { readonly eventCode: string; readonly amount: number | null },
): Change | string {
  if (isDispute(eventCode)) {
    return payment.status === "captured"
      ? dispute(payment, eventCode, { amount, moment })
      : "Only a captured payment is disputed.";
  }
  const act = Object.hasOwn(changes, eventCode) ? changes[eventCode] : undefined;
  if (!act) return `eventCode is one of ${eventCodes.join(", ")}`;
  return act(payment, moment) ?? `A payment that is ${payment.status} cannot have ${eventCode}.`;
}

/** The newest payment says whose report it is. */
function reportAvailable(world: World, { origin, store }: Place): Emitted | string {
  const [payment] = store.latest(1);
  if (!payment) return "There is nothing to report.";
  const day = new Date(world.moment.nowMs).toISOString().slice(0, 10).replaceAll("-", "_");
  const name = `settlement_detail_report_${day}_${world.moment.newReference()}.csv`;
  world.tell(
    {
      code: "REPORT_AVAILABLE",
      success: true,
      pspReference: name,
      originalReference: null,
      merchantReference: "",
      amount: 0,
      reason: `${origin}/_simulator/adyen/reports/${name}?account=${payment.merchantAccount}`,
    },
    payment,
  );
  return { eventCode: "REPORT_AVAILABLE", pspReference: name };
}
