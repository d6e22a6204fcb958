/** Methods that pay in one step, on the shopper's own device: iDEAL, Wero, Pix, UPI. Pure. */

import type { Charge, Intent, Moment, PaymentError } from "./intent.ts";
import { childId } from "./intent.ts";
import { currencyOf, isRedirect, type Local, type LocalType } from "./local-payment.ts";
import { type ApiError, invalid } from "./stripe-errors.ts";
import type { Transition } from "./transition.ts";

const SECOND_MS = 1_000;
const UPI_WINDOW_MS = 300 * SECOND_MS; // a shopper has five minutes
const PIX_SECONDS_DEFAULT = 14_400;
const PIX_SECONDS_MIN = 60;
const PIX_SECONDS_MAX = 1_209_600;

/** What Stripe refuses before the shopper sees anything. */
function refuseLocal(intent: Intent, local: Local, nowMs: number): ApiError | null {
  const { type } = local;
  if (intent.captureMethod === "manual") {
    return invalid(
      `The following payment method types cannot be used with \`capture_method\` set to \`manual\`: ${type}.`,
      { code: "payment_intent_invalid_parameter", param: "capture_method" },
    );
  }
  if (intent.allowedTypes !== null && !intent.allowedTypes.includes(type)) {
    return invalid(
      `The payment method type "${type}" is not one of this PaymentIntent's allowed types.`,
      { code: "payment_intent_incompatible_payment_method", param: "payment_method_data[type]" },
    );
  }
  if (intent.currency !== currencyOf[type]) {
    return invalid(
      `The currency provided (${intent.currency}) is invalid for the payment method type ${type}. This payment method only supports: ${currencyOf[type]}.`,
      { param: "currency" },
    );
  }
  if (intent.returnUrl === null && isRedirect(type)) {
    return invalid("You must provide a `return_url` when confirming with this payment method.", {
      code: "parameter_missing",
      param: "return_url",
    });
  }
  return type === "pix" ? refuseWindow(local, nowMs) : null;
}

function refuseWindow(local: Local, nowMs: number): ApiError | null {
  const { expiresAfterSeconds, expiresAtSeconds } = local;
  if (expiresAfterSeconds !== null && expiresAtSeconds !== null) {
    return invalid(
      "You may only specify one of these parameters: expires_after_seconds, expires_at.",
      {
        param: "payment_method_options[pix]",
      },
    );
  }
  const seconds = expiresAfterSeconds ?? (expiresAtSeconds ?? Number.NaN) - nowMs / SECOND_MS;
  return seconds < PIX_SECONDS_MIN || seconds > PIX_SECONDS_MAX
    ? invalid(
        `Pix must expire between ${PIX_SECONDS_MIN} and ${PIX_SECONDS_MAX} seconds from now.`,
        {
          param: `payment_method_options[pix][${expiresAfterSeconds === null ? "expires_at" : "expires_after_seconds"}]`,
        },
      )
    : null;
}

function expiryOf(local: Local, nowMs: number): number | null {
  if (isRedirect(local.type)) return null;
  if (local.type === "upi") return nowMs + UPI_WINDOW_MS;
  if (local.expiresAtSeconds !== null) return local.expiresAtSeconds * SECOND_MS;
  return nowMs + (local.expiresAfterSeconds ?? PIX_SECONDS_DEFAULT) * SECOND_MS;
}

/** Shows the shopper a page or a code, and waits. */
export function startLocal(intent: Intent, local: Local, moment: Moment): Transition {
  const refused = refuseLocal(intent, local, moment.nowMs);
  if (refused) return refused;
  return {
    intent: {
      ...intent,
      status: "requires_action",
      actionUrl: moment.bankUrl(intent),
      local: { ...local, expiresAtMs: expiryOf(local, moment.nowMs) },
    },
    events: ["payment_intent.requires_action"],
  };
}

/** The shopper paid: one step, so the money is here. */
export function approveLocal(before: Intent, local: Local, moment: Moment): Transition {
  const charge: Charge = {
    id: childId("ch", before.id, before.attempts),
    token: "",
    method: local.type,
    createdMs: moment.nowMs,
    amount: before.amount,
    amountCaptured: before.amount,
    status: "succeeded",
    failure: null,
    authenticated: false,
    captureBeforeMs: moment.nowMs,
  };
  return {
    intent: {
      ...before,
      status: "succeeded",
      actionUrl: null,
      amountReceived: before.amount,
      captures: [{ amount: before.amount, atMs: moment.nowMs, final: true }],
      charge,
    },
    events: ["payment_intent.succeeded"],
  };
}

const errorOf: Readonly<Record<"expired" | LocalType, PaymentError>> = {
  expired: {
    type: "invalid_request_error",
    code: "payment_intent_payment_attempt_expired",
    message: "The latest payment attempt for the PaymentIntent has expired.",
  },
  ideal: notAuthenticated(),
  wero: notAuthenticated(),
  pix: failedAttempt(),
  upi: failedAttempt(),
};

function notAuthenticated(): PaymentError {
  return {
    type: "invalid_request_error",
    code: "payment_intent_authentication_failure",
    message:
      "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
  };
}

function failedAttempt(): PaymentError {
  return {
    type: "invalid_request_error",
    code: "payment_intent_payment_attempt_failed",
    message: "The latest payment attempt for the PaymentIntent has failed.",
  };
}

/** Refused by the shopper or their bank, or too late: the intent may take another method. */
export function endLocal(before: Intent, why: "expired" | LocalType): Transition {
  return {
    intent: {
      ...before,
      status: "requires_payment_method",
      actionUrl: null,
      local: null,
      paymentMethodId: null,
      lastError: errorOf[why],
    },
    events: ["payment_intent.payment_failed"],
  };
}
