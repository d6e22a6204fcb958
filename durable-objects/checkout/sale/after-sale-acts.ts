import type { Line } from "../../../schema/checkout.ts";
import type { Money } from "../../../schema/money.ts";
import type { RefundLine } from "../../../schema/order.ts";
/** What was done with an order, as its sale keeps it: each act with its number, in the order of asking. */

export type Capture = {
  readonly n: number;
  readonly amount: Money;
  /** `unsent`: a bug of ours keeps it from being sent; reserved until an operator resumes it. */
  readonly status: "queued" | "sent" | "pending" | "captured" | "refused" | "unsent";
  /** What is not taken by now is let go. */
  readonly isLast: boolean;
  /** The pieces that it is for, where it was asked for by name or goes with a parcel. */
  readonly lines?: readonly Line[] | undefined;
  /** What of its amount is for carrying them. */
  readonly shipping?: Money | undefined;
  /** Nobody here asked for it: it was made in the provider's dashboard. */
  readonly isFound?: true;
  /** The Idempotency-Key of the call that is owed the answer; absent when no call asked for it. */
  readonly answerKey?: string | undefined;
};

export type Shipment = {
  readonly n: number;
  readonly lines: readonly Line[];
  readonly status: "sent" | "shipped" | "refused";
  /** When it was handed over; absent before, and in sales from before that was noted. */
  readonly atMs?: number;
};

/** Its amount is reserved from the moment it is asked for, so that refunds never exceed captures. */
export type Refund = {
  readonly n: number;
  readonly amount: Money;
  /** `unsent`: as of a capture. */
  readonly status: "queued" | "sent" | "pending" | "refunded" | "refused" | "unsent";
  /** The pieces that it is for, and what becomes of them, where it was asked for by name. */
  readonly lines?: readonly RefundLine[] | undefined;
  /** What of its amount is for carrying them. */
  readonly shipping?: Money | undefined;
  /** Its pieces went where its lines say, and stay there should its money bounce. */
  readonly hasMoved?: true;
  /** The provider's name for it, once it has one. */
  readonly reference?: string | undefined;
  /** The Idempotency-Key of the call that is owed the answer; absent when no call asked for it. */
  readonly answerKey?: string | undefined;
  /** Nobody here asked for it: it was made in the provider's dashboard. */
  readonly isFound?: true;
};
