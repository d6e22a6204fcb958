import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { ShopId, Sku } from "../../schema/ids.ts";
import type { Currency } from "../../schema/money.ts";
import { ExtraMethods } from "../../schema/payment.ts";
import { Promotion } from "../../schema/promotion.ts";
import { Country } from "../../schema/regions.ts";
import { ShipsFrom, ShopNotices } from "../../schema/shop-notices.ts";
import { TaxTreatment } from "../../schema/tax.ts";
import type { ShelfPage, ShippingPlace, ShippingRate, ShopTerms } from "../catalogue.ts";
import type { TaxRow } from "../tax-table.ts";
import {
  prices,
  products,
  promotions,
  shippingRates,
  shippingZones,
  shops,
  taxRates,
} from "./catalogue-tables.ts";

const NO_SHOP = { country: null, timeZone: "UTC", extraMethods: "[]", notices: [], shipsFrom: {} };

/** What quotes read of the catalogue, one statement each; `D1Catalogue` remembers the answers. */
export class CatalogueQueries {
  readonly #db: DrizzleD1Database;
  readonly #shopId: ShopId;

  constructor(d1: D1Database, shopId: ShopId) {
    // The nearest replica will do, and what one quote reads there does not go back in time.
    // Source: https://developers.cloudflare.com/d1/best-practices/read-replication/
    const session: Pick<D1Database, "prepare" | "batch"> = d1.withSession("first-unconstrained");
    this.#db = drizzle(session as D1Database); // of a database drizzle calls nothing else
    this.#shopId = shopId;
  }

  products(skus: readonly Sku[], currency: Currency) {
    // One parameter for all of them: D1 binds 100 at most, and a cart may have as many lines.
    // Source: https://developers.cloudflare.com/d1/platform/limits/
    const list = JSON.stringify(skus);
    return this.#priced(sql`${products.sku} IN (SELECT value FROM json_each(${list}))`, currency);
  }

  /** Those next after `after` that have a price in this currency at some time. */
  shelf({ after, limit }: ShelfPage, currency: Currency) {
    const isNext = and(
      eq(prices.shopId, this.#shopId),
      gt(prices.sku, after),
      eq(prices.currency, currency),
    );
    const page = this.#db.selectDistinct({ sku: prices.sku }).from(prices).where(isNext);
    const skus = page.orderBy(asc(prices.sku)).limit(limit);
    return this.#priced(inArray(products.sku, skus), currency);
  }

  /** A row per product and price window; one without a price has nulls for it. */
  #priced(wanted: SQL, currency: Currency) {
    return this.#db
      .select({
        sku: products.sku,
        name: products.name,
        taxClass: products.taxClass,
        weightGrams: products.weightGrams,
        facts: products.facts,
        amountMinor: prices.amountMinor,
        validFromMs: prices.validFromMs,
        validUntilMs: prices.validUntilMs,
      })
      .from(products)
      .leftJoin(
        prices,
        and(
          eq(prices.shopId, products.shopId),
          eq(prices.sku, products.sku),
          eq(prices.currency, currency),
        ),
      )
      .where(and(eq(products.shopId, this.#shopId), wanted))
      .orderBy(asc(products.sku));
  }

  /** The shop and the promotions without a code, in one round trip. */
  async terms(): Promise<ShopTerms> {
    const [found, automatic] = await this.#db.batch([
      this.#db.select().from(shops).where(eq(shops.shopId, this.#shopId)),
      this.#db
        .select()
        .from(promotions)
        .where(and(eq(promotions.shopId, this.#shopId), isNull(promotions.code))),
    ]);
    const { country, timeZone, extraMethods, notices, shipsFrom } = found[0] ?? NO_SHOP;
    return {
      country: country === null ? undefined : Country.parse(country),
      timeZone,
      extraMethods: ExtraMethods.parse(JSON.parse(extraMethods)),
      promotions: automatic.map(promotionFrom),
      shipsFrom: ShipsFrom.shape.shipsFrom.parse(shipsFrom),
      notices: ShopNotices.shape.notices.parse(notices),
    };
  }

  async promotionsOf(codes: readonly string[]): Promise<readonly Promotion[]> {
    const rows = await this.#db
      .select()
      .from(promotions)
      .where(and(eq(promotions.shopId, this.#shopId), inArray(promotions.code, [...codes])));
    return rows.map(promotionFrom);
  }

  /** Every class, state and date of a country. */
  async taxRows(country: Country): Promise<readonly TaxRow[]> {
    const rows = await this.#db.select().from(taxRates).where(eq(taxRates.country, country));
    return rows.map(({ state, treatment, rounding, note, validUntil, ...row }) => ({
      ...row,
      treatment: TaxTreatment.parse(treatment),
      rounding: rounding === "down" ? "down" : "half_away",
      ...(state === "" ? {} : { state }),
      ...(note === null ? {} : { note }),
      ...(validUntil === null ? {} : { validUntil }),
    }));
  }

  async shippingRates(
    { country, region }: ShippingPlace,
    currency: Currency,
  ): Promise<readonly ShippingRate[]> {
    const own = this.#db
      .select({ zone: shippingZones.zone })
      .from(shippingZones)
      .where(and(eq(shippingZones.shopId, this.#shopId), eq(shippingZones.country, country)));
    const rows = await this.#db
      .select()
      .from(shippingRates)
      .where(
        and(
          eq(shippingRates.shopId, this.#shopId),
          eq(shippingRates.zone, sql`coalesce(${own}, ${region})`),
          eq(shippingRates.currency, currency),
        ),
      )
      .orderBy(shippingRates.rank, shippingRates.option, shippingRates.upToGrams);
    return rows.map(({ option, name, amountMinor, upToGrams }) => ({
      option,
      name,
      amount: { amountMinor, currency },
      upToGrams,
    }));
  }
}

/** What the catalogue holds is parsed: a rule that nobody understands must not price anything. */
export function promotionFrom({
  shopId: _shopId,
  startsAtMs,
  endsAtMs,
  ...row
}: typeof promotions.$inferSelect): Promotion {
  const moments = {
    startsAt: row.startsAt ?? iso(startsAtMs),
    endsAt: row.endsAt ?? iso(endsAtMs),
  };
  const known = Object.entries({ ...row, ...moments }).filter(([, value]) => value !== null);
  return Promotion.parse(Object.fromEntries(known));
}

function iso(momentMs: number | null): string | null {
  return momentMs === null ? null : new Date(momentMs).toISOString();
}
