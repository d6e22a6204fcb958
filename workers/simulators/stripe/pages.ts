/** The pages a person sees: the bank's, and a developer's look into the account. */

import { html } from "hono/html";
import { money, type Page, page } from "../page-chrome.ts";
import type { Intent } from "./intent.ts";
import type { StripeAccountObject } from "./stripe-account.object.ts";

type Overview = ReturnType<StripeAccountObject["overview"]>;

/** Where a shopper passes or fails 3-D Secure. */
export function bankPage(intent: Intent): Page {
  return page(
    "Confirm your payment",
    html`<main class="bank"><section>
<h1>Confirm your payment</h1>
<p>A test bank asks whether this is you.</p>
<p class="sum">${money(intent.amount, intent.currency)}</p>
<form method="post">
<input type="hidden" name="client_secret" value="${intent.clientSecret}">
<button class="yes" name="outcome" value="pass">Complete authentication</button>
<button name="outcome" value="fail">Fail authentication</button>
</form></section></main>`,
  );
}

/** The bank's page for a payment that no longer waits, or never was. */
export function closedPage(intent: Intent | null): Page {
  return page(
    "Nothing to confirm",
    html`<main class="bank"><section>
<h1>Nothing to confirm</h1>
<p>${intent ? `This payment is ${intent.status.replaceAll("_", " ")}.` : "There is no such payment."} You can close this page.</p>
</section></main>`,
  );
}

function intentRow(intent: Intent): Page {
  return html`<tr><td><code>${intent.id}</code></td><td>${intent.status}</td>
<td>${money(intent.amount, intent.currency)}</td><td>${money(intent.amountReceived, intent.currency)}</td>
<td>${intent.refunds.length}</td><td><code>${intent.metadata.checkout_id ?? ""}</code></td>
<td>${intent.actionUrl ? html`<a href="${intent.actionUrl}">bank's page</a>` : ""}</td></tr>`;
}

const presets: readonly (readonly [string, string])[] = [
  ["All calm", "{}"],
  ["Provider takes 400 + 300 ms", '{"latencyMs":{"authorize":400,"capture":300}}'],
  ["Next answer lost", '{"faults":[{"operation":"any","kind":"drop_after","times":1}]}'],
  [
    "One call in five fails",
    '{"faults":[{"operation":"any","kind":"error_500","probability":0.2}]}',
  ],
  ["Webhooks twice", '{"webhooks":{"mode":"duplicate"}}'],
];

/** What a developer wants to see: settings, the latest intents, the latest calls. */
export function overviewPage(account: Overview): Page {
  return page(
    "Simulators",
    html`<main>
<section><h1>Simulators</h1>
<p>The Stripe simulator answers under <code>/v1</code>. It has taken ${account.intents} payments.
<a href="/_simulator/stripe/ledger">Ledger</a> · <a href="/_simulator/stripe/calls">Calls</a> · <a href="/_simulator/stripe/control">Control</a></p>
<div class="row">${presets.map(
      ([name, setting]) => html`<form method="post" action="/_simulator/stripe/preset">
<input type="hidden" name="setting" value="${setting}"><button>${name}</button></form>`,
    )}</div></section>
<section><h2>Setting now</h2><pre>${JSON.stringify(account.control, null, 2)}</pre></section>
<section><h2>Latest payments</h2><table><thead><tr><th>Payment</th><th>Status</th><th>Amount</th><th>Received</th><th>Refunds</th><th>Checkout</th><th></th></tr></thead>
<tbody>${account.latest.map(intentRow)}</tbody></table></section>
<section><h2>Latest calls</h2><table><thead><tr><th>At</th><th>Call</th><th>Status</th><th>Fault</th><th>Replayed</th><th>Key</th></tr></thead>
<tbody>${account.recent.slice(0, account.latest.length + 15).map(
      (call) => html`<tr><td>${call.at}</td><td>${call.call}</td><td>${call.status}</td>
<td>${call.fault ?? ""}</td><td>${call.replayed ? "yes" : ""}</td><td><code>${call.idempotencyKey ?? ""}</code></td></tr>`,
    )}</tbody></table></section></main>`,
  );
}
