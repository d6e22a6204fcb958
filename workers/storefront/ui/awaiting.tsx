import type { CheckoutView } from "../../../schema/checkout.ts";
import type { NextAction, PaymentMethod } from "../../../schema/payment.ts";
import { moneyText } from "../money-text.ts";
import { CopyField } from "./copy-field.tsx";
import { PageTitle } from "./page-title.tsx";
import { PayPanel } from "./pay-panel.tsx";
import { QrCode } from "./qr-code.tsx";
import { clockText, useTimeLeft } from "./time-left.ts";

type Props = { readonly sale: CheckoutView };

/** What the shopper has to do elsewhere, and the way out of it. The page moves on by itself. */
export function Awaiting({ sale }: Props) {
  const { method = "card", nextAction } = sale.payment ?? {};
  return (
    <>
      {nextAction?.type === "qr" && <ScanCode sale={sale} action={nextAction} />}
      {nextAction?.type === "app" && <OpenApp sale={sale} action={nextAction} />}
      {(!nextAction || nextAction.type === "redirect") && (
        <GoToBank method={method} url={nextAction?.url} />
      )}
      <details class="other-card">
        <summary>Pay in another way instead</summary>
        <PayPanel sale={sale} />
      </details>
    </>
  );
}

function GoToBank({
  method,
  url,
}: {
  readonly method: PaymentMethod;
  readonly url: string | undefined;
}) {
  return (
    <>
      <PageTitle title="Confirm · Small Hours">
        {method === "card" ? "Your bank wants a word" : "Pay at your bank"}
      </PageTitle>
      <p class="lead">Confirm the payment at your bank. You come back here afterwards.</p>
      {url && (
        <a class="act" href={url}>
          Go to your bank
        </a>
      )}
    </>
  );
}

type Step = Props & { readonly action: NextAction };

function ScanCode({ sale, action }: Step) {
  const isPix = sale.payment?.method === "pix";
  const { data = "", url } = action;
  return (
    <>
      <PageTitle title="Scan and pay · Small Hours">
        {isPix ? "Pay with Pix" : "Scan and pay"}
      </PageTitle>
      <p class="lead">
        {isPix
          ? `Scan the code with your bank’s app, or copy it there. ${totalOf(sale)} is all it takes.`
          : `Scan the code with your UPI app. ${totalOf(sale)} is all it takes.`}
      </p>
      <div class="scan">
        <QrCode text={data} label={`QR code to pay ${totalOf(sale)}`} />
        <div class="scan-beside">
          <Until expiresAt={action.expiresAt} />
          <CopyField label={isPix ? "Pix copia e cola" : "Payment link"} text={data} />
          <Links data={data} url={url} />
        </div>
      </div>
    </>
  );
}

function Links({ data, url }: { readonly data: string; readonly url: string | undefined }) {
  return (
    <>
      {data.startsWith("upi:") && <a href={data}>Open your UPI app</a>}
      {url && (
        <a href={url} target="_blank" rel="noreferrer">
          Open the payment page
        </a>
      )}
    </>
  );
}

/** On a telephone the link opens the app; at a desk the code brings the link to the telephone. */
function OpenApp({ sale, action: { data, url, expiresAt } }: Step) {
  const link = url ?? data ?? "";
  return (
    <>
      <PageTitle title="Open your app · Small Hours">Pay in your UPI app</PageTitle>
      <p class="lead">
        {`Open the app on this phone, or scan the code with another one. ${totalOf(sale)} is all it takes.`}
      </p>
      <div class="scan app">
        <QrCode text={data ?? link} label={`QR code to pay ${totalOf(sale)}`} />
        <div class="scan-beside">
          <Until expiresAt={expiresAt} />
          <a class="act" href={link} target="_blank" rel="noreferrer">
            Open your UPI app
          </a>
        </div>
      </div>
    </>
  );
}

/** Ticks in silence, as the hold's clock does. */
function Until({ expiresAt }: { readonly expiresAt: string | undefined }) {
  const leftMs = useTimeLeft(expiresAt ?? new Date(0).toISOString());
  if (!expiresAt) return <p class="waiting">Waiting for your bank</p>;
  return (
    <p class={leftMs > 0 ? "waiting" : "waiting over"}>
      {leftMs > 0 ? (
        <>
          Waiting for your bank. The code is good for{" "}
          <time role="timer" dateTime={expiresAt}>
            {clockText(leftMs)}
          </time>
        </>
      ) : (
        "The code has run out. One moment: we ask your bank once more."
      )}
    </p>
  );
}

function totalOf({ quote }: CheckoutView): string {
  return moneyText(quote.total);
}
