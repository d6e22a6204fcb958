import { pay, waitingFor } from "../../state/current-sale.ts";
import { browserDetails, cardsOfAdyen, cardsOfBoth, printOf, type TestCard } from "./demo-cards.ts";

/** The providers' test cards. A live shop shows its card form here. */
export function CardChoice({ legend }: { readonly legend: string }) {
  return (
    <div class="way-panel">
      <fieldset class="cards" aria-describedby="cards-note">
        <legend>{legend}</legend>
        {cardsOfBoth.map((card) => (
          <PayCard key={card.name} card={card} />
        ))}
      </fieldset>
      <details class="more-cards">
        <summary>Cards of Adyen alone</summary>
        <fieldset class="cards" aria-label="Cards of Adyen alone" aria-describedby="cards-note">
          {cardsOfAdyen.map((card) => (
            <PayCard key={card.name} card={card} />
          ))}
        </fieldset>
      </details>
      <p class="fine-print" id="cards-note">
        Card numbers never come near this shop: it sends the providers' tokens. With one of each,
        the second provider takes over when the first cannot decide.
      </p>
    </div>
  );
}

function PayCard({ card: { name, story, tokens } }: { readonly card: TestCard }) {
  return (
    <button
      type="button"
      class="pay-card"
      aria-disabled={waitingFor.value !== undefined}
      onClick={() => void pay({ method: "card", tokens, details: browserDetails() })}
    >
      <strong>{name}</strong>
      <span>{story}</span>
      <code>{printOf(tokens)}</code>
    </button>
  );
}
