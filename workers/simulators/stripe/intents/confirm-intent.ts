/** From a new intent to an authorized one: confirm and 3-D Secure. Pure. */

import type { CaptureMethod, Change, Charge, Intent, Moment } from "./intent.ts";
import { childId } from "./intent.ts";
import { approveLocal, endLocal, startLocal } from "./local-methods.ts";
import type { Local } from "./local-payment.ts";
import { type ApiError, invalid, noSuch, unexpectedState } from "./stripe-errors.ts";
import { cardOf, type Decline, type TestCard } from "./test-tokens.ts";
import type { Transition } from "./transition.ts";

const DAY_MS = 86_400_000;
const HOLD_MS = 7 * DAY_MS; // a card hold of a payment that the customer began online

export interface ConfirmInput {
  readonly token: string | null;
  readonly local: Local | null;
  readonly returnUrl: string | null;
  readonly captureMethod: CaptureMethod | null;
  readonly offSession: boolean;
  readonly errorOnRequiresAction: boolean;
}

const confirmable = new Set([
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
]);

/** Refuses what Stripe refuses before it asks a bank. */
function refuseConfirm(intent: Intent, input: ConfirmInput): ApiError | null {
  if (!confirmable.has(intent.status)) {
    const why =
      intent.status === "succeeded" || intent.status === "requires_capture"
        ? "because it has already succeeded after being previously confirmed."
        : `because it has a status of ${intent.status}.`;
    return unexpectedState(`You cannot confirm this PaymentIntent ${why}`, intent);
  }
  if ((input.token ?? input.local ?? intent.token ?? intent.local) === null) {
    return unexpectedState(
      "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and then confirm it again.",
      intent,
    );
  }
  const mayRedirect = intent.allowedTypes === null && intent.redirects !== "never";
  if (mayRedirect && (input.returnUrl ?? intent.returnUrl) === null) {
    return invalid(
      "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    );
  }
  return null;
}

export function confirmIntent(before: Intent, input: ConfirmInput, moment: Moment): Transition {
  const refused = refuseConfirm(before, input);
  if (refused) return refused;
  const local = input.token === null ? (input.local ?? before.local) : null;
  const token = local ? null : (input.token ?? before.token ?? "");
  const isSame = before.paymentMethodId !== null && input.token === before.token && !input.local;
  const intent: Intent = {
    ...before,
    token,
    local,
    method: local?.type ?? "card",
    paymentMethodId: isSame ? before.paymentMethodId : moment.id("pm"),
    returnUrl: input.returnUrl ?? before.returnUrl,
    captureMethod: input.captureMethod ?? before.captureMethod,
    attempts: before.attempts + 1,
    lastError: null,
    actionUrl: null,
  };
  if (local) return startLocal(intent, local, moment);
  const card = cardOf(token ?? "");
  if (!card) return noSuch("PaymentMethod", token ?? "", "payment_method");
  if (!card.wants3ds) return decide(intent, card, false, moment);
  if (input.offSession) return decline(intent, authenticationRequired, moment, false);
  if (input.errorOnRequiresAction) return decline(intent, actionRequired, moment, false);
  const actionUrl = moment.bankUrl(intent);
  return {
    intent: { ...intent, status: "requires_action", actionUrl },
    events: ["payment_intent.requires_action"],
  };
}

const authenticationRequired: Decline = {
  code: "authentication_required",
  declineCode: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
  adviceCode: "try_again_later",
};

const actionRequired: Decline = {
  code: "card_declined",
  declineCode: "authentication_required",
  message:
    "The provided payment method requires customer actions to complete, but `error_on_requires_action` was set.",
  adviceCode: "try_again_later",
};

/** The bank's answer. */
function decide(
  intent: Intent,
  card: TestCard,
  authenticated: boolean,
  moment: Moment,
): Transition {
  if (card.decline) return decline(intent, card.decline, moment, authenticated);
  const charge = newCharge(intent, moment, authenticated);
  if (intent.captureMethod === "manual") {
    return {
      intent: { ...intent, status: "requires_capture", amountCapturable: intent.amount, charge },
      events: ["payment_intent.amount_capturable_updated"],
    };
  }
  return {
    intent: {
      ...intent,
      status: "succeeded",
      amountReceived: intent.amount,
      captures: [{ amount: intent.amount, atMs: moment.nowMs, final: true }],
      charge: { ...charge, amountCaptured: intent.amount },
    },
    events: ["payment_intent.succeeded"],
  };
}

function newCharge(intent: Intent, moment: Moment, authenticated: boolean): Charge {
  return {
    id: childId("ch", intent.id, intent.attempts),
    token: intent.token ?? "",
    method: "card",
    createdMs: moment.nowMs,
    amount: intent.amount,
    amountCaptured: 0,
    status: "succeeded",
    failure: null,
    authenticated,
    captureBeforeMs: moment.nowMs + HOLD_MS,
  };
}

function decline(
  before: Intent,
  failure: Decline,
  moment: Moment,
  authenticated: boolean,
): Transition {
  const charge: Charge = {
    ...newCharge(before, moment, authenticated),
    status: "failed",
    failure,
  };
  const intent: Intent = {
    ...before,
    status: "requires_payment_method",
    charge,
    lastError: {
      type: "card_error",
      code: failure.code,
      message: failure.message,
      declineCode: failure.declineCode,
      adviceCode: failure.adviceCode,
      chargeId: charge.id,
    },
  };
  return {
    intent: { ...intent, token: null, paymentMethodId: null },
    events: ["payment_intent.payment_failed"],
    declined: {
      status: 402,
      type: "card_error",
      code: failure.code,
      decline_code: failure.declineCode,
      advice_code: failure.adviceCode,
      message: failure.message,
      charge: charge.id,
      intent: { ...intent, token: null, paymentMethodId: null },
      executed: true,
    },
  };
}

/** The shopper comes back from the bank's page or from their phone. Only an intent that waits for it changes. */
export function finishAction(before: Intent, passed: boolean, moment: Moment): Change | null {
  if (before.status !== "requires_action") return null;
  const { local } = before;
  if (local) {
    const ended = passed ? approveLocal(before, local, moment) : endLocal(before, local.type);
    return "events" in ended ? ended : null;
  }
  return finish3ds(before, passed, moment);
}

function finish3ds(before: Intent, passed: boolean, moment: Moment): Change | null {
  if (before.token === null) return null;
  const card = cardOf(before.token);
  if (!card) return null;
  const intent: Intent = { ...before, actionUrl: null };
  if (passed) {
    const decided = decide(intent, card, true, moment);
    return "events" in decided ? decided : null;
  }
  return {
    intent: {
      ...intent,
      status: "requires_payment_method",
      token: null,
      paymentMethodId: null,
      lastError: {
        type: "invalid_request_error",
        code: "payment_intent_authentication_failure",
        message:
          "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
      },
    },
    events: ["payment_intent.payment_failed"],
  };
}
