/** What happens to an authorized intent: capture, cancel, expiry. Refunds are in `refund-intent.ts`. Pure. */

import type { Change, Intent, Metadata, Moment } from "./intent.ts";
import { type ApiError, invalid, unexpectedState } from "./stripe-errors.ts";
import { cardOf } from "./test-tokens.ts";

export interface CaptureInput {
  /** `null` captures all that is held. */
  readonly amount: number | null;
  readonly metadata: Metadata | null;
  readonly finalCapture: boolean;
}

/** Whether the card's network lets a hold be captured several times. */
export const isMulticapture = ({ multicapture, charge }: Intent): boolean =>
  multicapture && cardOf(charge?.token ?? "")?.multicapture !== "unavailable";

/** Refuses what Stripe refuses before it asks the bank. */
function refuseParams(before: Intent, amount: number, finalCapture: boolean): ApiError | null {
  if (amount > before.amountCapturable) {
    return invalid(
      `The payment intent has an amount_capturable of ${before.amountCapturable} which is less than the provided amount_to_capture of ${amount}.`,
      { code: "amount_too_large", param: "amount_to_capture" },
    );
  }
  // Nothing more, and let the rest go: only after a first capture.
  const isRelease = amount === 0 && finalCapture && before.amountReceived > 0;
  if (amount < 1 && !isRelease) {
    return invalid("Invalid positive integer", {
      code: "parameter_invalid_integer",
      param: "amount_to_capture",
    });
  }
  return finalCapture || isMulticapture(before)
    ? null
    : invalid(
        "This PaymentIntent does not support multicapture, so `final_capture` may not be false.",
        { param: "final_capture" },
      );
}

/**
 * A final capture releases the rest at once; any other keeps it, and the intent goes on waiting for a final one, even
 * when nothing is left.
 *
 * Source: https://docs.stripe.com/payments/multicapture
 */
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
  const { finalCapture: final } = input;
  const amount = input.amount ?? before.amountCapturable;
  const refused = refuseParams(before, amount, final);
  if (refused) return refused;
  const sentinel = cardOf(before.token ?? "")?.capture;
  if (sentinel) return refuseCapture(before, sentinel, moment);
  const taken = amount === 0 ? [] : [{ amount, atMs: moment.nowMs, final }];
  const amountReceived = before.amountReceived + amount;
  return {
    intent: {
      ...before,
      status: final ? "succeeded" : "requires_capture",
      amountCapturable: final ? 0 : before.amountCapturable - amount,
      amountReceived,
      captures: [...before.captures, ...taken],
      charge: { ...before.charge, amountCaptured: amountReceived },
      metadata: input.metadata ?? before.metadata,
    },
    events: eventsOfCapture(before, final),
  };
}

function eventsOfCapture(before: Intent, final: boolean): Change["events"] {
  const told = isMulticapture(before) ? (["charge.updated"] as const) : [];
  return final ? [...told, "charge.captured", "payment_intent.succeeded"] : told;
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

/**
 * A hold that nobody captured in time: the bank has given the money back already, and no Refund is made. What was
 * captured stays.
 *
 * Source: https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow
 */
export function expireHold(before: Intent, moment: Moment): Change {
  if (before.amountReceived > 0) {
    return {
      intent: { ...before, status: "succeeded", amountCapturable: 0 },
      events: ["charge.updated", "payment_intent.succeeded"],
    };
  }
  return {
    intent: {
      ...before,
      status: "canceled",
      amountCapturable: 0,
      canceledAtMs: moment.nowMs,
      cancellationReason: "expired",
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
