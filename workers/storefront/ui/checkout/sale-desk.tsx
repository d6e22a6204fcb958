import type { CheckoutView } from "../../../../schema/checkout.ts";
import mug from "../../art/mug.svg";
import parcel from "../../art/parcel.svg";
import { goTo } from "../../browser/place.ts";
import { refreshCart } from "../../state/current-cart.ts";
import {
  forgetCheckout,
  giveUpCheckout,
  saleProblem,
  waitingFor,
} from "../../state/current-sale.ts";
import { withdrawalFrom } from "../../state/current-withdrawal.ts";
import { moneyText } from "../../words/shown-money.ts";
import { troubleOf } from "../../words/troubles.ts";
import { HoldClock } from "../parts/hold-clock.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageTitle } from "../parts/page-title.tsx";
import { Awaiting } from "../payment/awaiting.tsx";
import { PayPanel } from "../payment/pay-panel.tsx";
import { Acknowledged, Withdraw } from "./withdraw.tsx";

type Props = { readonly sale: CheckoutView };

/** What the shopper can do now, by where the sale stands. */
export function SaleDesk({ sale }: Props) {
  // Its object may not have noticed yet that the time is up; the shopper was told.
  if (saleProblem.value?.code === "checkout_expired") return <Expired />;
  switch (sale.status) {
    case "open":
      return waitingFor.value === "payment" ? <Asking sale={sale} /> : <Open sale={sale} />;
    case "processing":
      // A code or a delivery is being changed: the shopper is still looking at the same desk.
      return waitingFor.value === "change" ? (
        <Open sale={sale} />
      ) : (
        <Asking sale={sale} isUnclear />
      );
    case "paying":
      return <Asking sale={sale} />;
    case "awaiting_shopper":
      return <Awaiting sale={sale} />;
    case "placed":
    case "captured":
      return <Bought sale={sale} />;
    case "cancelling":
    case "cancelled":
      return (
        <>
          <Ended
            title="Called off"
            text={
              sale.orderId
                ? "What you paid goes back, and your things are back on the shelf."
                : "Nothing was charged, and your things are back on the shelf."
            }
          />
          <Acknowledged sale={sale} />
        </>
      );
    case "expired":
      return <Expired />;
    case "stuck":
      return (
        <Ended
          title="We are looking into it"
          text="This needs a person. Your money is safe: you are charged once at most."
        />
      );
  }
}

function Open({ sale }: Props) {
  return (
    <>
      <PageTitle title="Pay · Small Hours">
        {isFree(sale) ? "There is nothing to pay" : "How will you pay?"}
      </PageTitle>
      {sale.hold && <HoldClock expiresAt={sale.hold.expiresAt} />}
      <FromFarther sale={sale} />
      <LatestTrouble sale={sale} />
      <PayPanel sale={sale} />
      <button type="button" class="quiet" onClick={() => void changeDetails()}>
        Change address or cart
      </button>
    </>
  );
}

/** On a phone the list of things stands below the ways to pay: what takes longer is said above too. */
function FromFarther({ sale }: Props) {
  const lines = sale.quote.lines.filter(({ shipsFrom }) => shipsFrom);
  if (lines.length === 0) return null;
  const names = lines.map(({ name }) => name).join(", ");
  return (
    <p class="lead">Sold out near you: {names}. It comes from farther away and takes longer.</p>
  );
}

async function changeDetails(): Promise<void> {
  if (await giveUpCheckout()) {
    await refreshCart();
    goTo("/checkout");
  }
}

/** The refusal of this page's own call; after a reload, the one that the sale remembers. */
function LatestTrouble({ sale }: Props) {
  const { refusal } = sale.payment ?? {};
  const problem =
    saleProblem.value ?? (refusal && { code: refusal.code, title: "", reason: refusal.reason });
  if (!problem) return null;
  return <Notice trouble={troubleOf({ ...problem, method: sale.payment?.method })} />;
}

function isFree({ quote }: CheckoutView): boolean {
  return quote.total.amountMinor === 0;
}

function Asking({ sale, isUnclear = false }: Props & { readonly isUnclear?: boolean }) {
  return (
    <>
      <PageTitle title="Paying · Small Hours">
        {isFree(sale) ? "Placing your order" : "Asking your bank"}
      </PageTitle>
      <p class="lead">
        {isUnclear && "No clear answer has come yet, so we ask again until there is one. "}
        You may close this page: the sale goes on without it, and you are charged once at most.
      </p>
      <div class="asking" aria-hidden="true">
        <span />
        <span />
        <span />
      </div>
      <Picture of={mug} />
    </>
  );
}

function Bought({ sale }: Props) {
  const isWithdrawn = withdrawalFrom(sale)?.status === "confirmed";
  return (
    <>
      {isWithdrawn ? (
        <PageTitle title="Withdrawn · Small Hours">You have withdrawn</PageTitle>
      ) : (
        <PageTitle title="Thank you · Small Hours">Thank you. It is yours.</PageTitle>
      )}
      {!isWithdrawn && <p class="lead">{boughtText(sale)}</p>}
      <p class="order-number">
        <span>Order</span>{" "}
        <code data-testid="order" title={sale.orderId}>
          {sale.orderNumber}
        </code>
      </p>
      <button type="button" class="act" onClick={() => goTo("/")}>
        Back to the shop
      </button>
      <Withdraw sale={sale} />
      <Picture of={parcel} />
    </>
  );
}

function boughtText(sale: CheckoutView): string {
  if (isFree(sale)) return "It cost you nothing. The packing table has your order.";
  if (sale.status !== "captured") return "Your order is placed. The payment is being taken.";
  return `${moneyText(sale.quote.total)} was taken, once. The packing table has your order.`;
}

/** Something warm to look at while there is nothing to do. */
function Picture({ of }: { readonly of: string }) {
  return <img class="still" src={of} alt="" width="480" height="400" />;
}

function Expired() {
  return <Ended {...troubleOf({ code: "checkout_expired", title: "" })} />;
}

function Ended({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <>
      <PageTitle title={`${title} · Small Hours`}>{title}</PageTitle>
      <p class="lead">{text}</p>
      <button
        type="button"
        class="act"
        onClick={() => {
          forgetCheckout();
          goTo("/checkout");
        }}
      >
        Start again
      </button>
    </>
  );
}
