/**
 * Payment methods the simulator knows: Stripe's own test tokens, and sentinels of its own.
 *
 * Source: https://docs.stripe.com/testing
 *
 * Sentinels (no such tokens exist at Stripe):
 *   pm_sim_slow             authorizes; the answer takes 2 s
 *   pm_sim_replyLost        authorizes; the first answer is lost, a repeat with the same key answers
 *   pm_sim_captureDeclined  authorizes; every capture is refused for good (402), the hold stays until it is cancelled
 *   pm_sim_captureExpired   authorizes; the first capture finds the hold expired (400), the intent is cancelled
 *   pm_sim_issuerNotAvailable, pm_sim_tryAgainLater   declined for now: another attempt or provider may well succeed
 *   pm_sim_noMulticapture   authorizes; several captures are not available
 *   pm_sim_refundPendingFails   refunds stay pending, then fail
 */

export interface Decline {
  readonly code: string;
  readonly declineCode: string;
  readonly message: string;
  readonly adviceCode: string;
}

/** What becomes of a refund after its answer, by the test token or the sentinel name that paid. */
export type RefundPlan = "pending" | "pending_fails" | "fails";

export interface TestCard {
  readonly brand: "visa" | "mastercard" | "amex";
  readonly last4: string;
  readonly decline?: Decline;
  /** The shopper must pass 3-D Secure before the bank decides. */
  readonly wants3ds?: true;
  readonly answerDelayMs?: number;
  readonly losesFirstReply?: true;
  readonly capture?: "declined" | "expired";
  readonly multicapture?: "unavailable";
  readonly refund?: RefundPlan;
  /** Opened as soon as the money is taken. */
  readonly dispute?: { readonly reason: string; readonly isInquiry: boolean };
}

function declined(declineCode: string, adviceCode = "try_again_later"): Decline {
  return {
    code: "card_declined",
    declineCode,
    message: "Your card was declined.",
    adviceCode,
  };
}

const insufficientFunds: Decline = {
  ...declined("insufficient_funds"),
  message: "Your card has insufficient funds.",
};

function refusedFor(code: string, message: string, adviceCode: string): Decline {
  return { code, declineCode: code, message, adviceCode };
}

const expiredCard = refusedFor("expired_card", "Your card has expired.", "do_not_try_again");
const incorrectCvc = refusedFor(
  "incorrect_cvc",
  "Your card's security code is incorrect.",
  "confirm_card_data",
);
const processingError = refusedFor(
  "processing_error",
  "An error occurred while processing your card. Try again in a little bit.",
  "try_again_later",
);

const SLOW_ANSWER_MS = 2_000; // longer than any healthy call, shorter than a client's timeout

const visa = { brand: "visa", last4: "4242" } as const;

export const testCards: Readonly<Record<string, TestCard>> = {
  pm_card_visa: visa,
  pm_card_visa_debit: { brand: "visa", last4: "5556" },
  pm_card_mastercard: { brand: "mastercard", last4: "4444" },
  pm_card_amex: { brand: "amex", last4: "8431" },

  pm_card_visa_chargeDeclined: { ...visa, last4: "0002", decline: declined("generic_decline") },
  pm_card_chargeDeclined: { ...visa, last4: "0002", decline: declined("generic_decline") },
  pm_card_visa_chargeDeclinedInsufficientFunds: {
    ...visa,
    last4: "9995",
    decline: insufficientFunds,
  },
  pm_card_chargeDeclinedInsufficientFunds: { ...visa, last4: "9995", decline: insufficientFunds },
  pm_card_visa_chargeDeclinedLostCard: {
    ...visa,
    last4: "9987",
    decline: declined("lost_card", "do_not_try_again"),
  },
  pm_card_visa_chargeDeclinedStolenCard: {
    ...visa,
    last4: "9979",
    decline: declined("stolen_card", "do_not_try_again"),
  },
  pm_card_visa_chargeDeclinedFraudulent: {
    ...visa,
    last4: "0019",
    decline: declined("fraudulent", "do_not_try_again"),
  },
  pm_card_radarBlock: { ...visa, last4: "0101", decline: declined("fraudulent") },
  pm_card_chargeDeclinedExpiredCard: { ...visa, last4: "0069", decline: expiredCard },
  pm_card_visa_chargeDeclinedExpiredCard: { ...visa, last4: "0069", decline: expiredCard },
  pm_card_chargeDeclinedIncorrectCvc: { ...visa, last4: "0127", decline: incorrectCvc },
  pm_card_visa_chargeDeclinedIncorrectCvc: { ...visa, last4: "0127", decline: incorrectCvc },
  pm_card_chargeDeclinedProcessingError: { ...visa, last4: "0119", decline: processingError },
  pm_card_visa_chargeDeclinedProcessingError: { ...visa, last4: "0119", decline: processingError },

  pm_card_threeDSecure2Required: { ...visa, last4: "3220", wants3ds: true },
  pm_card_threeDSecureRequired: { ...visa, last4: "3063", wants3ds: true },
  pm_card_authenticationRequired: { ...visa, last4: "3184", wants3ds: true },
  pm_card_threeDSecureRequiredChargeDeclined: {
    ...visa,
    last4: "8629",
    wants3ds: true,
    decline: declined("generic_decline"),
  },

  pm_card_pendingRefund: { ...visa, last4: "7726", refund: "pending" },
  pm_card_refundFail: { ...visa, last4: "5126", refund: "fails" },

  pm_card_createDispute: {
    ...visa,
    last4: "0259",
    dispute: { reason: "fraudulent", isInquiry: false },
  },
  pm_card_createDisputeProductNotReceived: {
    ...visa,
    last4: "2685",
    dispute: { reason: "product_not_received", isInquiry: false },
  },
  pm_card_createDisputeInquiry: {
    ...visa,
    last4: "1976",
    dispute: { reason: "fraudulent", isInquiry: true },
  },

  pm_sim_issuerNotAvailable: { ...visa, decline: declined("issuer_not_available") },
  pm_sim_tryAgainLater: { ...visa, decline: declined("try_again_later") },
  pm_sim_noMulticapture: { ...visa, multicapture: "unavailable" },
  pm_sim_refundPendingFails: { ...visa, refund: "pending_fails" },
  pm_sim_slow: { ...visa, answerDelayMs: SLOW_ANSWER_MS },
  pm_sim_replyLost: { ...visa, losesFirstReply: true },
  pm_sim_captureDeclined: { ...visa, capture: "declined" },
  pm_sim_captureExpired: { ...visa, capture: "expired" },
};

export function cardOf(token: string): TestCard | undefined {
  return Object.hasOwn(testCards, token) ? testCards[token] : undefined;
}
