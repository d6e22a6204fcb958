import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Quote, QuoteLine } from "../../schema/checkout.ts";
import { ShopId, Sku } from "../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../schema/outcome.ts";
import type { PromotionId } from "../../schema/promotion.ts";
import { homeRegion, regionCodes } from "../../schema/regions.ts";
import { currencies } from "../../scripts/seed/seed-data.ts";
import { quote } from "../quote.ts";
import type { QuoteRequest } from "../quote-request.ts";
import { optionsFor } from "../shipping-options.ts";
import { CatalogueQueries } from "./catalogue-queries.ts";
import { D1Catalogue } from "./d1-catalogue.ts";

const demo = ShopId.parse("demo");
const sku = (name: string) => Sku.parse(name);
const catalogue = new D1Catalogue(env.CATALOG, demo, () => Date.now());

function quoteOf(country: string, currency: string, more: Partial<QuoteRequest> = {}) {
  const region = homeRegion(country) ?? "eu";
  const lines = [{ sku: sku("mug"), quantity: 1 }];
  const uses = { usedUp: async () => new Set<PromotionId>() };
  const sources = { catalogue, taxes: catalogue, uses };
  const times = { nowMs: Date.now(), expiresAtMs: 0 };
  return quote(sources, { region, country, currency, lines, ...more }, times);
}

function minor(answer: Quote | Refusal) {
  if (isRefusal(answer)) throw new Error(`Refused: ${JSON.stringify(answer)}`);
  const { subtotal, tax, total } = answer;
  return [subtotal, tax, total].map(({ amountMinor }) => amountMinor);
}

test("Germany pays what the shelf says, with tax in it", async () => {
  expect(minor(await quoteOf("DE", "EUR"))).toEqual([1299, 207 + 78, 1299 + 490]);
});

test("Minnesota pays 6.875 % on top, to the cent", async () => {
  const answer = await quoteOf("US", "USD", { state: "MN" });
  expect(minor(answer)).toEqual([1399, 96 + 41, 1399 + 590 + 137]); // 96.18 and 40.56
  expect(answer).toMatchObject({ taxes: [{ state: "MN", ratePpm: 68_750, inclusive: false }] });
});

test("a state's code may be written small", async () => {
  expect(minor(await quoteOf("US", "USD", { state: "mn" }))).toEqual(
    minor(await quoteOf("US", "USD", { state: "MN" })),
  );
});

test("a state without a rate is refused where states tax", async () => {
  for (const state of ["XX", "M", "MINNESOTTA", "''"]) {
    const answer = await quoteOf("US", "USD", { state });
    expect(answer, state).toMatchObject({ refused: "tax_rate_unknown" });
  }
});

test("without a state a country that taxes by state is refused, never sold at none or at a part", async () => {
  for (const country of ["US", "CA"]) {
    expect(await quoteOf(country, "USD")).toEqual({
      refused: "state_needed",
      detail: { country, field: "shippingAddress.state" },
    });
  }
});

test("a shelf says how a country shows its prices before anybody names a state", async () => {
  const shown = ["DE", "US", "CA", "PR", "MC", "AX", "KP"].map((country) =>
    catalogue.pricesIncludeTax(country),
  );
  expect(await Promise.all(shown)).toEqual([true, false, false, false, true, false, undefined]);
});

test("a state does not matter where the country taxes", async () => {
  expect(minor(await quoteOf("DE", "EUR", { state: "Bavaria" }))).toEqual(
    minor(await quoteOf("DE", "EUR")),
  );
});

test("a country without a rate is refused", async () => {
  expect(await quoteOf("KP", "USD")).toMatchObject({ refused: "tax_rate_unknown" });
});

test("Japan pays whole yen", async () => {
  expect(minor(await quoteOf("JP", "JPY"))).toEqual([1980, 180 + 64, 2680]);
});

test("every seeded currency has a price and shipping in every region", async () => {
  const homes = { eu: "DE", us: "MX", apac: "IN", sam: "BR" } as const;
  for (const region of regionCodes) {
    for (const currency of currencies) {
      const answer = await quoteOf(homes[region], currency);
      expect(isRefusal(answer), `${region} ${currency} ${JSON.stringify(answer)}`).toBe(false);
    }
  }
});

test("an unknown SKU and a currency without a price are told apart", async () => {
  const cart = (...names: string[]) => names.map((name) => ({ sku: sku(name), quantity: 1 }));
  expect(await quoteOf("DE", "EUR", { lines: cart("mug", "cup") })).toEqual({
    refused: "unknown_sku",
    detail: { skus: ["cup"] },
  });
  expect(await quoteOf("DE", "CHF", { lines: cart("mug", "lamp") })).toEqual({
    refused: "currency_not_sold",
    detail: { skus: ["mug", "lamp"], currency: "CHF" },
  });
});

test("a cart of as many SKUs as one checkout takes can be read", async () => {
  const lines = Array.from({ length: 100 }, (_, at) => ({ sku: sku(`n-${at}`), quantity: 1 }));
  const insert = env.CATALOG.prepare("INSERT INTO products (shop_id, sku, name) VALUES (?, ?, ?)");
  const price = env.CATALOG.prepare(
    "INSERT INTO prices (shop_id, sku, currency, amount_minor) VALUES (?, ?, 'EUR', 100)",
  );
  await env.CATALOG.batch(
    lines.flatMap((line) => [insert.bind(demo, line.sku, "N"), price.bind(demo, line.sku)]),
  );

  const answer = await quoteOf("DE", "EUR", { lines });

  expect(minor(answer)[0]).toBe(100 * 100);
  expect(isRefusal(answer) ? [] : answer.lines).toHaveLength(100);
  expect(isRefusal(answer) || QuoteLine.safeParse(answer.lines[99]).success).toBe(true);
});

test("a shop sees its own prices only", async () => {
  const other = new D1Catalogue(env.CATALOG, ShopId.parse("other"), () => Date.now());
  const { unknownSkus } = await other.prices([sku("mug")], "EUR");
  expect(unknownSkus).toEqual(["mug"]);
  expect(await other.shippingRates({ country: "DE", region: "eu" }, "EUR")).toEqual([]);
});

test("shipping options come cheapest rank first", async () => {
  const options = optionsFor(
    await catalogue.shippingRates({ country: "DE", region: "eu" }, "EUR"),
    1,
  );
  expect(options.map(({ option }) => option)).toEqual(["standard", "express"]);
  expect(minor(await quoteOf("DE", "EUR", { shippingOption: "express" })).at(-1)).toBe(1299 + 1290);
});

test("a page of the shelf walks an index from where the last one ended, however much is sold", async () => {
  const insert = `WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5000)
    INSERT INTO`;
  await env.CATALOG.batch([
    env.CATALOG.prepare(`${insert} products (shop_id, sku, name)
      SELECT 'demo', printf('many-%05d', n), 'Many' FROM n`),
    env.CATALOG.prepare(`${insert} prices (shop_id, sku, currency, amount_minor)
      SELECT 'demo', printf('many-%05d', n), 'EUR', n FROM n`),
  ]);
  const queries = new CatalogueQueries(env.CATALOG, demo);
  const { sql, params } = queries.shelf({ after: "many-04000", limit: 20 }, "EUR").toSQL();
  const statement = (text: string) => env.CATALOG.prepare(text).bind(...params);

  const { results } = await statement(`EXPLAIN QUERY PLAN ${sql}`).all<{ detail: string }>();
  expect(results.map(({ detail }) => detail).filter((step) => /^SCAN (?!list)/.test(step))).toEqual(
    [],
  );
  const { meta, results: rows } = await statement(sql).all<{ sku: string }>();
  expect(rows.map((row) => row.sku)).toEqual(
    Array.from({ length: 20 }, (_each, at) => `many-0${4001 + at}`),
  );
  expect(meta.rows_read).toBeLessThanOrEqual(6 * 20); // of ten thousand
});
