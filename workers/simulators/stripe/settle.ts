/** What happens to an authorized or captured intent: capture, cancel, refund, expiry. Pure. */

import { type ApiError, invalid, unexpectedState } from "./errors.ts";
import type { Change, Intent, Metadata, Moment, Refund } from "./intent.ts";
import { childId, refundedOf } from "./intent.ts";
import { cardOf } from "./tokens.ts";

export interface CaptureInput {
  /** `null` captures all that is held. */
  readonly amount: number | null;
  readonly metadata: Metadata | null;
  readonly finalCapture: boolean;
}

/** A capture below the hold releases the rest at once. */
export function captureIntent(
  before: Intent,
  input: CaptureInput,
  moment: Moment,
): Change | ApiError | (Change & { readonly declined: ApiError }) {
  if (before.status !== "requires_capture" || before.charge === null) {
    return unexpectedState(
      `This PaymentIntent could not be captured because it has a status of ${before.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      before,
    );
  }
  const amount = input.amount ?? before.amountCapturable;
  if (amount > before.amountCapturable) {
    return invalid(
      `The payment intent has an amount_capturable of ${before.amountCapturable} which is less than the provided amount_to_capture of ${amount}.`,
      { code: "amount_too_large", param: "amount_to_capture" },
    );
  }
  if (amount < 1) {
    return invalid("Invalid positive integer", {
      code: "parameter_invalid_integer",
      param: "amount_to_capture",
    });
  }
  if (!input.finalCapture) {
    return invalid(
      "This PaymentIntent does not support multicapture, so `final_capture` may not be false.",
      { param: "final_capture" },
    );
  }
  const sentinel = cardOf(before.token ?? "")?.capture;
  if (sentinel) return refuseCapture(before, sentinel, moment);
  return {
    intent: {
      ...before,
      status: "succeeded",
      amountCapturable: 0,
      amountReceived: amount,
      captures: [...before.captures, { amount, atMs: moment.nowMs, final: true }],
      charge: { ...before.charge, amountCaptured: amount },
      metadata: input.metadata ?? before.metadata,
    },
    events: ["charge.captured", "payment_intent.succeeded"],
  };
}

function refuseCapture(
  before: Intent,
  kind: "declined" | "expired",
  moment: Moment,
): ApiError | (Change & { readonly declined: ApiError }) {
  if (kind === "declined") {
    return {
      status: 402,
      type: "card_error",
      code: "card_declined",
      decline_code: "generic_decline",
      message: "Your card was declined.",
      ...(before.charge ? { charge: before.charge.id } : {}),
      intent: before,
      executed: true,
    };
  }
  const expired = expireHold(before, moment);
  return {
    ...expired,
    declined: invalid(
      `${before.charge?.id ?? before.id} cannot be captured because the charge has expired.`,
      { code: "charge_expired_for_capture", intent: expired.intent, executed: true },
    ),
  };
}

/** A hold that nobody captured in time: the bank has given the money back already. */
export function expireHold(before: Intent, moment: Moment): Change {
  return {
    intent: {
      ...before,
      status: "canceled",
      amountCapturable: 0,
      canceledAtMs: moment.nowMs,
      cancellationReason: "automatic",
    },
    events: ["charge.expired", "payment_intent.canceled"],
  };
}

const cancelable = new Set([
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
]);

export function cancelIntent(
  before: Intent,
  reason: string | null,
  moment: Moment,
): Change | ApiError {
  if (!cancelable.has(before.status)) {
    return unexpectedState(
      `You cannot cancel this PaymentIntent because it has a status of ${before.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
      before,
    );
  }
  return {
    intent: {
      ...before,
      status: "canceled",
      amountCapturable: 0,
      actionUrl: null,
      canceledAtMs: moment.nowMs,
      cancellationReason: reason,
    },
    events: ["payment_intent.canceled"],
  };
}

export interface RefundInput {
  /** `null` refunds all that is left. */
  readonly amount: number | null;
  readonly reason: string | null;
  readonly metadata: Metadata;
}

/** Never more than was captured, over all refunds that did not fail. */
export function refundIntent(
  before: Intent,
  input: RefundInput,
  moment: Moment,
): (Change & { readonly refund: Refund }) | ApiError {
  if (before.status !== "succeeded" || before.charge === null) {
    return invalid(
      `This PaymentIntent (${before.id}) does not have a successful charge to refund.`,
      { param: "payment_intent", executed: true },
    );
  }
  const left = before.amountReceived - refundedOf(before);
  if (left === 0) {
    return invalid(`Charge ${before.charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
      executed: true,
    });
  }
  const amount = input.amount ?? left;
  if (amount > left) {
    return invalid(
      `Refund amount (${amount} ${before.currency}) is greater than unrefunded amount on charge (${left} ${before.currency})`,
      { param: "amount", executed: true },
    );
  }
  const refund: Refund = {
    id: childId("re", before.id, before.refunds.length + 1),
    createdMs: moment.nowMs,
    amount,
    status: cardOf(before.token ?? "")?.refund === "pending" ? "pending" : "succeeded",
    reason: input.reason,
    metadata: input.metadata,
  };
  return {
    intent: { ...before, refunds: [...before.refunds, refund] },
    events: ["refund.created", "charge.refunded"],
    refund,
  };
}

/** The later news of a refund that was pending, or that the bank sends back. */
export function settleRefund(
  before: Intent,
  refundId: string,
): (Change & { readonly refund: Refund }) | null {
  const refund = before.refunds.find((r) => r.id === refundId);
  const plan = cardOf(before.token ?? "")?.refund;
  if (!refund || !plan) return null;
  const status = plan === "pending" ? "succeeded" : "failed";
  if (refund.status === status) return null;
  const settled: Refund = { ...refund, status };
  return {
    intent: {
      ...before,
      refunds: before.refunds.map((r) => (r.id === refundId ? settled : r)),
    },
    events: status === "failed" ? ["refund.updated", "refund.failed"] : ["refund.updated"],
    refund: settled,
  };
}
