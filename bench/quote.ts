import type { Catalog, ProductPrice, TaxRate } from "../pricing/catalog.ts";
import { type QuoteRequest, quote } from "../pricing/quote.ts";
import { Sku } from "../schema/ids.ts";
import { isRefusal } from "../schema/outcome.ts";
import { Promotion } from "../schema/promotion.ts";
import { percentile } from "./load.ts";

// What a quote costs once its tables are warm: everything but the reading. Five promotions combine
// in it, one line in three has a reduced rate.

const WARM_UP = 2_000;
const RUNS = 5_000;
const BUDGET_MS = 5;

const skus = Array.from({ length: 100 }, (_each, at) => Sku.parse(`sku-${at}`));
const money = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

const prices: readonly ProductPrice[] = skus.map((sku, at) => ({
  ...{ sku, name: `Product ${at}`, unitAmount: money(999 + 37 * at), weightGrams: 100 + at },
  taxClass: at % 3 === 0 ? "books" : "standard",
}));

const vat = { name: "VAT", country: "DE", treatment: "taxed", inclusive: true } as const;
const dated = { rounding: "half_away", validFrom: "2026-01-01" } as const;
const rates: readonly TaxRate[] = [
  { ...vat, ...dated, taxClass: "standard", ratePpm: 190_000 },
  { ...vat, ...dated, taxClass: "books", ratePpm: 70_000 },
];

const promotions = [
  {
    kind: "bundle",
    items: skus.slice(0, 2).map((sku) => ({ sku, quantity: 1 })),
    amounts: { EUR: 1500 },
  },
  { kind: "buy_x_get_y", buy: { quantity: 2 }, get: { quantity: 1, ppm: 1_000_000 } },
  { kind: "percentage", ppm: 100_000 },
  { kind: "fixed", amounts: { EUR: 500 } },
  { kind: "free_shipping", from: { EUR: 3000 } },
].map((rule, rank) => {
  const id = { promotionId: `promotion-${rank}`, name: `Promotion ${rank}`, version: 1 };
  return Promotion.parse({ ...id, rule, rank, exclusive: false });
});

const catalog: Catalog = {
  prices: async (wanted) => ({
    prices: prices.slice(0, wanted.length),
    ...{ unknownSkus: [], unpricedSkus: [] },
  }),
  terms: async () => ({ country: "DE", timeZone: "Europe/Berlin", promotions }),
  promotionsOf: async () => [],
  shippingRates: async () => [
    { option: "standard", name: "Standard", amount: money(490), upToGrams: 1_000_000 },
  ],
};

const sources = {
  catalog,
  taxes: { taxRates: async () => rates },
  uses: { usedUp: async () => new Set<never>() },
};

/** Latencies in ms of quotes of so many lines, one after the other. */
async function latenciesOf(lines: number): Promise<number[]> {
  const cart = skus.slice(0, lines).map((sku) => ({ sku, quantity: 2 }));
  const request: QuoteRequest = { region: "eu", country: "DE", currency: "EUR", lines: cart };
  const latencies: number[] = [];
  for (let run = 0; run < WARM_UP + RUNS; run += 1) {
    const startedMs = performance.now();
    const answer = await quote(sources, request, { nowMs: Date.now(), expiresAtMs: Date.now() });
    if (run >= WARM_UP) latencies.push(performance.now() - startedMs);
    if (isRefusal(answer)) throw new Error(`Refused: ${answer.refused}`);
  }
  return latencies;
}

for (const lines of [10, 100]) {
  const latencies = await latenciesOf(lines);
  const [half, most] = [percentile(latencies, 0.5), percentile(latencies, 0.95)];
  const budgetMs = lines === 10 ? BUDGET_MS : 3 * BUDGET_MS;
  const kept = most <= budgetMs ? "kept" : "missed";
  console.log(
    `${lines} lines: p50 ${half.toFixed(3)} ms, p95 ${most.toFixed(3)} ms (≤ ${budgetMs} ms: ${kept})`,
  );
}
