import { useEffect } from "preact/hooks";
import { goTo } from "../../browser/place.ts";
import { cart } from "../../state/current-cart.ts";
import {
  sale,
  saleId,
  secretOf,
  unfinishedCheckout,
  waitingFor,
} from "../../state/current-sale.ts";
import { shelf } from "../../state/shop-window.ts";
import { moneyText } from "../../words/shown-money.ts";
import { DeliveryLines } from "../parts/delivery-lines.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageTitle } from "../parts/page-title.tsx";
import { DetailsForm } from "./details-form.tsx";
import { QuoteChanges } from "./quote-changes.tsx";
import { QuoteSummary } from "./quote-summary.tsx";
import { SaleDesk } from "./sale-desk.tsx";
import { Timeline } from "./timeline.tsx";

export function CheckoutPage() {
  const checkoutId = saleId.value;
  if (!checkoutId) return <NewCheckout />;
  if (!secretOf(checkoutId)) return <StrangerHere />;
  return <LiveCheckout />;
}

/** One that is under way goes on: its cart cannot be in two checkouts. */
function NewCheckout() {
  useEffect(() => {
    const unfinished = unfinishedCheckout();
    if (unfinished) goTo(`/checkout?checkoutId=${unfinished}`);
  }, []);
  const lines = cart.value?.lines ?? [];
  return (
    <div class="checkout">
      <section>
        <PageTitle title="Checkout · Small Hours">Where shall it go?</PageTitle>
        {lines.length > 0 ? <DetailsForm /> : <NothingToBuy />}
      </section>
      {lines.length > 0 && <CartSummary />}
    </div>
  );
}

function NothingToBuy() {
  return (
    <>
      <p>Your cart is empty.</p>
      <button type="button" class="act" onClick={() => goTo("/")}>
        Look around
      </button>
    </>
  );
}

function CartSummary() {
  const { lines = [], subtotal } = cart.value ?? {};
  return (
    <aside class="summary" aria-label="Your cart">
      <h2>Your things</h2>
      <ul class="quote-lines">
        {lines.map(({ sku, name, quantity, amount }) => (
          <li key={sku}>
            <span>
              {quantity} × {name ?? sku}
            </span>
            <span>{amount ? moneyText(amount) : ""}</span>
          </li>
        ))}
      </ul>
      <p class="total-line">
        <span>Subtotal</span>
        <strong>{subtotal ? moneyText(subtotal) : ""}</strong>
      </p>
      {shelf.value?.ok && <DeliveryLines list={shelf.value.body} />}
    </aside>
  );
}

function LiveCheckout() {
  const view = sale.value;
  const isStill = view?.status === "open" || waitingFor.value === "change";
  return (
    <div class={view && !isStill ? "checkout live moving" : "checkout live"}>
      <section>{view ? <SaleDesk sale={view} /> : <Opening />}</section>
      <aside class="summary" aria-label="Your order">
        {view && <QuoteSummary quote={view.quote} />}
        {view && <QuoteChanges sale={view} />}
        <Timeline entries={view?.timeline ?? []} status={view?.status} />
      </aside>
    </div>
  );
}

function Opening() {
  return (
    <>
      <PageTitle title="Checkout · Small Hours">One moment</PageTitle>
      <p>Looking up your order.</p>
    </>
  );
}

function StrangerHere() {
  return (
    <section class="narrow">
      <PageTitle title="Checkout · Small Hours">We do not know this checkout</PageTitle>
      <Notice
        trouble={{
          title: "This browser did not begin it",
          text: "Only the browser that began a checkout can open it. It may have cleared its memory since.",
        }}
      />
    </section>
  );
}
