/** A developer's look into the account. */

import { html } from "hono/html";
import { money, type Page, page } from "../../http/page-chrome.ts";
import type { StripeAccountObject } from "../account/stripe-account.object.ts";
import type { Intent } from "../intents/intent.ts";

type Overview = ReturnType<StripeAccountObject["overview"]>;

function intentRow(intent: Intent): Page {
  return html`<tr><td><code>${intent.id}</code></td><td>${intent.method ?? ""}</td><td>${intent.status}</td>
<td>${money(intent.amount, intent.currency)}</td><td>${money(intent.amountReceived, intent.currency)}</td>
<td>${intent.refunds.length}</td><td><code>${intent.metadata.checkout_id ?? ""}</code></td>
<td>${intent.actionUrl ? html`<a href="${intent.actionUrl}">shopper's page</a>` : ""}</td></tr>`;
}

const presets: readonly (readonly [string, string])[] = [
  ["All calm", "{}"],
  ["Provider takes 400 + 300 ms", '{"latencyMs":{"authorize":400,"capture":300}}'],
  ["Next answer lost", '{"faults":[{"operation":"any","kind":"drop_after","times":1}]}'],
  [
    "One call in five fails",
    '{"faults":[{"operation":"any","kind":"error_500","probability":0.2}]}',
  ],
  ["Down for five minutes", '{"faults":[{"operation":"any","kind":"down","forMs":300000}]}'],
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
<section><h2>Latest payments</h2><table><thead><tr><th>Payment</th><th>Method</th><th>Status</th><th>Amount</th><th>Received</th><th>Refunds</th><th>Checkout</th><th></th></tr></thead>
<tbody>${account.latest.map(intentRow)}</tbody></table></section>
<section><h2>Latest calls</h2><table><thead><tr><th>At</th><th>Call</th><th>Status</th><th>Fault</th><th>Replayed</th><th>Key</th></tr></thead>
<tbody>${account.recent.slice(0, account.latest.length + 15).map(
      (call) => html`<tr><td>${call.at}</td><td>${call.call}</td><td>${call.status}</td>
<td>${call.fault ?? ""}</td><td>${call.replayed ? "yes" : ""}</td><td><code>${call.idempotencyKey ?? ""}</code></td></tr>`,
    )}</tbody></table></section></main>`,
  );
}
