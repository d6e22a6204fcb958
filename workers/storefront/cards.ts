import type { PaymentRequest } from "../../schema/payment.ts";

type Tokens = NonNullable<PaymentRequest["tokens"]>;

export type TestCard = {
  readonly name: string;
  readonly story: string;
  readonly tokens: Tokens;
};

/**
 * Adyen's test card, as their component would give it: a live shop shows that component instead.
 * Source: https://docs.adyen.com/development-resources/testing/test-card-numbers
 */
function atAdyen(holderName: string, number = "4111111111111111"): NonNullable<Tokens["adyen"]> {
  return {
    type: "scheme",
    encryptedCardNumber: `test_${number}`,
    encryptedExpiryMonth: "test_03",
    encryptedExpiryYear: "test_2030",
    encryptedSecurityCode: "test_737",
    holderName,
  };
}

const ASKS_FIRST = "5201281505129736";

/**
 * The providers' test cards, each with the story it tells. A card that both providers know has a
 * token of each: where one of them fails, the other is asked.
 */
export const testCards: readonly TestCard[] = [
  {
    name: "A good card",
    story: "The bank says yes.",
    tokens: { stripe: "pm_card_visa", adyen: atAdyen("Ada Lovelace") },
  },
  {
    name: "A declined card",
    story: "The bank says no; your things stay yours for now.",
    tokens: { stripe: "pm_card_visa_chargeDeclined", adyen: atAdyen("DECLINED") },
  },
  {
    name: "A careful card",
    story: "The bank asks you first: 3-D Secure.",
    tokens: {
      stripe: "pm_card_threeDSecure2Required",
      adyen: atAdyen("Ada Lovelace", ASKS_FIRST),
    },
  },
  {
    name: "A slow card",
    story: "The bank takes its time.",
    tokens: { stripe: "pm_sim_slow", adyen: atAdyen("sim slow") },
  },
  {
    name: "An unlucky card",
    story: "The bank says yes, but the answer gets lost.",
    tokens: { stripe: "pm_sim_replyLost", adyen: atAdyen("sim reply lost") },
  },
  {
    name: "A rerouted card",
    story: "One provider cannot reach the bank; the other can.",
    tokens: { stripe: "pm_sim_issuerNotAvailable", adyen: atAdyen("Ada Lovelace") },
  },
  {
    name: "Adyen’s own card",
    story: "Only Adyen knows it, and the bank says yes.",
    tokens: { adyen: atAdyen("Ada Lovelace") },
  },
  {
    name: "Adyen’s careful card",
    story: "Only Adyen knows it, and the bank asks you first.",
    tokens: { adyen: atAdyen("Ada Lovelace", ASKS_FIRST) },
  },
];

/** What the button says in small print: which token goes to which provider. */
export function tokenText({ stripe, adyen }: Tokens): string {
  return [stripe, adyen?.encryptedCardNumber].filter(Boolean).join(" · ");
}
