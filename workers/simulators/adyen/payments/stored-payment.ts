/** A payment as the simulator stores it. Units: minor units of `currency`; times in epoch ms. */

import type { Quirk, Refusal } from "./test-cards.ts";

export type Status =
  | "pending" // waits for the shopper, or for a bank that takes its time
  | "authorised"
  | "captured" // at least one capture stands
  | "refused"
  | "error"
  | "cancelled"
  | "expired" // a hold that nobody captured
  | "offer_closed"; // nobody paid in time

export type Method = "scheme" | "ideal" | "wero" | "pix" | "upi_intent" | "upi_qr";

export type EventCode =
  | "AUTHORISATION"
  | "AUTHORISATION_ADJUSTMENT"
  | "CAPTURE"
  | "CAPTURE_FAILED"
  | "CANCELLATION"
  | "TECHNICAL_CANCEL"
  | "CANCEL_OR_REFUND"
  | "REFUND"
  | "REFUND_FAILED"
  | "REFUNDED_REVERSED"
  | "EXPIRE"
  | "OFFER_CLOSED"
  | DisputeCode
  | "REPORT_AVAILABLE";

export const disputeCodes = [
  "REQUEST_FOR_INFORMATION",
  "NOTIFICATION_OF_FRAUD",
  "NOTIFICATION_OF_CHARGEBACK",
  "CHARGEBACK",
  "CHARGEBACK_REVERSED",
  "SECOND_CHARGEBACK",
  "PREARBITRATION_OPEN",
  "PREARBITRATION_WON",
  "PREARBITRATION_LOST",
] as const;
export type DisputeCode = (typeof disputeCodes)[number];

export interface Modification {
  readonly pspReference: string;
  readonly kind: "capture" | "cancel" | "refund" | "adjust";
  readonly reference: string | null;
  readonly amount: number;
  readonly status: "done" | "refused" | "failed"; // failed: it was done, and bounced later
  readonly atMs: number;
}

export interface Dispute {
  readonly pspReference: string;
  readonly code: DisputeCode;
  readonly amount: number;
  /** Which way the money went. */
  readonly moves: "taken" | "given_back" | "nothing";
  readonly atMs: number;
}

export interface Payment {
  readonly pspReference: string;
  /** Names the shopper's page; nobody can guess it. */
  readonly pageId: string;
  readonly merchantAccount: string;
  readonly merchantReference: string;
  readonly createdMs: number;
  readonly status: Status;
  /** Whether the bank ever said yes. */
  readonly authorised: boolean;
  readonly amount: number;
  readonly currency: string;
  readonly method: Method;
  readonly brand: string;
  readonly quirk: Quirk | null;
  readonly refusal: Refusal | null;
  readonly manualCapture: boolean;
  /** When a held payment is captured by itself, if it is. */
  readonly captureAtMs: number | null;
  readonly returnUrl: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly qrData: string | null;
  /** When an offer or a hold is over. */
  readonly expiresMs: number;
  /** What the bank's page sends the shopper back with; null until the shopper answered there. */
  readonly redirectResult: string | null;
  readonly authenticated: boolean | null;
  readonly modifications: readonly Modification[];
  readonly disputes: readonly Dispute[];
  readonly idempotencyKeys: readonly string[];
}

/** One item of a webhook. */
export interface Note {
  readonly code: EventCode;
  readonly success: boolean;
  readonly pspReference: string;
  readonly originalReference: string | null;
  readonly merchantReference: string;
  readonly amount: number;
  readonly reason?: string;
  readonly additionalData?: Readonly<Record<string, string>>;
}

/** Something that happens by itself after a while, unless it has become impossible. */
export interface Later {
  readonly what: "bounce" | "chargeback" | "authorise";
  readonly afterMs: number;
  readonly modification?: string;
}

export interface Change {
  readonly payment: Payment;
  readonly notes: readonly Note[];
  readonly later?: readonly Later[];
}

/** What a transition may know of the world. */
export interface Moment {
  readonly nowMs: number;
  /** How long what comes later takes. */
  readonly settleMs: number;
  readonly newReference: () => string;
  readonly newSecret: () => string;
}

function sumOf({ modifications }: Payment, kind: Modification["kind"]): number {
  return modifications.reduce(
    (sum, each) => (each.kind === kind && each.status === "done" ? sum + each.amount : sum),
    0,
  );
}

/** When time alone changes the payment next: an offer closes, a hold is captured or lapses. */
export function lapseMsOf(payment: Payment): number | null {
  if (payment.status === "authorised")
    return Math.min(payment.captureAtMs ?? payment.expiresMs, payment.expiresMs);
  return payment.status === "pending" && payment.method !== "scheme" ? payment.expiresMs : null;
}

export const capturedOf = (payment: Payment): number => sumOf(payment, "capture");
export const refundedOf = (payment: Payment): number => sumOf(payment, "refund");

/** What disputes hold at the moment. */
export const chargedBackOf = ({ disputes }: Payment): number =>
  disputes.reduce((sum, { moves, amount }) => {
    if (moves === "nothing") return sum;
    return moves === "taken" ? sum + amount : Math.max(0, sum - amount);
  }, 0);

/** Zero when the bank never said yes. */
export const authorisedOf = ({ authorised, amount }: Payment): number => (authorised ? amount : 0);

/** What a cancel gave back; cancelling an offer that nobody took gives nothing back. */
export const cancelledOf = (payment: Payment): number =>
  payment.authorised ? sumOf(payment, "cancel") : 0;
