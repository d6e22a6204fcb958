import Stripe from "stripe";
import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";

/**
 * Nobody has judged the shopper or the card: another provider may well say yes.
 * Source: https://docs.stripe.com/declines/codes ("The payment can be attempted again") and
 * https://docs.stripe.com/error-codes (payment_method_not_available, …_provider_timeout)
 */
const RETRYABLE = [
  "approve_with_id",
  "issuer_not_available",
  "payment_method_not_available",
  "payment_method_provider_timeout",
  "processing_error",
  "provider_error",
  "reenter_transaction",
  "try_again_later",
];

/** What Stripe says of a declined payment, in an error or on the intent. */
type Said = {
  readonly decline_code?: string | undefined;
  readonly code?: string | undefined;
  readonly advice_code?: string | undefined;
};

/** `reason` is Stripe's decline code, or its error code: both are open lists. */
export function decline(reason: string, adviceCode?: string): Refusal<"payment_declined"> {
  // The issuer's advice outranks the code: https://docs.stripe.com/declines/card#retrying-issuer-declines
  const isRetryable = adviceCode !== "do_not_try_again" && RETRYABLE.includes(reason);
  const retryable = isRetryable ? { retryable: true } : {};
  return refuse("payment_declined", { reason, provider: "stripe", ...retryable });
}

/** The most exact reason there is. The SDK says "" where Stripe gave no decline code. */
export function declineOf({ decline_code, code, advice_code }: Said, otherwise: string) {
  return decline(decline_code || code || otherwise, advice_code);
}

/**
 * A definite no of a call, or undefined when the outcome is unknown.
 * Source: https://docs.stripe.com/error-handling
 */
export function definiteNo(error: unknown): Refusal<"payment_declined"> | undefined {
  if (error instanceof Stripe.errors.StripeCardError) return declineOf(error, "card_declined");
  // Our key with other bytes would be our bug; it says nothing about the first call's money.
  if (error instanceof Stripe.errors.StripeIdempotencyError) return undefined;
  if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== 409) {
    return decline(error.code ?? "invalid_request");
  }
  return undefined;
}

/** The reason of a definite no; throws the error again when it is none. */
export function reasonOf(error: unknown): string {
  const no = definiteNo(error);
  if (!no) throw error;
  return String(no.detail?.reason);
}
