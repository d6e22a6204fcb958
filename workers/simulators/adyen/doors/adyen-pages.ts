/** The pages a person sees: the bank's, a phone that reads a QR code, and a developer's look into the account. */

import { html, raw } from "hono/html";
import { renderSVG } from "uqr";
import { money, type Page, page } from "../../http/page-chrome.ts";
import type { AdyenAccountObject } from "../account/adyen-account.object.ts";
import { authorisedOf, capturedOf, type Payment, refundedOf } from "../payments/stored-payment.ts";

type Overview = ReturnType<AdyenAccountObject["overview"]>;

const askers: Readonly<Record<Payment["method"], string>> = {
  scheme: "A test bank asks whether this is you.",
  ideal: "Your test bank asks you to approve this iDEAL | Wero payment.",
  wero: "Your test bank asks you to approve this Wero payment.",
  upi_intent: "Your UPI app asks you to approve this payment.",
  upi_qr: "Your UPI app asks you to approve this payment.",
  pix: "Your bank's app asks you to approve this Pix.",
};

/** Where a shopper approves, declines or walks away. */
export function bankPage(payment: Payment): Page {
  return page(
    "Confirm your payment",
    html`<main class="bank"><section>
<h1>Confirm your payment</h1>
<p>${askers[payment.method]}</p>
<p class="sum">${money(payment.amount, payment.currency)}</p>
<form method="post">
<button class="yes" name="outcome" value="approve">Approve</button>
<button name="outcome" value="decline">Decline</button>
<button name="outcome" value="abandon">Walk away</button>
</form></section></main>`,
  );
}

/** After "Walk away": nothing was decided, and the payment waits until its time is over. */
export function leftPage(): Page {
  return page(
    "You walked away",
    html`<main class="bank"><section>
<h1>You walked away</h1>
<p>Nothing was decided, and the shop has not heard of you. The payment waits until its time is over. You can close this page.</p>
</section></main>`,
  );
}

/** The bank's page for a payment that no longer waits, or never was. */
export function closedPage(payment: Payment | null): Page {
  return page(
    "Nothing to confirm",
    html`<main class="bank"><section>
<h1>Nothing to confirm</h1>
<p>${payment ? `This payment is ${payment.status.replaceAll("_", " ")}.` : "There is no such payment."} You can close this page.</p>
</section></main>`,
  );
}

/** The app on a phone that has read the code. It still pays after the offer has closed: so late money is made. */
export function phonePage(payment: Payment): Page {
  const { status, qrData, amount, currency } = payment;
  const isPending = status === "pending";
  const isClosed = status === "offer_closed";
  return page(
    "A phone",
    html`<main class="bank"><section>
<h1>${isPending ? "Pay this code" : `This payment is ${status.replaceAll("_", " ")}`}</h1>
<p>${askers[payment.method]}</p>
<p class="sum">${money(amount, currency)}</p>
<div class="qr">${raw(renderSVG(qrData ?? "", { border: 2 }))}</div>
<p><code class="long">${qrData ?? ""}</code></p>
<form method="post">
${isPending || isClosed ? html`<button class="yes" name="outcome" value="pay">${isClosed ? "Pay all the same, too late" : "Pay"}</button>` : ""}
${isPending ? html`<button name="outcome" value="decline">Decline</button><button name="outcome" value="expire">Let it expire</button>` : ""}
</form></section></main>`,
  );
}

function paymentRow(payment: Payment): Page {
  const { currency } = payment;
  const door = payment.qrData === null ? "redirect" : "qr";
  return html`<tr><td><code>${payment.pspReference}</code></td><td>${payment.status}</td><td>${payment.brand}</td>
<td>${money(authorisedOf(payment), currency)}</td><td>${money(capturedOf(payment), currency)}</td><td>${money(refundedOf(payment), currency)}</td>
<td><code>${payment.merchantReference}</code></td>
<td>${payment.status === "pending" ? html`<a href="/_simulator/adyen/${door}/${payment.pageId}">shopper's page</a>` : ""}</td></tr>`;
}

/** What a developer wants to see: settings, the latest payments, the latest calls. */
export function overviewPage(account: Overview): Page {
  return page(
    "Adyen simulator",
    html`<main>
<section><h1>Adyen simulator</h1>
<p>It answers under <code>/adyen/v72</code>. It has taken ${account.payments} payments.
<a href="/_simulator/adyen/ledger">Ledger</a> · <a href="/_simulator/adyen/calls">Calls</a> · <a href="/_simulator/adyen/control">Control</a></p></section>
<section><h2>Setting now</h2><pre>${JSON.stringify(account.control, null, 2)}</pre></section>
<section><h2>Latest payments</h2><table><thead><tr><th>Payment</th><th>Status</th><th>Method</th><th>Authorised</th><th>Captured</th><th>Refunded</th><th>Reference</th><th></th></tr></thead>
<tbody>${account.latest.map(paymentRow)}</tbody></table></section>
<section><h2>Latest calls</h2><table><thead><tr><th>At</th><th>Call</th><th>Status</th><th>Fault</th><th>Replayed</th><th>Key</th></tr></thead>
<tbody>${account.recent.slice(0, account.latest.length + 15).map(
      (call) => html`<tr><td>${call.at}</td><td>${call.call}</td><td>${call.status}</td>
<td>${call.fault ?? ""}</td><td>${call.replayed ? "yes" : ""}</td><td><code>${call.idempotencyKey ?? ""}</code></td></tr>`,
    )}</tbody></table></section></main>`,
  );
}
