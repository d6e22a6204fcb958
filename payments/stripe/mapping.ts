import Stripe from "stripe";
import type { Money } from "../../schema/money.ts";
import { assert, type Refusal } from "../../schema/outcome.ts";
import { type NextAction, PaymentMethod } from "../../schema/payment.ts";
import type { Dispute, Secured } from "../provider.ts";
import { fromStripeAmount } from "./amounts.ts";
import { declineOf } from "./declines.ts";

/** Reads an intent as the answer of an authorize. Throws when it is still undecided. */
export function toAuthorization(
  intent: Stripe.PaymentIntent,
  method: PaymentMethod,
): Secured | Refusal<"payment_declined"> {
  const { status, id: reference, last_payment_error: error } = whole(intent);
  if (!intent.currency) throw undecided(intent);
  const amount = fromStripeAmount(intent.amount, intent.currency);
  const authorization = { provider: "stripe", method, reference, amount } as const;
  if (status === "requires_capture") return { ...authorization, ...holdOf(intent) };
  if (status === "succeeded") return { ...authorization, isCaptured: true };
  const shopper = status === "requires_action" ? toNextAction(intent, method) : undefined;
  if (shopper) return { ...authorization, shopper };
  if (status === "requires_payment_method" || status === "canceled") {
    return declineOf(error ?? {}, status);
  }
  throw new Error(`Stripe has not decided on ${reference}: ${status}`);
}

/** What is held or taken, whatever we believe; undefined when nothing is, or all went back. */
export function toSecured(intent: Stripe.PaymentIntent): Secured | undefined {
  const { status, id: reference, currency } = whole(intent);
  const isHeld = status === "requires_capture";
  // Cancelled after a part was captured, it still has that part.
  const isTaken = !isHeld && (isCaptured(intent) || intent.amount_received > 0);
  if ((!isHeld && !isTaken) || chargeOf(intent)?.refunded) return undefined;
  const secured = { provider: "stripe", method: methodOf(intent), reference } as const;
  return isTaken
    ? { ...secured, amount: takenOf(intent), isCaptured: true }
    : { ...secured, amount: fromStripeAmount(intent.amount, currency), ...holdOf(intent) };
}

/** We allow one type per intent, so it is the one that was used. */
function methodOf({ payment_method_types: [type] }: Stripe.PaymentIntent): PaymentMethod {
  return PaymentMethod.parse(type);
}

function holdOf(intent: Stripe.PaymentIntent) {
  const card = chargeOf(intent)?.payment_method_details?.card;
  const before = card?.capture_before;
  return {
    ...(before ? { captureBeforeMs: before * 1000 } : {}),
    ...(card?.multicapture?.status === "available" ? ({ severalCaptures: true } as const) : {}),
  };
}

/** The intent's charge, where the answer was asked to bring it along. */
export function chargeOf({ latest_charge }: Stripe.PaymentIntent): Stripe.Charge | undefined {
  return typeof latest_charge === "object" ? (latest_charge ?? undefined) : undefined;
}

function toNextAction(
  { next_action }: Stripe.PaymentIntent,
  method: PaymentMethod,
): NextAction | undefined {
  const { redirect_to_url, pix_display_qr_code: pix } = next_action ?? {};
  const upi = next_action?.upi_handle_redirect_or_display_qr_code;
  if (pix?.data) return { type: "qr", data: pix.data, ...pageOf(pix), ...endOf(pix) };
  // Stripe gives no text of a UPI code: its page shows the code, or opens the app on a telephone.
  if (upi) return { type: "app", ...pageOf(upi), ...endOf(upi.qr_code) };
  if (redirect_to_url?.url) return { type: "redirect", url: redirect_to_url.url };
  assert(method === "card" || !next_action, `${method} has a step that is known`);
  return undefined;
}

function pageOf({ hosted_instructions_url: url }: { readonly hosted_instructions_url?: string }) {
  return url ? { url } : {};
}

function endOf({ expires_at }: { readonly expires_at?: number }) {
  return expires_at ? { expiresAt: new Date(expires_at * 1000).toISOString() } : {};
}

export function isCaptured({ status }: Stripe.PaymentIntent): boolean {
  return status === "succeeded";
}

export function isCanceled({ status }: Stripe.PaymentIntent): boolean {
  return status === "canceled";
}

/**
 * Why a hold is there no more: "expired" when it ran out, which was "automatic" before API version
 * 2025-03-31; else what who called it off gave as a reason.
 * Source: https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow
 */
export function whyReleased({ cancellation_reason: reason }: Stripe.PaymentIntent): string {
  return reason === "automatic" ? "expired" : (reason ?? "canceled");
}

/** What a captured intent says was taken. */
export function takenOf(intent: Stripe.PaymentIntent): Money {
  return fromStripeAmount(intent.amount_received, intent.currency);
}

/**
 * The SDK takes any JSON without an `error` for an answer, a proxy's 502 among them: what does not
 * say what became of the money is no answer.
 */
export function undecided({
  id,
  status,
}: {
  readonly id?: string;
  readonly status?: string | null;
}) {
  return new Error(`Stripe gave no definite answer on ${id}: ${status}`);
}

/** An intent as Stripe gave it; throws when it does not say how it stands. */
export function whole(intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  if (!intent.id || !intent.status) throw undecided(intent);
  return intent;
}

/** "Unexpected state" brings the intent along: often what we wanted has already happened. */
export function intentInError(error: unknown): Stripe.PaymentIntent | undefined {
  const isWrongState =
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === "payment_intent_unexpected_state";
  return isWrongState ? error.payment_intent : undefined;
}

export function toDispute(dispute: Stripe.Dispute): Dispute {
  return {
    reference: dispute.id,
    dispute: disputeStateOf(dispute.status),
    amount: fromStripeAmount(dispute.amount, dispute.currency),
    reason: dispute.reason,
  };
}

/**
 * A closed inquiry took no money, and a prevented dispute ends by a refund: both are over without
 * a loss by dispute. What is new to us is open.
 * Source: https://docs.stripe.com/api/disputes/object#dispute_object-status
 */
function disputeStateOf(status: string): Dispute["dispute"] {
  if (status === "lost") return "lost";
  return ["won", "warning_closed", "prevented"].includes(status) ? "won" : "open";
}
