/** The pages that a shopper sees: the bank's, and the phone that scans a code. */

import { html, raw } from "hono/html";
import { money, type Page, page } from "../../http/page-chrome.ts";
import type { Intent, Method } from "../intents/intent.ts";
import { qrText } from "../wire/next-action-wire.ts";
import { qrSvg } from "./qr-image.ts";

interface Words {
  readonly title: string;
  readonly says: string;
  readonly yes: string;
  readonly no: string;
}

const words: Readonly<Record<Method, Words>> = {
  card: {
    title: "Confirm your payment",
    says: "A test bank asks whether this is you.",
    yes: "Complete authentication",
    no: "Fail authentication",
  },
  ideal: {
    title: "Pay with iDEAL | Wero",
    says: "A test bank asks whether you pay this.",
    yes: "Pay",
    no: "Refuse",
  },
  wero: {
    title: "Pay with Wero",
    says: "A test bank asks whether you pay this.",
    yes: "Pay",
    no: "Refuse",
  },
  pix: {
    title: "Pay with Pix",
    says: "A test phone has read this code.",
    yes: "Pay",
    no: "Refuse",
  },
  upi: {
    title: "Pay with UPI",
    says: "A test phone has read this code.",
    yes: "Pay",
    no: "Refuse",
  },
};

/** Where a shopper pays, refuses, or walks away. */
export function shopperPage(intent: Intent): Page {
  const { title, says, yes, no } = words[intent.local?.type ?? "card"];
  return page(
    title,
    html`<main class="bank"><section>
<h1>${title}</h1>
<p>${says}</p>
${codeOf(intent)}
<p class="sum">${money(intent.amount, intent.currency)}</p>
<form method="post">
<input type="hidden" name="client_secret" value="${intent.clientSecret}">
<button class="yes" name="outcome" value="pass">${yes}</button>
<button name="outcome" value="fail">${no}</button>
<button name="outcome" value="abandon">Leave without an answer</button>
</form></section></main>`,
  );
}

function codeOf(intent: Intent): Page | string {
  const untilMs = intent.local?.expiresAtMs ?? null;
  if (untilMs === null) return "";
  const until = new Date(untilMs).toISOString();
  // A code reads black on white, whatever the page's colours are.
  return html`<style>${raw(".code { background: #fff; border-radius: 8px; padding: 4px } .code svg { display: block; width: 100%; height: auto } .text { overflow-wrap: anywhere }")}</style>
<div class="code" role="img" aria-label="QR code">${raw(qrSvg(qrText(intent)))}</div>
<p class="text"><code>${qrText(intent)}</code></p>
<p>Open until <time datetime="${until}">${until.slice(0, 16).replace("T", " ")} UTC</time>.</p>`;
}

/** The page of a payment that no longer waits, or never was. */
export function closedPage(intent: Intent | null): Page {
  return page(
    "Nothing to confirm",
    html`<main class="bank"><section>
<h1>Nothing to confirm</h1>
<p>${intent ? `This payment is ${intent.status.replaceAll("_", " ")}.` : "There is no such payment."} You can close this page.</p>
</section></main>`,
  );
}
