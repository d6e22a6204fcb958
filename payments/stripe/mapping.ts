import Stripe from "stripe";
import type { Money } from "../../schema/money.ts";
import { assert, type Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import type { Authorization, AuthorizeRequest, CaptureResult } from "../provider.ts";

/** Stripe counts these in hundredths though ISO 4217 has no minor unit for them. */
const NOT_MAPPED = ["ISK", "UGX"]; // https://docs.stripe.com/currencies#special-cases

/** Our amount as Stripe's: the same minor units, with a lower-case currency. */
export function toStripeAmount({ amountMinor, currency }: Money) {
  assert(!NOT_MAPPED.includes(currency), `${currency} needs its own mapping for Stripe`);
  return { amount: amountMinor, currency: currency.toLowerCase() };
}

export function fromStripeAmount(amountMinor: number, currency: string): Money {
  return { amountMinor, currency: currency.toUpperCase() };
}

/** The parameters are a pure function of the request: a repeat has the same bytes. */
export function toIntentParams(request: AuthorizeRequest): Stripe.PaymentIntentCreateParams {
  return {
    ...toStripeAmount(request.amount),
    confirm: true,
    capture_method: "manual",
    payment_method: request.token,
    allowed_payment_method_types: ["card"],
    // Without a way back, a wanted 3DS step is a decline rather than a dead end.
    ...(request.returnUrl ? { return_url: request.returnUrl } : { error_on_requires_action: true }),
    // Ids only: no personal data leaves for a provider's metadata.
    metadata: {
      shop_id: request.shopId,
      checkout_id: request.checkoutId,
      payment_reference: request.paymentReference,
    },
  };
}

/** Reads an intent as the answer of an authorize. Throws when it is still undecided. */
export function toAuthorization(
  intent: Stripe.PaymentIntent,
): Authorization | Refusal<"payment_declined"> {
  const { status, id: reference, last_payment_error: error, next_action } = intent;
  const amount = fromStripeAmount(intent.amount, intent.currency);
  const authorization = { provider: "stripe", reference, amount } as const;
  if (status === "requires_capture" || status === "succeeded") return authorization;
  const url = next_action?.redirect_to_url?.url;
  if (status === "requires_action" && url) {
    return { ...authorization, shopper: { type: "redirect", url } };
  }
  if (status === "requires_payment_method" || status === "canceled") {
    return decline(error?.decline_code ?? error?.code ?? status);
  }
  throw new Error(`Stripe has not decided on ${reference}: ${status}`);
}

/** `reason` is Stripe's decline code, or its error code: both are open lists. */
export function decline(reason: string): Refusal<"payment_declined"> {
  return refuse("payment_declined", { reason, provider: "stripe" });
}

/**
 * A definite no of an authorize call, or undefined when the outcome is unknown.
 * Source: https://docs.stripe.com/error-handling
 */
export function definiteNo(error: unknown): Refusal<"payment_declined"> | undefined {
  if (error instanceof Stripe.errors.StripeCardError) {
    // The SDK says "" where Stripe gave no decline code.
    return decline(error.decline_code || error.code || "card_declined");
  }
  // Our key with other bytes would be our bug; it says nothing about the first call's money.
  if (error instanceof Stripe.errors.StripeIdempotencyError) return undefined;
  if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== 409) {
    return decline(error.code ?? "invalid_request");
  }
  return undefined;
}

/** Whether Stripe replays a stored server error: repeating this key can never succeed. */
export function isStoredServerError(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError)) return false;
  const isServerError = (error.statusCode ?? 0) >= 500;
  return isServerError && error.headers?.["idempotent-replayed"] === "true";
}

export function isCaptured({ status }: Stripe.PaymentIntent): boolean {
  return status === "succeeded";
}

export function isCanceled({ status }: Stripe.PaymentIntent): boolean {
  return status === "canceled";
}

/** A pending refund ends by itself; a failed one leaves the money with us. */
export function isRefunded({ status }: Stripe.Refund): boolean {
  return status === "succeeded" || status === "pending";
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

/** What a captured intent says was taken. */
export function captured(intent: Stripe.PaymentIntent): CaptureResult {
  const amount = fromStripeAmount(intent.amount_received, intent.currency);
  return { capture: "captured", amount };
}

/** "Unexpected state" brings the intent along: often what we wanted has already happened. */
export function intentInError(error: unknown): Stripe.PaymentIntent | undefined {
  const isWrongState =
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === "payment_intent_unexpected_state";
  return isWrongState ? error.payment_intent : undefined;
}
