import { and, asc, eq, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { type ShopId, Sku } from "../schema/ids.ts";
import type { Currency } from "../schema/money.ts";
import type { Country, RegionCode } from "../schema/regions.ts";
import type {
  Catalog,
  CatalogPrices,
  Price,
  ShippingOption,
  Showcase,
  TaxRate,
} from "./catalog.ts";
import { IsolateCache } from "./isolate-cache.ts";

/** The tables of migrations/catalog, as far as quotes read them. */
const products = sqliteTable("products", {
  shopId: text("shop_id").notNull(),
  sku: text("sku").notNull(),
  name: text("name").notNull(),
});
const prices = sqliteTable("prices", {
  shopId: text("shop_id").notNull(),
  sku: text("sku").notNull(),
  currency: text("currency").notNull(),
  amountMinor: integer("amount_minor").notNull(),
});
const taxRates = sqliteTable("tax_rates", {
  country: text("country").notNull(),
  state: text("state").notNull(),
  name: text("name").notNull(),
  ratePpm: integer("rate_ppm").notNull(),
  inclusive: integer("inclusive", { mode: "boolean" }).notNull(),
});
const shippingOptions = sqliteTable("shipping_options", {
  shopId: text("shop_id").notNull(),
  region: text("region").notNull(),
  currency: text("currency").notNull(),
  option: text("option").notNull(),
  name: text("name").notNull(),
  amountMinor: integer("amount_minor").notNull(),
  rank: integer("rank").notNull(),
});

/** A product's name, and its price when it has one in the currency. */
type Product = { readonly name: string; readonly amountMinor: number | undefined };

const productCache = new IsolateCache<Product>(50_000);
const showcaseCache = new IsolateCache<readonly Price[]>(1_000);
const taxCache = new IsolateCache<TaxRate>(1_000);
const shippingCache = new IsolateCache<readonly ShippingOption[]>(1_000);

export class D1Catalog implements Catalog, Showcase {
  readonly #db: DrizzleD1Database;
  readonly #shopId: ShopId;
  readonly #nowMs: () => number;

  constructor(d1: D1Database, shopId: ShopId, nowMs: () => number) {
    this.#db = drizzle(d1);
    this.#shopId = shopId;
    this.#nowMs = nowMs;
  }

  async prices(skus: readonly Sku[], currency: Currency): Promise<CatalogPrices> {
    const keyOf = (sku: string) => `${this.#shopId}/${currency}/${sku}`;
    const found = await productCache.get(skus.map(keyOf), this.#nowMs(), async (missing) => {
      const wanted = skus.filter((sku) => missing.includes(keyOf(sku)));
      const rows = await this.#readProducts(wanted, currency);
      return new Map(
        rows.map(({ sku, name, amountMinor }) => [
          keyOf(sku),
          { name, amountMinor: amountMinor ?? undefined },
        ]),
      );
    });
    const known = skus.flatMap((sku) => {
      const product = found.get(keyOf(sku));
      return product ? [{ sku, ...product }] : [];
    });
    return {
      prices: known.flatMap(({ sku, name, amountMinor }): Price[] =>
        amountMinor === undefined ? [] : [{ sku, name, unitAmount: { amountMinor, currency } }],
      ),
      unknownSkus: skus.filter((sku) => !found.has(keyOf(sku))),
      unpricedSkus: known.filter((product) => product.amountMinor === undefined).map((p) => p.sku),
    };
  }

  async products(currency: Currency): Promise<readonly Price[]> {
    const key = `${this.#shopId}/${currency}`;
    const found = await showcaseCache.get([key], this.#nowMs(), async () => {
      const rows = await this.#db
        .select({ sku: products.sku, name: products.name, amountMinor: prices.amountMinor })
        .from(products)
        .innerJoin(prices, samePrice(currency))
        .where(eq(products.shopId, this.#shopId))
        .orderBy(asc(products.sku));
      const shown = rows.map(({ sku, name, amountMinor }) => ({
        sku: Sku.parse(sku),
        name,
        unitAmount: { amountMinor, currency },
      }));
      return new Map([[key, shown]]);
    });
    return found.get(key) ?? [];
  }

  async taxRate(country: Country, state: string | undefined): Promise<TaxRate | undefined> {
    const key = `${country}/${state ?? ""}`;
    const found = await taxCache.get([key], this.#nowMs(), async () => {
      const rows = await this.#readTaxRates(country, state);
      return new Map(rows.map((rate) => [key, rate]));
    });
    return found.get(key);
  }

  async shippingOptions(region: RegionCode, currency: Currency) {
    const key = `${this.#shopId}/${region}/${currency}`;
    const found = await shippingCache.get([key], this.#nowMs(), async () => {
      const rows = await this.#readShippingOptions(region, currency);
      return new Map([[key, rows]]);
    });
    return found.get(key) ?? [];
  }

  #readProducts(skus: readonly Sku[], currency: Currency) {
    // One parameter for all of them: D1 binds 100 at most, and a cart may have as many lines.
    // Source: https://developers.cloudflare.com/d1/platform/limits/
    const wanted = sql`${products.sku} IN (SELECT value FROM json_each(${JSON.stringify(skus)}))`;
    return this.#db
      .select({ sku: products.sku, name: products.name, amountMinor: prices.amountMinor })
      .from(products)
      .leftJoin(prices, samePrice(currency))
      .where(and(eq(products.shopId, this.#shopId), wanted));
  }

  /** A country that taxes by state has a row for each: a state without one is no state of it. */
  async #readTaxRates(country: Country, state: string | undefined): Promise<readonly TaxRate[]> {
    const rows = await this.#db.select().from(taxRates).where(eq(taxRates.country, country));
    const hasStates = rows.some((rate) => rate.state !== "");
    const wanted = hasStates ? (state ?? "").toUpperCase() : "";
    const row = rows.find((rate) => rate.state === wanted);
    if (!row) return [];
    const { name, ratePpm, inclusive } = row;
    const rate = { name, country, ratePpm, inclusive };
    return [row.state === "" ? rate : { ...rate, state: row.state }];
  }

  async #readShippingOptions(
    region: RegionCode,
    currency: Currency,
  ): Promise<readonly ShippingOption[]> {
    const rows = await this.#db
      .select()
      .from(shippingOptions)
      .where(
        and(
          eq(shippingOptions.shopId, this.#shopId),
          eq(shippingOptions.region, region),
          eq(shippingOptions.currency, currency),
        ),
      )
      .orderBy(shippingOptions.rank, shippingOptions.option);
    return rows.map(({ option, name, amountMinor }) => ({
      option,
      name,
      amount: { amountMinor, currency },
    }));
  }
}

function samePrice(currency: Currency) {
  return and(
    eq(prices.shopId, products.shopId),
    eq(prices.sku, products.sku),
    eq(prices.currency, currency),
  );
}
