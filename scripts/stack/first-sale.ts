import type { CheckoutView } from "../../schema/checkout.ts";
import type { Money } from "../../schema/money.ts";
import { shopKeys } from "../machine/local-keys.ts";
import { pause } from "../machine/platform.ts";
import { table } from "../machine/table.ts";
import { prices, shippingRates } from "../seed/seed-data.ts";

const CAPTURED_WITHIN_MS = 30_000;
const POLL_MS = 100;

/** The cart that the demonstration sells, again and again. German prices hold their tax already. */
export const demoCart = {
  lines: [
    { sku: "mug", quantity: 1 },
    { sku: "poster", quantity: 1 },
  ],
  currency: "EUR",
  country: "DE",
  customer: { email: "shopper@example.com" },
};
const cardPayment = { method: "card", tokens: { stripe: "pm_card_visa" } };

/** Sells the cart the way a storefront does: quote, pay what was quoted, watch until captured. */
export async function sellOne(url: string): Promise<CheckoutView> {
  const authorization = `Bearer ${shopKeys.publishable}`;
  const created = await call(`${url}/v1/checkouts`, {
    method: "POST",
    headers: { authorization, "idempotency-key": `first-sale-${crypto.randomUUID()}` },
    body: JSON.stringify(demoCart),
  });
  const shopper = { authorization, "checkout-secret": created.clientSecret ?? "" };
  const checkout = `${url}/v1/checkouts/${created.checkoutId}`;
  await call(`${checkout}/pay`, {
    method: "POST",
    headers: { ...shopper, "idempotency-key": `first-pay-${crypto.randomUUID()}` },
    body: JSON.stringify({ payment: cardPayment, expectedTotal: created.quote.total }),
  });
  return untilCaptured(checkout, shopper);
}

async function untilCaptured(
  checkout: string,
  headers: Record<string, string>,
): Promise<CheckoutView> {
  const deadlineMs = performance.now() + CAPTURED_WITHIN_MS;
  for (;;) {
    const seen = await call(checkout, { headers });
    if (seen.status === "captured") return seen;
    if (performance.now() > deadlineMs) {
      throw new Error(`The first sale is "${seen.status}" after ${CAPTURED_WITHIN_MS} ms.`);
    }
    await pause(POLL_MS);
  }
}

async function call(url: string, init: RequestInit): Promise<CheckoutView> {
  const headers = { "content-type": "application/json", ...init.headers };
  const response = await fetch(url, { ...init, headers });
  const body = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? "GET"} ${url}: ${response.status} ${body}`);
  return JSON.parse(body) as CheckoutView;
}

/** The sale's timeline as a table, a line per move. */
export function timelineTable(sale: CheckoutView): string {
  const timeline = sale.timeline ?? [];
  const beganMs = Date.parse(timeline[0]?.at ?? "");
  const rows = timeline.map(({ at, step, state, detail }) => [
    `+${Date.parse(at) - beganMs}`,
    detail?.run ?? "",
    step,
    String(detail?.attempt ?? ""),
    detail?.option ?? "",
    detail?.durationMs === undefined ? "" : String(detail.durationMs),
    detail?.reason ? `${state} (${detail.reason})` : state,
  ]);
  return table([["at ms", "run", "step", "attempt", "provider", "took ms", "state"], ...rows]);
}

/** A line for the shell that sells the same cart in one request. */
export function curlLine(url: string): string {
  const body = { ...demoCart, payment: cardPayment, expectedTotal: demoTotal() };
  return [
    `curl -s ${url}/v1/checkouts`,
    `-H 'Authorization: Bearer ${shopKeys.publishable}'`,
    "-H 'Content-Type: application/json'",
    '-H "Idempotency-Key: sale-$(date +%s)-$RANDOM"',
    `-d '${JSON.stringify(body)}'`,
  ].join(" ");
}

/** What the seeded prices come to; the platform refuses the sale if its own quote says otherwise. */
function demoTotal(): Money {
  const { currency } = demoCart;
  const amounts = demoCart.lines.map(({ sku, quantity }) => {
    const price = prices.find((row) => row.sku === sku && row.currency === currency);
    return (price?.amountMinor ?? 0) * quantity;
  });
  const shipping = shippingRates.find(
    (row) => row.zone === "eu" && row.currency === currency && row.option === "standard",
  );
  const sum = amounts.reduce((a, b) => a + b, shipping?.amountMinor ?? 0);
  return { amountMinor: sum, currency };
}
