import type { Refusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import { AdyenError } from "./client.ts";

type Refused = {
  readonly resultCode?: unknown;
  readonly refusalReason?: string;
  readonly refusalReasonCode?: string;
};

/**
 * Refusals that say nothing of the card: Acquirer Error, Issuer Unavailable, Not supported, Not
 * Submitted. Source: https://docs.adyen.com/development-resources/refusal-reasons
 */
const RETRYABLE = new Set(["4", "9", "10", "21"]);

/** The no of an answer. */
export function refusalOf({ resultCode, refusalReason, refusalReasonCode = "" }: Refused) {
  const reason = slug(refusalReason ?? "") || slug(String(resultCode));
  return decline(reason, String(resultCode) === "Error" || RETRYABLE.has(refusalReasonCode));
}

/** "Not enough balance" → "not_enough_balance". */
function slug(words: string): string {
  const plain = words.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  return plain.replaceAll(/^_+|_+$/g, "").slice(0, 60);
}

/** `reason` is Adyen's refusal reason in our spelling: an open list. */
export function decline(reason: string, retryable = false): Refusal<"payment_declined"> {
  const detail = { reason, provider: "adyen" };
  return refuse("payment_declined", retryable ? { ...detail, retryable } : detail);
}

/** Errors in what the shopper typed. Source: https://docs.adyen.com/development-resources/error-codes */
const REASONS: { readonly [errorCode: string]: string } = {
  101: "invalid_card_number",
  103: "invalid_cvc",
  129: "invalid_expiry_date",
  172: "card_data_expired",
  174: "card_data_unreadable",
};

/**
 * Why Adyen refused a call before it did anything, or undefined when the outcome is unknown. The
 * error of a key that is in use (704) says nothing of the first call's money.
 * Source: https://docs.adyen.com/development-resources/error-codes
 */
export function definiteNo(error: unknown): string | undefined {
  if (!(error instanceof AdyenError) || error.errorCode === undefined) return undefined;
  const { status, errorCode } = error;
  if ((status !== 400 && status !== 422) || errorCode === "704") return undefined;
  return REASONS[errorCode] ?? `invalid_request_${errorCode}`;
}
