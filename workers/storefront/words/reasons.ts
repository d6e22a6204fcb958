/** What a bank or provider gave as its reason, where a shopper can do something about it. */
const reasons: Readonly<Record<string, string>> = {
  insufficient_funds: "There is not enough money on this card.",
  not_enough_balance: "There is not enough money on this card.",
  expired_card: "This card has expired.",
  incorrect_cvc: "The security code is not right.",
  cvc_declined: "The security code is not right.",
  generic_decline: "Your bank gave no reason.",
  card_declined: "Your bank gave no reason.",
  refused: "Your bank gave no reason.",
  blocked_card: "This card is blocked.",
  "3d_not_authenticated": "The confirmation at your bank was not completed.",
  shopper_cancelled: "You called it off at your bank.",
  authentication_required: "Your bank wants to ask you first, and this page cannot send you there.",
  payment_intent_authentication_failure: "The confirmation at your bank was not completed.",
  payment_intent_payment_attempt_failed: "It was turned down in your bank's app.",
  payment_intent_payment_attempt_expired: "The code or link was not used in time.",
  expired: "The code or link was not used in time.",
  shopper_did_not_confirm: "The confirmation at your bank was not completed.",
  provider_unavailable: "We could not reach your bank in time.",
  provider_unreachable: "We could not reach your bank.",
  issuer_unavailable: "Your bank does not answer at the moment.",
  issuer_not_available: "Your bank does not answer at the moment.",
  card_lost: "The connection broke before your card got there.",
};

/** Nobody said no: the shopper's time was over. */
export function isOverTime(reason: unknown): boolean {
  const overTime = ["payment_intent_payment_attempt_expired", "expired", "shopper_did_not_confirm"];
  return overTime.includes(String(reason));
}

const outOfReach: readonly string[] = [
  "issuer_unavailable",
  "issuer_not_available",
  "provider_unavailable",
  "provider_unreachable",
];

/** Nobody judged the shopper or their card. */
export function isOutOfReach(reason: unknown): boolean {
  return outOfReach.includes(String(reason));
}

export function reasonText(reason: unknown): string {
  return typeof reason === "string" && Object.hasOwn(reasons, reason)
    ? (reasons[reason] ?? "")
    : "";
}
