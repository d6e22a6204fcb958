import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { ShopId } from "../../schema/ids.ts";
import type { PromotionId } from "../../schema/promotion.ts";
import { quote } from "../quote.ts";
import { cart, minor, quoted } from "../testing/quote-fixtures.ts";
import { D1Catalogue } from "./d1-catalogue.ts";

const demo = ShopId.parse("demo");
const NOW_MS = Date.parse("2027-03-01T12:00:00.000Z");
const MINUTE_MS = 60_000;

afterEach(() => vi.restoreAllMocks());

/** Each test looks at its own time, far enough from the others' that no isolate remembers theirs. */
let hours = 0;
const later = () => NOW_MS + ++hours * 60 * MINUTE_MS;

function quoteAt(nowMs: number, ...[lines, more]: Parameters<typeof cart>) {
  const catalogue = new D1Catalogue(env.CATALOG, demo, () => nowMs);
  const uses = { usedUp: async () => new Set<PromotionId>() };
  const times = { nowMs, expiresAtMs: nowMs + 15 * MINUTE_MS };
  return quote({ catalogue, taxes: catalogue, uses }, cart(lines, more), times);
}

function countQueries() {
  let queries = 0;
  const prototype = Object.getPrototypeOf(env.CATALOG.withSession()) as D1DatabaseSession;
  const { prepare } = prototype;
  vi.spyOn(prototype, "prepare").mockImplementation(function (
    this: D1DatabaseSession,
    sql: string,
  ) {
    queries += 1;
    return prepare.call(this, sql);
  });
  return () => queries;
}

test("a cold quote asks once per table, a warm one asks nothing", async () => {
  const nowMs = later();
  const queries = countQueries();
  const codes = { promotionCodes: ["WELCOME10", "FREESHIP"] };
  const wanted = { mug: 1, shirt: 2, lamp: 1 };

  const cold = quoted(await quoteAt(nowMs, wanted, codes));
  // Products with prices; the shop with its promotions (two in one trip); codes; tax; shipping.
  expect(queries()).toBe(6);
  const warm = quoted(await quoteAt(nowMs + 1000, wanted, codes));
  expect(queries()).toBe(6);
  expect(warm.total).toEqual(cold.total);
});

test("a sale's price lies over the usual one, and ends by itself", async () => {
  const fromMs = later();
  const insert = `INSERT INTO prices (shop_id, sku, currency, valid_from_ms, valid_until_ms,
    amount_minor) VALUES ('demo', 'poster', 'EUR', ?, ?, 999)`;
  await env.CATALOG.prepare(insert)
    .bind(fromMs, fromMs + MINUTE_MS)
    .run();
  const posterAt = async (nowMs: number) => minor(await quoteAt(nowMs, { poster: 1 }))[0];

  expect(await posterAt(fromMs - 1)).toBe(1750);
  // Known beforehand: the cache that answers here was filled before the sale began.
  expect(await posterAt(fromMs)).toBe(999);
  expect(await posterAt(fromMs + MINUTE_MS - 1)).toBe(999);
  expect(await posterAt(fromMs + MINUTE_MS)).toBe(1750);
});

test("a product that is not sold yet has no price", async () => {
  const fromMs = later();
  await env.CATALOG.batch([
    env.CATALOG.prepare(
      "INSERT INTO products (shop_id, sku, name) VALUES ('demo', 'soon', 'Soon')",
    ),
    env.CATALOG.prepare(
      `INSERT INTO prices (shop_id, sku, currency, valid_from_ms, amount_minor)
       VALUES ('demo', 'soon', 'EUR', ?, 100)`,
    ).bind(fromMs),
  ]);
  expect(await quoteAt(fromMs - 1, { soon: 1 })).toEqual({
    refused: "currency_not_sold",
    detail: { skus: ["soon"], currency: "EUR" },
  });
  expect(minor(await quoteAt(fromMs, { soon: 1 }))[0]).toBe(100);
});

test("weight, class and zone come from the catalogue", async () => {
  const nowMs = later();
  await env.CATALOG.batch([
    env.CATALOG.prepare(
      `INSERT INTO products (shop_id, sku, name, tax_class, weight_grams)
       VALUES ('demo', 'novel', 'A novel', 'books', 21000)`,
    ),
    env.CATALOG.prepare(
      `INSERT INTO prices (shop_id, sku, currency, amount_minor) VALUES ('demo', 'novel', 'EUR', 1000)`,
    ),
    env.CATALOG.prepare(
      `INSERT INTO shipping_zones (shop_id, country, zone) VALUES ('demo', 'AT', 'alps')`,
    ),
    env.CATALOG.prepare(
      `INSERT INTO shipping_rates (shop_id, zone, currency, option, up_to_grams, name, amount_minor,
         rank) VALUES ('demo', 'alps', 'EUR', 'mule', 30000, 'By mule', 2500, 1)`,
    ),
  ]);
  expect(minor(await quoteAt(nowMs, { novel: 1 }))).toEqual([1000, 0, 65 + 128, 1000 + 4 * 490]);
  const alps = quoted(await quoteAt(nowMs, { novel: 1 }, { country: "AT" }));
  expect(alps.shipping).toMatchObject({ option: "mule", amount: { amountMinor: 2500 } });
  expect(alps.taxes).toMatchObject([{ taxClass: "books", ratePpm: 100_000 }]);
});

test("a rate of zero without a reason, and one without a source, have no place in the table", async () => {
  const insert = (values: string) =>
    env.CATALOG.prepare(
      `INSERT INTO tax_rates (country, state, valid_from, name, treatment, rate_ppm, inclusive,
         source_url) VALUES ${values}`,
    ).run();
  await expect(
    insert("('ZW', '', '2026-01-01', 'VAT', 'taxed', 0, 1, 'https://example.com')"),
  ).rejects.toThrow(/CHECK/);
  await expect(insert("('ZW', '', '2026-01-01', 'VAT', 'taxed', 150000, 1, '')")).rejects.toThrow(
    /CHECK/,
  );
  await expect(
    insert("('ZW', '', 'today', 'VAT', 'taxed', 150000, 1, 'https://x.y')"),
  ).rejects.toThrow(/CHECK/);
});

test("an export is named as one, and American tax says what it leaves out", async () => {
  const nowMs = later();
  const serbia = quoted(await quoteAt(nowMs, { mug: 1 }, { country: "RS" }));
  expect(serbia).toMatchObject({
    total: { amountMinor: 1789 },
    taxes: [{ name: "Export", ratePpm: 0, note: expect.stringMatching(/^Zero-rated export/) }],
  });
  const us = { region: "us", country: "US", currency: "USD", state: "MN" } as const;
  expect(quoted(await quoteAt(nowMs, { mug: 1 }, us)).taxes).toMatchObject([
    { note: expect.stringMatching(/^State level only/) },
  ]);
});

test("a promotion that the product does not understand prices nothing", async () => {
  const nowMs = later();
  await env.CATALOG.prepare(
    `INSERT INTO promotions (shop_id, promotion_id, version, name, code, rule, exclusive, rank)
     VALUES ('demo', 'odd', 1, 'Odd', 'ODD', '{"kind":"wheel_of_fortune"}', 0, 1)`,
  ).run();
  await expect(quoteAt(nowMs, { mug: 1 }, { promotionCodes: ["ODD"] })).rejects.toThrow();
});
