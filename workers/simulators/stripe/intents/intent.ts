/** A payment intent as the simulator stores it. Units: minor units of `currency`; times in epoch ms. */

import type { Local, LocalType } from "./local-payment.ts";
import type { Decline } from "./test-tokens.ts";

type Status =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "requires_capture"
  | "succeeded"
  | "canceled";

export type CaptureMethod = "automatic" | "automatic_async" | "manual";

export type Method = "card" | LocalType;

export interface Charge {
  readonly id: string;
  /** The test token that was charged, empty without a card; the intent forgets its own on a decline. */
  readonly token: string;
  readonly method: Method;
  readonly createdMs: number;
  readonly amount: number;
  readonly amountCaptured: number;
  readonly status: "succeeded" | "failed";
  readonly failure: Decline | null;
  readonly authenticated: boolean;
  /** When an uncaptured hold lapses. */
  readonly captureBeforeMs: number;
}

export interface Refund {
  readonly id: string;
  readonly createdMs: number;
  readonly amount: number;
  readonly status: "succeeded" | "pending" | "failed";
  readonly reason: string | null;
  readonly metadata: Metadata;
  /** When the balance paid it; null while it is pending. */
  readonly debitedMs: number | null;
  /** When a failed refund came back to the balance. */
  readonly returnedMs: number | null;
  readonly failureReason: string | null;
}

export interface Dispute {
  readonly id: string;
  readonly createdMs: number;
  readonly amount: number;
  readonly reason: string;
  readonly status:
    | "needs_response"
    | "under_review"
    | "won"
    | "lost"
    | "warning_needs_response"
    | "warning_under_review"
    | "warning_closed";
  /** Null for an inquiry. */
  readonly withdrawnMs: number | null;
  readonly reinstatedMs: number | null;
  readonly closedMs: number | null;
}

export interface Capture {
  readonly amount: number;
  readonly atMs: number;
  /** Whether it released what it left. */
  readonly final: boolean;
}

export type Metadata = Readonly<Record<string, string>>;

export interface PaymentError {
  readonly type: "card_error" | "invalid_request_error";
  readonly code: string;
  readonly message: string;
  readonly declineCode?: string;
  readonly adviceCode?: string;
  readonly chargeId?: string;
}

export interface Intent {
  readonly id: string;
  readonly clientSecret: string;
  readonly createdMs: number;
  readonly status: Status;
  readonly amount: number;
  readonly currency: string;
  readonly captureMethod: CaptureMethod;
  readonly allowedTypes: readonly string[] | null;
  /** Whether methods that redirect were left on: `null` when the request listed its types. */
  readonly redirects: "always" | "never" | null;
  readonly metadata: Metadata;
  readonly description: string | null;
  readonly receiptEmail: string | null;
  readonly statementDescriptor: string | null;
  readonly statementDescriptorSuffix: string | null;
  readonly transferGroup: string | null;
  /** The test token; `paymentMethodId` is the id it was given on first use, as at Stripe. */
  readonly token: string | null;
  readonly paymentMethodId: string | null;
  /** A method of one step, its code or page and what the shopper will do; null for a card. */
  readonly local: Local | null;
  /** What was last tried, declined or not. */
  readonly method: Method | null;
  readonly returnUrl: string | null;
  readonly actionUrl: string | null;
  readonly lastError: PaymentError | null;
  readonly attempts: number;
  readonly charge: Charge | null;
  readonly amountCapturable: number;
  readonly amountReceived: number;
  readonly captures: readonly Capture[];
  /** Whether more than one capture was asked for; granted when the card allows it. */
  readonly multicapture: boolean;
  readonly refunds: readonly Refund[];
  readonly dispute: Dispute | null;
  readonly canceledAtMs: number | null;
  readonly cancellationReason: string | null;
  /** Keys of the requests that changed this intent, for the ledger. */
  readonly idempotencyKeys: readonly string[];
}

export type EventType =
  | "charge.captured"
  | "charge.dispute.closed"
  | "charge.dispute.created"
  | "charge.dispute.funds_reinstated"
  | "charge.dispute.funds_withdrawn"
  | "charge.dispute.updated"
  | "charge.expired"
  | "charge.refund.updated"
  | "charge.refunded"
  | "charge.updated"
  | "payment_intent.amount_capturable_updated"
  | "payment_intent.canceled"
  | "payment_intent.payment_failed"
  | "payment_intent.requires_action"
  | "payment_intent.succeeded"
  | "refund.created"
  | "refund.failed"
  | "refund.updated";

/** What a transition did: the intent afterwards and what Stripe would tell about it. */
export interface Change {
  readonly intent: Intent;
  readonly events: readonly EventType[];
  readonly refund?: Refund;
}

/** What a transition may know of the world. */
export interface Moment {
  readonly nowMs: number;
  /** Where a shopper passes or fails 3-D Secure. */
  readonly bankUrl: (intent: Intent) => string;
  /** A fresh id in Stripe's form. */
  readonly id: (prefix: string) => string;
}

/** When a hold or a code that waits is over; null while nothing waits. */
export function lapsesAt({ status, charge, local }: Intent): number | null {
  if (status === "requires_capture") return charge?.captureBeforeMs ?? null;
  return status === "requires_action" ? (local?.expiresAtMs ?? null) : null;
}

export function refundedOf(intent: Intent): number {
  return intent.refunds.reduce((sum, r) => (r.status === "failed" ? sum : sum + r.amount), 0);
}

const SUFFIX_LENGTH = 24;

/** Charges and refunds carry their intent's id inside their own, so that finding one needs no table. */
export function childId(prefix: string, intentId: string, n: number): string {
  return `${prefix}_${intentId.slice("pi_".length)}${String(n).padStart(3, "0")}`;
}

export function intentIdOf(childIdText: string): string {
  return `pi_${childIdText.slice("ch_".length, "ch_".length + SUFFIX_LENGTH)}`;
}
