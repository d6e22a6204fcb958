import type { ComponentChildren } from "preact";
import type { CheckoutView } from "../../../../schema/checkout.ts";
import type { NextAction, PaymentMethod } from "../../../../schema/payment.ts";
import { saleProblem } from "../../state/current-sale.ts";
import { moneyText } from "../../words/shown-money.ts";
import { troubleOf } from "../../words/troubles.ts";
import { CopyCode } from "../parts/copy-code.tsx";
import { Notice } from "../parts/notice.tsx";
import { PageTitle } from "../parts/page-title.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { clockText, useTimeLeft } from "../parts/time-left.ts";
import { PayPanel } from "./pay-panel.tsx";

type Props = { readonly sale: CheckoutView };

const HURRY_MS = 60_000; // then the clock changes its colour

/** Of what costs nothing nobody is waited for. */
function waitingMethod({ payment }: CheckoutView): PaymentMethod {
  const { method = "card" } = payment ?? {};
  return method === "none" ? "card" : method;
}

/** It is the shopper's turn, at their bank or with their telephone. */
export function Awaiting({ sale }: Props) {
  const { nextAction } = sale.payment ?? {};
  const method = waitingMethod(sale);
  return (
    <>
      {nextAction?.data ? (
        <ScanCode sale={sale} method={method} action={nextAction} />
      ) : (
        <GoThere method={method} action={nextAction} />
      )}
      {saleProblem.value && <Notice trouble={troubleOf({ ...saleProblem.value, method })} />}
      <details class="other-way">
        <summary>Pay in another way instead</summary>
        <PayPanel sale={sale} insteadOf={method} />
      </details>
    </>
  );
}

type Words = {
  readonly title: string;
  /** What to do where a link leads on, and what the link says. */
  readonly lead: string;
  readonly go: string;
};

const words: Readonly<Record<PaymentMethod, Words>> = {
  card: {
    title: "Your bank wants a word",
    lead: "Confirm the payment at your bank. You come back here afterwards.",
    go: "Go to your bank",
  },
  ideal: {
    title: "Say yes at your bank",
    lead: "Your bank's page waits for your answer. You come back here afterwards.",
    go: "Go to your bank",
  },
  wero: {
    title: "Say yes in Wero",
    lead: "Your bank's app or the Wero app waits for your answer. You come back here afterwards.",
    go: "Go to Wero",
  },
  pix: {
    title: "Pay with Pix",
    lead: "Your code is ready. You come back here when it is paid.",
    go: "Show the code",
  },
  upi: {
    title: "Say yes in your UPI app",
    lead: "On a telephone this opens your app; elsewhere it shows a code that the app reads.",
    go: "Open your UPI app",
  },
};

type GoProps = { readonly method: PaymentMethod; readonly action: NextAction | undefined };

function GoThere({ method, action }: GoProps) {
  const { url, expiresAt } = action ?? {};
  const { title, lead, go } = words[method];
  return (
    <>
      <PageTitle title={`${title} · Small Hours`}>{title}</PageTitle>
      <Offer expiresAt={expiresAt}>
        <p class="lead">{lead}</p>
        {url && (
          <a class="act" href={url}>
            {go}
          </a>
        )}
      </Offer>
    </>
  );
}

type ScanProps = Props & { readonly method: PaymentMethod; readonly action: NextAction };

function ScanCode({ sale, method, action }: ScanProps) {
  const { data = "", url, expiresAt } = action;
  const isPix = method === "pix";
  const title = isPix ? "Scan to pay with Pix" : "Scan to pay with UPI";
  const total = moneyText(sale.quote.total);
  return (
    <>
      <PageTitle title={`${title} · Small Hours`}>{title}</PageTitle>
      <Offer expiresAt={expiresAt}>
        <p class="lead">
          Open your {isPix ? "bank's app, choose Pix" : "UPI app"} and scan this code. This page
          sees it by itself when you have paid.
        </p>
        <div class="scan">
          <QrCode data={data} label={`Code to pay ${total}`} />
          <div class="scan-beside">
            <p class="scan-sum">{total}</p>
            {isPix ? <CopyCode data={data} /> : <AppLink data={data} />}
            {url && (
              <a href={url} target="_blank" rel="noreferrer">
                Show the code on a page of its own
              </a>
            )}
          </div>
        </div>
      </Offer>
    </>
  );
}

/** A UPI code is a link: the telephone that shows it need not scan it. */
function AppLink({ data }: { readonly data: string }) {
  return (
    <>
      <p class="fine-print">Every UPI app reads it: BHIM, Google Pay, Paytm, PhonePe.</p>
      {data.startsWith("upi:") && (
        <a class="second-act app-link" href={data}>
          Open your UPI app
        </a>
      )}
    </>
  );
}

type OfferProps = {
  readonly expiresAt: string | undefined;
  readonly children: ComponentChildren;
};

/** What the shopper is offered, for as long as it stands. The sale itself says how it ended. */
function Offer({ expiresAt, children }: OfferProps) {
  return expiresAt ? <TimedOffer expiresAt={expiresAt}>{children}</TimedOffer> : children;
}

function TimedOffer({ expiresAt, children }: OfferProps & { readonly expiresAt: string }) {
  const leftMs = useTimeLeft(expiresAt);
  if (leftMs === 0) {
    return (
      <p class="hold hurry" role="status">
        Its time is over. We make sure that nothing was paid.
      </p>
    );
  }
  return (
    <>
      <p class={leftMs < HURRY_MS ? "hold hurry" : "hold"}>
        Good for <time role="timer">{clockText(leftMs)}</time>
      </p>
      {children}
    </>
  );
}
