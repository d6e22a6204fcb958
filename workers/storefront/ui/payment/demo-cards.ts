import type { AdyenCard } from "../../../../schema/adyen-method.ts";
import type { PaymentDetails, PaymentRequest } from "../../../../schema/payment.ts";

type Tokens = NonNullable<PaymentRequest["tokens"]>;

/** A card of both providers or of one, with the story it tells. */
export type TestCard = {
  readonly name: string;
  readonly story: string;
  readonly tokens: Tokens;
};

const GOOD = "4111111111111111";
const ASKS_FIRST = "5201281505129736";

/**
 * What Adyen's client component gives in test environments: unencrypted, under a prefix. How the
 * payment goes is told by the holder's name.
 * Source: https://docs.adyen.com/development-resources/testing/test-card-numbers
 */
function adyenCard(number: string, holderName = "A. Shopper"): AdyenCard {
  return {
    type: "scheme",
    encryptedCardNumber: `test_${number}`,
    encryptedExpiryMonth: "test_03",
    encryptedExpiryYear: "test_2030",
    encryptedSecurityCode: "test_737",
    holderName,
  };
}

/** With a token of each provider the second one can take over where the first cannot decide. */
export const cardsOfBoth: readonly TestCard[] = [
  {
    name: "A good card",
    story: "The bank says yes.",
    tokens: { stripe: "pm_card_visa", adyen: adyenCard(GOOD) },
  },
  {
    name: "A declined card",
    story: "The bank says no; your things stay yours for now.",
    tokens: { stripe: "pm_card_visa_chargeDeclined", adyen: adyenCard(GOOD, "DECLINED") },
  },
  {
    name: "A careful card",
    story: "The bank asks you first: 3-D Secure.",
    tokens: { stripe: "pm_card_threeDSecure2Required", adyen: adyenCard(ASKS_FIRST) },
  },
  {
    name: "A slow card",
    story: "The bank takes its time.",
    tokens: { stripe: "pm_sim_slow", adyen: adyenCard(GOOD, "sim slow") },
  },
  {
    name: "An unlucky card",
    story: "The bank says yes, but the answer gets lost.",
    tokens: { stripe: "pm_sim_replyLost", adyen: adyenCard(GOOD, "sim reply lost") },
  },
  {
    name: "A stranded card",
    story: "Stripe cannot reach the bank; Adyen takes over and can.",
    tokens: { stripe: "pm_sim_issuerNotAvailable", adyen: adyenCard(GOOD) },
  },
];

export const cardsOfAdyen: readonly TestCard[] = [
  {
    name: "An Adyen card",
    story: "The bank says yes; the money is there when Adyen says so.",
    tokens: { adyen: adyenCard(GOOD) },
  },
  {
    name: "A careful Adyen card",
    story: "The bank asks you first: 3-D Secure.",
    tokens: { adyen: adyenCard(ASKS_FIRST) },
  },
  {
    name: "An unreachable Adyen card",
    story: "Nobody can reach the bank, and only Adyen was asked.",
    tokens: { adyen: adyenCard(GOOD, "ISSUER_UNAVAILABLE") },
  },
];

/** How a card is told from another in small print, by no more than its ending. */
export function printOf({ stripe, adyen }: Tokens): string {
  const ending = adyen?.type === "scheme" && `Adyen …${adyen.encryptedCardNumber.slice(-4)}`;
  return [stripe, ending].filter(Boolean).join(" · ");
}

/** What a card's bank wants to know of the browser before it decides about 3-D Secure. */
export function browserDetails(): PaymentDetails {
  return {
    browser: {
      acceptHeader: "*/*",
      userAgent: navigator.userAgent,
      language: navigator.language,
      colorDepth: screen.colorDepth,
      screenHeight: screen.height,
      screenWidth: screen.width,
      timeZoneOffset: new Date().getTimezoneOffset(),
      javaEnabled: false,
    },
  };
}
