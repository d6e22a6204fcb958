import { useState } from "preact/hooks";
import type { CheckoutView } from "../../../schema/checkout.ts";
import type { PaymentMethod } from "../../../schema/payment.ts";
import { moneyText } from "../money-text.ts";
import { CardChoice } from "./card-choice.tsx";
import { IdealChoice, PixChoice, UpiChoice } from "./local-choice.tsx";

type Way = {
  readonly method: PaymentMethod;
  readonly name: string;
  readonly story: string;
  readonly Choice: (props: { readonly total: string }) => preact.JSX.Element;
};

const ways: readonly Way[] = [
  { method: "card", name: "Card", story: "Debit or credit", Choice: CardChoice },
  { method: "ideal", name: "iDEAL", story: "At your Dutch bank", Choice: IdealChoice },
  { method: "pix", name: "Pix", story: "A code for your bank’s app", Choice: PixChoice },
  { method: "upi", name: "UPI", story: "In your UPI app", Choice: UpiChoice },
];

/** How the sale can be paid where it goes to; the API says which ways there are. */
export function PayPanel({ sale }: { readonly sale: CheckoutView }) {
  const offered = ways.filter(({ method }) => sale.paymentMethods.includes(method));
  const [chosen, choose] = useState<PaymentMethod | undefined>(undefined);
  const way = offered.find(({ method }) => method === chosen) ?? offered[0];
  if (!way) return null;
  const { Choice } = way;
  return (
    <div class="ways">
      {offered.length > 1 && <WayChoice offered={offered} chosen={way.method} choose={choose} />}
      <Choice total={moneyText(sale.quote.total)} />
    </div>
  );
}

type WayChoiceProps = {
  readonly offered: readonly Way[];
  readonly chosen: PaymentMethod;
  readonly choose: (method: PaymentMethod) => void;
};

function WayChoice({ offered, chosen, choose }: WayChoiceProps) {
  return (
    <fieldset>
      <legend>Pay by</legend>
      <div class="choices">
        {offered.map(({ method, name, story }) => (
          <label key={method} class="choice">
            <input
              type="radio"
              name="method"
              value={method}
              checked={method === chosen}
              onChange={() => choose(method)}
            />
            {name}
            <span class="choice-price">{story}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
