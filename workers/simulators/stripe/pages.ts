/** A developer's look into the account, and the frame of every page. */

import { html, raw } from "hono/html";
import type { Intent } from "./intent.ts";
import type { StripeAccountObject } from "./stripe-account.object.ts";

export type Page = ReturnType<typeof html>;
type Overview = ReturnType<StripeAccountObject["overview"]>;

const style = `
  :root { color-scheme: light dark; --ink: #1d2433; --soft: #5d6880; --line: #d9dee8; --ground: #f5f7fb; --card: #fff; --act: #3b5bdb; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8ecf4; --soft: #98a3b9; --line: #303a4d; --ground: #131926; --card: #1b2332; --act: #7c96f5; } }
  * { box-sizing: border-box } body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground) }
  main { max-width: 64rem; margin: 0 auto; padding: 2rem 1rem } main.bank { max-width: 26rem; padding-top: 12vh }
  section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem 1.5rem; margin-bottom: 1.25rem; overflow-x: auto }
  h1 { font-size: 1.35rem; margin: 0 0 .5rem } h2 { font-size: 1rem; margin: 0 0 .75rem } p { margin: .25rem 0 1rem; color: var(--soft) }
  .sum { font-size: 2rem; font-weight: 650; color: var(--ink); margin: .5rem 0 1.25rem }
  button { font: inherit; font-weight: 600; width: 100%; padding: .75rem; border-radius: 8px; border: 1px solid var(--line); background: transparent; color: inherit; cursor: pointer; margin-top: .6rem }
  button.yes { background: var(--act); border-color: var(--act); color: #fff } @media (prefers-color-scheme: dark) { button.yes { color: #10162a } }
  button:focus-visible, a:focus-visible { outline: 3px solid var(--act); outline-offset: 2px } .row { display: flex; gap: .6rem; flex-wrap: wrap } .row button { width: auto; padding: .4rem .8rem; margin: 0 }
  table { border-collapse: collapse; width: 100%; font-size: .875rem } th { text-align: left; color: var(--soft); font-weight: 500 } td, th { padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); white-space: nowrap } thead th { border-top: 0 }
  code, pre { font: .8125rem/1.5 ui-monospace, monospace } pre { margin: 0; white-space: pre-wrap } a { color: var(--act) }`;

export function page(title: string, body: Page): Page {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${raw(style)}</style></head><body>${body}</body></html>`;
}

const noDecimals = new Set(["clp", "jpy", "krw", "vnd"]);
const threeDecimals = new Set(["bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"]);

export function money(amount: number, currency: string): string {
  const digits = noDecimals.has(currency) ? 0 : threeDecimals.has(currency) ? 3 : 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency.toUpperCase()}`;
}

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
