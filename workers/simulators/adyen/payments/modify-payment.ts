/** What happens to an authorised payment. Asked for by a call that answers "received"; the outcome is told by webhook. Pure. */

import {
  type Change,
  capturedOf,
  type EventCode,
  type Later,
  type Modification,
  type Moment,
  type Note,
  type Payment,
  refundedOf,
} from "./stored-payment.ts";

export interface Asked {
  readonly kind: Modification["kind"];
  readonly code: EventCode;
  readonly pspReference: string;
  readonly reference: string | null;
  /** Null: all there is. */
  readonly amount: number | null;
  readonly additionalData?: Readonly<Record<string, string>>;
}

/** Does it or refuses it, and says so: the caller has been answered already. */
export function modify(payment: Payment, asked: Asked, moment: Moment): Change {
  const amount = asked.amount ?? wholeOf(payment, asked.kind);
  const no = whyNot(payment, asked.kind, amount);
  const entry: Modification = {
    pspReference: asked.pspReference,
    kind: asked.kind,
    reference: asked.reference,
    amount,
    status: no === null ? "done" : "refused",
    atMs: moment.nowMs,
  };
  const modified = { ...payment, modifications: [...payment.modifications, entry] };
  const note: Note = {
    code: asked.code,
    success: no === null,
    pspReference: asked.pspReference,
    originalReference: payment.pspReference,
    // A technical cancel names the payment that it found; the others bear the reference they were sent with.
    merchantReference:
      (asked.code === "TECHNICAL_CANCEL" ? null : asked.reference) ?? payment.merchantReference,
    amount,
    ...(no === null ? {} : { reason: no }),
    ...(asked.additionalData ? { additionalData: asked.additionalData } : {}),
  };
  if (no !== null) return { payment: modified, notes: [note] };
  return {
    payment: settled(modified, asked.kind, amount),
    notes: [note],
    later: laterOf(payment, entry, moment),
  };
}

function wholeOf(payment: Payment, kind: Modification["kind"]): number {
  return kind === "refund"
    ? capturedOf(payment) - refundedOf(payment)
    : payment.amount - capturedOf(payment);
}

/** The reason that the webhook gives, or null when it can be done. */
function whyNot(payment: Payment, kind: Modification["kind"], amount: number): string | null {
  const { status, quirk } = payment;
  if (kind === "refund") {
    if (quirk === "refund_refused") return "Refund refused by the acquirer";
    if (status !== "captured") return "Transaction hasn't been captured, refund not possible";
    const left = capturedOf(payment) - refundedOf(payment);
    return amount < 1 || amount > left ? "Insufficient balance on payment" : null;
  }
  if (kind === "cancel") {
    if (status === "captured") return "Transaction has been captured, cancel not possible";
    return status === "authorised" || status === "pending"
      ? null
      : "Transaction not in a cancellable state";
  }
  if (kind === "adjust") return status === "authorised" ? null : "Invalid transaction state";
  if (quirk === "capture_refused") return "Capture refused by the acquirer";
  if (quirk === "expired" || status === "expired") return "Authorisation has expired";
  if (status !== "authorised" && status !== "captured")
    return "Transaction not in a capturable state";
  return amount > payment.amount - capturedOf(payment) ? "Insufficient balance on payment" : null;
}

function settled(payment: Payment, kind: Modification["kind"], amount: number): Payment {
  if (kind === "capture") return { ...payment, status: "captured" };
  if (kind === "cancel") return { ...payment, status: "cancelled" };
  return kind === "adjust" ? { ...payment, amount } : payment;
}

function laterOf(
  { quirk }: Payment,
  { kind, pspReference }: Modification,
  { settleMs }: Moment,
): Later[] {
  const at = { afterMs: settleMs, modification: pspReference };
  if (kind === "capture" && quirk === "capture_failed") return [{ what: "bounce", ...at }];
  if (kind === "capture" && quirk === "chargeback") return [{ what: "chargeback", ...at }];
  if (kind === "refund" && quirk === "refund_failed") return [{ what: "bounce", ...at }];
  return [];
}

/** Done and told, and then the bank sends it back: the money is where it was. Null when there is no such modification. */
export function bounce(payment: Payment, modification: string): Change | null {
  const entry = payment.modifications.find(({ pspReference }) => pspReference === modification);
  if (entry?.status !== "done" || (entry.kind !== "capture" && entry.kind !== "refund"))
    return null;
  const isCapture = entry.kind === "capture";
  const modifications = payment.modifications.map((each) =>
    each === entry ? { ...each, status: "failed" as const } : each,
  );
  const left: Payment = { ...payment, modifications };
  const status = isCapture && capturedOf(left) === 0 ? "authorised" : payment.status;
  return {
    payment: { ...left, status },
    notes: [
      {
        code: isCapture ? "CAPTURE_FAILED" : "REFUND_FAILED",
        success: true,
        pspReference: entry.pspReference,
        originalReference: payment.pspReference,
        merchantReference: entry.reference ?? payment.merchantReference,
        amount: entry.amount,
        reason: isCapture ? "Capture Failed" : "Refund Failed",
      },
    ],
  };
}

/** A hold that nobody captured in time. */
export function expire(payment: Payment, { newReference }: Moment): Change | null {
  if (payment.status !== "authorised") return null;
  return {
    payment: { ...payment, status: "expired" },
    notes: [
      {
        code: "EXPIRE",
        success: true,
        pspReference: newReference(),
        originalReference: payment.pspReference,
        merchantReference: payment.merchantReference,
        amount: payment.amount,
      },
    ],
  };
}
