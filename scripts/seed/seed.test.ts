import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { Money } from "../../schema/money.ts";
import { Promotion } from "../../schema/promotion.ts";
import { homeRegion, regionCodes } from "../../schema/regions.ts";
import { StockReceipt } from "../../schema/stock.ts";
import { seedCatalogue } from "./seed.ts";
import {
  currencies,
  prices,
  products,
  promotions,
  shippingRates,
  stockReceipts,
} from "./seed-data.ts";
import { taxRates } from "./tax-rates.ts";

test("the catalogue's own constraints take the seed, twice with one result", async () => {
  const sqlite = new DatabaseSync(":memory:");
  for (const file of readdirSync("migrations/catalog").sort()) {
    sqlite.exec(readFileSync(`migrations/catalog/${file}`, "utf8"));
  }
  const count = () =>
    [
      ...["shops", "api_keys", "products", "prices"],
      ...["tax_rates", "shipping_rates", "promotions"],
    ].map((name) => sqlite.prepare(`SELECT count(*) AS n FROM ${name}`).get()?.n);

  await seedCatalogue(asDatabase(sqlite));
  const once = count();
  await seedCatalogue(asDatabase(sqlite));

  expect(once).toEqual([...[1, 3, 5, 30], ...[taxRates.length, 144, 6]]);
  expect(count()).toEqual(once);
});

test("a catalogue from before dated prices keeps its prices, rates and flat shipping", () => {
  const sqlite = new DatabaseSync(":memory:");
  const apply = (name: string) =>
    sqlite.exec(readFileSync(`migrations/catalog/${name}.sql`, "utf8"));
  apply("0001_catalog");
  sqlite.exec(`INSERT INTO shops VALUES ('old', 'Old shop');
    INSERT INTO products VALUES ('old', 'cup', 'Cup');
    INSERT INTO prices VALUES ('old', 'cup', 'EUR', 700);
    INSERT INTO tax_rates VALUES ('DE', '', 'VAT', 190000, 1, 'https://a.b', '2026-01-01'),
      ('HK', '', 'No sales tax', 0, 1, 'https://a.b', '2026-01-01');
    INSERT INTO shipping_options VALUES ('old', 'eu', 'EUR', 'standard', 'Standard', 490, 1);`);

  apply("0002_pricing");

  expect({ ...sqlite.prepare("SELECT * FROM prices").get() }).toMatchObject({
    ...{ sku: "cup", amount_minor: 700, valid_from_ms: 0, valid_until_ms: null },
  });
  const rates = sqlite.prepare("SELECT country, tax_class, treatment FROM tax_rates").all();
  expect(rates.map((row) => Object.values(row).join(" "))).toEqual([
    ...["DE standard taxed", "HK standard no_tax"],
  ]);
  expect({ ...sqlite.prepare("SELECT * FROM shipping_rates").get() }).toMatchObject({
    ...{ zone: "eu", option: "standard", amount_minor: 490, up_to_grams: 1_000_000_000 },
  });
  expect({ ...sqlite.prepare("SELECT * FROM products").get() }).toMatchObject({
    ...{ tax_class: "standard", weight_grams: 0 },
  });
});

test("every product has a price in every currency, every region a parcel", () => {
  for (const { sku } of products) {
    expect(prices.filter((price) => price.sku === sku).map(({ currency }) => currency)).toEqual([
      ...currencies,
    ]);
  }
  for (const { amountMinor, currency } of [...prices, ...shippingRates]) {
    expect(Money.parse({ amountMinor, currency }).amountMinor).toBeGreaterThan(0);
  }
});

test("stock arrives once per movement, plenty of all but the last one", () => {
  const receipts = stockReceipts.map((receipt) => StockReceipt.parse(receipt));

  expect(new Set(receipts.map(({ movementId }) => movementId)).size).toBe(receipts.length);
  expect(receipts).toHaveLength(products.length * regionCodes.length);
  expect(receipts.filter(({ quantity }) => quantity === 1).map(({ sku }) => sku)).toEqual(
    regionCodes.map(() => "last-one"),
  );
});

test("a rate of zero says why, and what is taxed is not zero", () => {
  for (const { country, state, ratePpm, treatment } of taxRates) {
    expect(ratePpm === 0, `${country} ${state}`).toBe(treatment !== "taxed");
  }
});

test("every seeded promotion is one that a quote can read", () => {
  for (const { shopId: _shopId, exclusive, ...row } of promotions) {
    const read = Promotion.safeParse({ ...row, exclusive: exclusive === 1 });
    expect(read.error, row.promotionId).toBeUndefined();
  }
});

test("each tax rate is of a served country, once a class and day, with a source", () => {
  const rows = taxRates.map((row) => [row.country, row.state, row.taxClass, row.validFrom].join());

  expect(new Set(rows).size).toBe(rows.length);
  for (const { country, ratePpm, sourceUrl } of taxRates) {
    expect(homeRegion(country), country).toBeDefined();
    expect(Number.isInteger(ratePpm), country).toBe(true);
    expect(ratePpm, country).toBeLessThanOrEqual(270_000);
    expect(sourceUrl).toMatch(/^https:\/\//);
  }
});

test("rates survive their way from percent: eighths, tenths, all states", () => {
  const rate = (country: string, state = "") =>
    taxRates.find((row) => {
      return row.country === country && row.state === state && row.taxClass === "standard";
    })?.ratePpm;

  expect(rate("FI")).toBe(255_000);
  expect(rate("CH")).toBe(81_000);
  expect(rate("US")).toBeUndefined();
  expect(rate("CA")).toBeUndefined();
  expect(rate("US", "MN")).toBe(68_750);
  const american = taxRates.filter(({ country, state }) => country === "US" && state);
  const [states, territories, militaryPosts] = [51, 5, 3];
  const places = new Set(american.map(({ state }) => state));
  expect(places.size).toBe(states + territories + militaryPosts);
});

/** node:sqlite behind the few calls that the seed makes of D1. */
function asDatabase(sqlite: DatabaseSync) {
  const statement = (sql: string, values: unknown[] = []) => ({
    bind: (...bound: unknown[]) => statement(sql, bound),
    all: async () => ({ results: sqlite.prepare(sql).all(...(values as string[])) }),
    run: async () => sqlite.prepare(sql).run(...(values as string[])),
  });
  return {
    prepare: (sql: string) => statement(sql),
    batch: async (statements: { run(): Promise<unknown> }[]) => {
      for (const each of statements) await each.run();
    },
  };
}
