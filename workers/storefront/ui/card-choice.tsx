import { browserDetails } from "../browser-details.ts";
import { testCards, tokenText } from "../cards.ts";
import { pay, waitingFor } from "../sale.ts";

/** A live shop shows its providers' card forms here. */
export function CardChoice({ total }: { readonly total: string }) {
  const isWaiting = waitingFor.value !== undefined;
  return (
    <fieldset class="cards" aria-describedby="cards-note">
      <legend>Pay {total} with a test card</legend>
      {testCards.map(({ name, story, tokens }) => (
        <button
          key={name}
          type="button"
          class="pay-card"
          aria-disabled={isWaiting}
          onClick={() =>
            void pay({ method: "card", tokens, details: { browser: browserDetails() } })
          }
        >
          <strong>{name}</strong>
          <span>{story}</span>
          <code>{tokenText(tokens)}</code>
        </button>
      ))}
      <p class="fine-print" id="cards-note">
        Card numbers never come near this shop: it sends what a provider’s own form gives, a token
        or an encrypted card.
      </p>
    </fieldset>
  );
}
