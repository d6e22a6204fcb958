import { pay, waitingFor } from "../sale.ts";

type TestCard = { readonly token: string; readonly name: string; readonly story: string };

/** The provider's test cards, each with the story it tells. A live shop shows its card form here. */
const cards: readonly TestCard[] = [
  { token: "pm_card_visa", name: "A good card", story: "The bank says yes." },
  {
    token: "pm_card_visa_chargeDeclined",
    name: "A declined card",
    story: "The bank says no; your things stay yours for now.",
  },
  {
    token: "pm_card_threeDSecure2Required",
    name: "A careful card",
    story: "The bank asks you first: 3-D Secure.",
  },
  { token: "pm_sim_slow", name: "A slow card", story: "The bank takes its time." },
  {
    token: "pm_sim_replyLost",
    name: "An unlucky card",
    story: "The bank says yes, but the answer gets lost.",
  },
];

export function PayPanel({ total }: { readonly total: string }) {
  const isWaiting = waitingFor.value !== undefined;
  return (
    <fieldset class="cards" aria-describedby="cards-note">
      <legend>Pay {total} with a test card</legend>
      {cards.map(({ token, name, story }) => (
        <button
          key={token}
          type="button"
          class="pay-card"
          data-token={token}
          aria-disabled={isWaiting}
          onClick={() => void pay(token)}
        >
          <strong>{name}</strong>
          <span>{story}</span>
          <code>{token}</code>
        </button>
      ))}
      <p class="fine-print" id="cards-note">
        Card numbers never come near this shop: it sends a provider's token.
      </p>
    </fieldset>
  );
}
