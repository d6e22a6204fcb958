import { useState } from "preact/hooks";
import type { CheckoutView } from "../../../../schema/checkout.ts";
import type { SaleMethod } from "../../../../schema/payment.ts";
import { pay, waitingFor } from "../../state/current-sale.ts";
import { moneyText } from "../../words/shown-money.ts";
import { CardChoice } from "./card-choice.tsx";
import { Notices } from "./notices.tsx";
import { IDEAL_NAME, type Way, waysOf } from "./pay-ways.ts";
import { PixForm } from "./pix-form.tsx";

type Props = {
  readonly sale: CheckoutView;
  /** The way that the shopper turns away from, if there is another. */
  readonly insteadOf?: SaleMethod | undefined;
};

/** Every way to pay this checkout. The chosen one shows what it needs. */
export function PayPanel({ sale, insteadOf }: Props) {
  const ways = waysOf(sale.paymentMethods);
  const [wished, choose] = useState(() => firstOf(ways, sale, insteadOf));
  // A code may have made it free since, or have been taken out again.
  const isOffered = ways.some(({ method }) => method === wished);
  const chosen = isOffered ? wished : firstOf(ways, sale, insteadOf);
  const total = moneyText(sale.quote.total);
  return (
    <div class="pay-panel">
      {ways.length > 1 && (
        <fieldset class="choices ways">
          <legend>Pay {total} with</legend>
          {ways.map((way) => (
            <WayChoice
              key={way.method}
              way={way}
              isChosen={way.method === chosen}
              choose={choose}
            />
          ))}
        </fieldset>
      )}
      <Notices quote={sale.quote} />
      {chosen && <ChosenWay method={chosen} total={total} isOnly={ways.length === 1} />}
    </div>
  );
}

/** What was tried last, for a second try; the best known one for a first. */
function firstOf(
  ways: readonly Way[],
  { payment }: CheckoutView,
  insteadOf: SaleMethod | undefined,
): SaleMethod | undefined {
  const another = insteadOf && ways.find(({ method }) => method !== insteadOf);
  const again = ways.find(({ method }) => method === payment?.method);
  return (another ?? again ?? ways[0])?.method;
}

type ChoiceProps = {
  readonly way: Way;
  readonly isChosen: boolean;
  readonly choose: (method: SaleMethod) => void;
};

function WayChoice({ way: { method, name, story, mark }, isChosen, choose }: ChoiceProps) {
  return (
    <label class="choice">
      <input
        type="radio"
        name="way"
        value={method}
        checked={isChosen}
        onChange={() => choose(method)}
      />
      <span class="way-name">{name}</span>
      {mark && <img class="way-mark" src={mark} alt="" />}
      <span class="way-story">{story}</span>
    </label>
  );
}

type ChosenProps = {
  readonly method: SaleMethod;
  readonly total: string;
  readonly isOnly: boolean;
};

function ChosenWay({ method, total, isOnly }: ChosenProps) {
  switch (method) {
    case "card":
      return (
        <CardChoice legend={isOnly ? `Pay ${total} with a test card` : "Choose a test card"} />
      );
    case "pix":
      return <PixForm total={total} />;
    case "none":
      return (
        <OneButton method={method} label="Place order">
          There is nothing to pay: no card is asked for, and none is charged.
        </OneButton>
      );
    case "ideal":
      return (
        <OneButton method={method} label={`Pay ${total} with ${IDEAL_NAME}`}>
          You go to your bank's own page, say yes there, and come back here.
        </OneButton>
      );
    case "wero":
      return (
        <OneButton method={method} label={`Pay ${total} with Wero`}>
          You go to your bank's app or to Wero, say yes there, and come back here.
        </OneButton>
      );
    case "upi":
      return (
        <OneButton method={method} label={`Pay ${total} with UPI`}>
          You get a link to your UPI app, or a code that it reads, and some minutes to say yes.
        </OneButton>
      );
  }
}

type OneButtonProps = {
  readonly method: SaleMethod;
  readonly label: string;
  readonly children: string;
};

/** A way that needs nothing from the shopper but their yes. */
function OneButton({ method, label, children }: OneButtonProps) {
  return (
    <div class="way-panel">
      <p>{children}</p>
      <button
        type="button"
        class="act"
        aria-disabled={waitingFor.value !== undefined}
        onClick={() => void pay({ method })}
      >
        {label}
      </button>
    </div>
  );
}
