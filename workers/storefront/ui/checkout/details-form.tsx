import { useEffect, useRef } from "preact/hooks";
import { CHECKOUT_OPEN_MS, MINUTE_MS } from "../../../../schema/durations.ts";
import { goTo } from "../../browser/place.ts";
import { newKey } from "../../browser/shop-api.ts";
import { cartId, setQuantity } from "../../state/current-cart.ts";
import { openCheckout, saleProblem, waitingFor } from "../../state/current-sale.ts";
import { customerId } from "../../state/customer.ts";
import type { Market } from "../../state/markets.ts";
import { market, shelf } from "../../state/shop-window.ts";
import { moneyText } from "../../words/shown-money.ts";
import { skusIn, troubleOf } from "../../words/troubles.ts";
import { Field } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { AddressFields, addressIn } from "./address-fields.tsx";

/** The last form sent, with its key: the same form again is the same intent. */
let intent: { readonly body: string; readonly key: string } | undefined;

function keyFor(body: object): string {
  const text = JSON.stringify(body);
  if (intent?.body !== text) intent = { body: text, key: newKey() };
  return intent.key;
}

async function submit(form: HTMLFormElement): Promise<void> {
  if (waitingFor.peek()) return;
  const body = checkoutOf(new FormData(form), market.peek());
  const answer = await openCheckout(body, keyFor(body));
  if (answer.ok) goTo(`/checkout?checkoutId=${answer.body.checkoutId}`);
  // A refusal was final; whatever the shopper changes outside this form deserves a new try.
  else if (answer.problem.then !== "retry_same_key") intent = undefined;
}

function checkoutOf(form: FormData, { country, currency }: Market) {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  return {
    cartId: cartId(),
    country,
    currency,
    customer: { email: text("email"), name: text("name"), customerId: customerId.peek() },
    shippingAddress: { ...addressIn(form), country },
    shippingOption: text("shipping"),
  };
}

export function DetailsForm() {
  const problem = saleProblem.value;
  const isWaiting = waitingFor.value === "quote";
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problem) notice.current?.scrollIntoView({ block: "center" });
  }, [problem]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <Field name="email" label="Email" isEmail autoComplete="email" />
      <AddressFields />
      <ShippingChoice />
      {problem && (
        <div ref={notice}>
          <Notice trouble={troubleOf(problem)}>
            {problem.code === "out_of_stock" && <TakeOut skus={skusIn(problem)} />}
          </Notice>
        </div>
      )}
      <button type="submit" class="act" aria-disabled={isWaiting}>
        {isWaiting ? "Setting your things aside …" : "See the total"}
      </button>
      <p class="fine-print">
        Nothing is charged yet. Your things are then kept for {CHECKOUT_OPEN_MS / MINUTE_MS}{" "}
        minutes.
      </p>
    </form>
  );
}

function TakeOut({ skus }: { readonly skus: readonly string[] }) {
  const takeOut = async () => {
    for (const sku of skus) await setQuantity(sku, 0);
    saleProblem.value = undefined;
  };
  return (
    <button type="button" onClick={() => void takeOut()}>
      Take it out of the cart
    </button>
  );
}

function ShippingChoice() {
  const options = shelf.value?.ok ? shelf.value.body.shippingOptions : [];
  return (
    <fieldset class="choices">
      <legend>Delivery</legend>
      {options.map(({ option, name, amount }, index) => (
        <label key={option} class="choice">
          <input type="radio" name="shipping" value={option} defaultChecked={index === 0} />
          <span>{name}</span>
          <span class="choice-price">{moneyText(amount)}</span>
        </label>
      ))}
    </fieldset>
  );
}
