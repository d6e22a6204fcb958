import { LiveCarriers } from "../pricing/carriers/live-carriers.ts";
import type { Catalogue, ProductPrice, TaxRate } from "../pricing/catalogue.ts";
import { quote } from "../pricing/quote.ts";
import type { QuoteRequest } from "../pricing/quote-request.ts";
import { Sku } from "../schema/ids.ts";
import { isRefusal } from "../schema/outcome.ts";
import { Promotion } from "../schema/promotion.ts";
import { openCarriers } from "./carriers.ts";
import { percentile } from "./load.ts";

// What a quote costs once its tables are warm: everything but the reading; and with carriers, over HTTP. Five promotions combine
// in it, one line in three has a reduced rate.

const WARM_UP = 2_000;
const RUNS = 5_000;
const BUDGET_MS = 5;
const CARRIER_MS = 40;
const CARRIER_RUNS = 300;
const CARRIERS_BUDGET_MS = 60;

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

const catalogue: Catalogue = {
  prices: async (wanted) => ({
    prices: prices.slice(0, wanted.length),
    ...{ unknownSkus: [], unpricedSkus: [] },
  }),
  terms: async () => ({
    country: "DE",
    timeZone: "Europe/Berlin",
    promotions,
    shipsFrom: {},
    notices: [],
  }),
  promotionsOf: async () => [],
  shippingRates: async () => [
    { option: "standard", name: "Standard", amount: money(490), upToGrams: 1_000_000 },
  ],
};

const sources = {
  catalogue,
  taxes: { taxRates: async () => rates },
  uses: { usedUp: async () => new Set<never>() },
};

type Plan = {
  readonly lines: number;
  readonly runs: number;
  readonly carriers?: LiveCarriers;
};

/** Latencies in ms of quotes of so many lines, one after the other. */
async function latenciesOf({ lines, runs, carriers }: Plan): Promise<number[]> {
  const cart = skus.slice(0, lines).map((sku) => ({ sku, quantity: 2 }));
  const request: QuoteRequest = { region: "eu", country: "DE", currency: "EUR", lines: cart };
  const asked = carriers ? { ...sources, carriers: carriers.from(async () => "DE") } : sources;
  const latencies: number[] = [];
  for (let run = 0; run < WARM_UP + runs; run += 1) {
    // Another zone each time: nothing is remembered of it.
    const postalCode = carriers && run.toString(36).padStart(2, "0").slice(-2);
    // Without carriers in the warm-up: the first answers of theirs would be those remembered.
    const from = run < WARM_UP ? sources : asked;
    const startedMs = performance.now();
    const times = { nowMs: Date.now(), expiresAtMs: Date.now() };
    const answer = await quote(from, { ...request, postalCode }, times);
    if (run >= WARM_UP) latencies.push(performance.now() - startedMs);
    if (isRefusal(answer)) throw new Error(`Refused: ${answer.refused}`);
    if (answer.shippingLeftOut && run >= WARM_UP) console.log("A carrier was left out.");
  }
  return latencies;
}

function tell(what: string, latencies: readonly number[], budgetMs: number): void {
  const [half, most] = [percentile(latencies, 0.5), percentile(latencies, 0.95)];
  const kept = most <= budgetMs ? "kept" : "missed";
  console.log(
    `${what}: p50 ${half.toFixed(3)} ms, p95 ${most.toFixed(3)} ms (≤ ${budgetMs} ms: ${kept})`,
  );
}

tell("10 lines", await latenciesOf({ lines: 10, runs: RUNS }), BUDGET_MS);
tell("100 lines", await latenciesOf({ lines: 100, runs: RUNS }), 3 * BUDGET_MS);

const { base, close } = await openCarriers(CARRIER_MS);
const carriers = new LiveCarriers({ base, fetch, nowMs: Date.now });
const latencies = await latenciesOf({ lines: 10, runs: CARRIER_RUNS, carriers });
tell(`10 lines, three carriers answering in ${CARRIER_MS} ms`, latencies, CARRIERS_BUDGET_MS);
close();
