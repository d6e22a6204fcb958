import { useState } from "preact/hooks";
import type { CheckoutView, Quote } from "../../../../schema/checkout.ts";
import { changeCheckout, changeProblem, waitingFor } from "../../state/current-sale.ts";
import { moneyText } from "../../words/shown-money.ts";
import { troubleOf } from "../../words/troubles.ts";
import { Notice } from "../parts/notice.tsx";

/** What a shopper may still change before paying. Every change is a new quote. */
export function QuoteChanges({ sale }: { readonly sale: CheckoutView }) {
  if (sale.status !== "open" && waitingFor.value !== "change") return null;
  return (
    <div class="changes" aria-busy={waitingFor.value === "change"}>
      <Delivery quote={sale.quote} />
      <Codes quote={sale.quote} />
      {changeProblem.value && <Notice trouble={troubleOf(changeProblem.value)} />}
    </div>
  );
}

function Delivery({ quote }: { readonly quote: Quote }) {
  const { shipping, shippingOptions = [], shippingLeftOut = [] } = quote;
  if (shippingOptions.length < 2) return null;
  return (
    <label class="field">
      <span>Delivery</span>
      <select
        value={shipping.option}
        onChange={({ currentTarget }) =>
          void changeCheckout({ shippingOption: currentTarget.value })
        }
      >
        {shippingOptions.map(({ option, name, amount }) => (
          <option key={option} value={option}>
            {`${name}, ${moneyText(amount)}`}
          </option>
        ))}
      </select>
      {shippingLeftOut.length > 0 && (
        <small>{`Not asked in time: ${shippingLeftOut.map(({ carrier }) => carrier).join(", ")}`}</small>
      )}
    </label>
  );
}

function Codes({ quote }: { readonly quote: Quote }) {
  const [typed, setTyped] = useState("");
  const codes = quote.discounts.flatMap(({ code }) => code ?? []);
  const add = async () => {
    if (!typed.trim()) return;
    if (await changeCheckout({ promotionCodes: [...codes, typed.trim()] })) setTyped("");
  };
  return (
    <form
      class="codes"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      {codes.length > 0 && (
        <div class="chips">
          {codes.map((code) => (
            <button
              key={code}
              type="button"
              class="code"
              aria-label={`Remove the code ${code}`}
              onClick={() =>
                void changeCheckout({ promotionCodes: codes.filter((other) => other !== code) })
              }
            >
              {code} <span aria-hidden="true">×</span>
            </button>
          ))}
        </div>
      )}
      <label class="field" htmlFor="promotion-code">
        <span>Code</span>
        <input
          id="promotion-code"
          type="text"
          maxLength={40}
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      <button type="submit" class="quiet" aria-disabled={waitingFor.value === "change"}>
        Use it
      </button>
    </form>
  );
}
