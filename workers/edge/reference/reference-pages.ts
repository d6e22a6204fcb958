import { html } from "hono/html";
import { EVENT_MEDIA_TYPE } from "../../../schema/events.ts";
import { type RefusalCode, refusals } from "../../../schema/refusals.ts";
import { eventTypes, exampleEvent } from "./asyncapi.ts";

type Html = ReturnType<typeof html>;

function page(title: string, head: Html, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
${head}
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<header><a class="name" href="/docs">Tender</a>
<nav><a href="/docs">Reference</a><a href="/docs/events">Events</a><a href="/docs/problems">Refusals</a><a href="/openapi.json">openapi.json</a><a href="/">Shop</a></nav></header>
${body}
</body>
</html>`;
}

/** Swagger UI, from our own assets: it works without a network. */
export function referencePage(): Html {
  const head = html`<link rel="stylesheet" href="/docs/swagger-ui.css">
<script defer src="/docs/swagger-ui-bundle.js"></script>
<script defer src="/docs/reference.js"></script>`;
  return page("Tender: API reference", head, html`<main id="reference"></main>`);
}

const entries = Object.entries(refusals) as [RefusalCode, (typeof refusals)[RefusalCode]][];

/** The table of refusals as a page, in the order of their status. */
export function problemsPage(): Html {
  const rows = entries
    .toSorted(([, a], [, b]) => a.status - b.status)
    .map(
      ([code, { status, sentence, then }]) => html`<tr id="${code}">
<th scope="row"><a href="#${code}"><code>${code}</code></a></th><td class="status">${status}</td>
<td>${sentence}</td><td><code>${then}</code></td></tr>`,
    );
  return page(
    "Tender: refusals",
    html``,
    html`<main class="problems">
<h1>Every “no”, and what to do then</h1>
<p>A refusal is answered as <code>application/problem+json</code>. Its <code>type</code> points to a line of this
page, its <code>code</code> never changes, and <code>then</code> says what the caller can do. A refusal means
that nothing happened: asking again with the same input says no again. The two at the end are faults;
repeat those calls with the same <code>Idempotency-Key</code>.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Sentence</th><th scope="col">Then</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>
</main>`,
  );
}

/** What merchants' servers hear, for people; the document is /asyncapi.json. */
export function eventsPage(): Html {
  const rows = eventTypes.map(
    ({ type, sentence }) =>
      html`<tr><th scope="row"><code>${type}</code></th><td>${sentence}</td></tr>`,
  );
  return page(
    "Tender: events",
    html``,
    html`<main class="problems">
<h1>What a merchant’s systems hear</h1>
<p>Register an endpoint with <code>POST /v1/webhook-endpoints</code>. Each event is a CloudEvents 1.0 document
(<code>${EVENT_MEDIA_TYPE}</code>, which CloudEvents’ libraries read) around the whole order as it is after it,
without personal data. An order’s events come in their order, its <code>sequence</code> gapless from
<code>0000000001</code>, text that sorts as numbers do, and at least once: an <code>id</code> that you know is one that you have
dealt with. They are signed as <em>Standard Webhooks</em> says; verify before you read. A new field is no new
version; a type that ends in <code>.v2</code> is. All of it for machines:
<a href="/asyncapi.json">asyncapi.json</a>.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Type</th><th scope="col">Means</th></tr></thead>
<tbody>${rows}</tbody>
</table></div>
<pre>${JSON.stringify(exampleEvent, null, 2)}</pre>
</main>`,
  );
}
