import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type {
  CatalogueProduct,
  PriceWindow,
  ProductPage,
  PromotionTerms,
  ShippingRates,
  ShippingZone,
  Zone,
} from "../../schema/catalogue.ts";
import { type ShopId, Sku } from "../../schema/ids.ts";
import type { Currency } from "../../schema/money.ts";
import { assert, type Refusal } from "../../schema/outcome.ts";
import { ProductFacts } from "../../schema/product-facts.ts";
import type { Promotion, PromotionId } from "../../schema/promotion.ts";
import { refuse } from "../../schema/refusals.ts";
import { Country } from "../../schema/regions.ts";
import { isWallTime, wallTime } from "../time/shop-time.ts";
import * as write from "./catalogue-admin-statements.ts";
import { promotionFrom } from "./catalogue-queries.ts";
import {
  prices,
  products,
  promotions,
  shippingRates,
  shippingZones,
  shops,
} from "./catalogue-tables.ts";

/**
 * A shop's catalogue as operators change it. Every change is one transaction, and may be repeated.
 * Quotes see it once their isolate has read it anew.
 */
export class CatalogueAdminStore {
  readonly #d1: D1Database;
  readonly #db: DrizzleD1Database;
  readonly #shopId: ShopId;

  constructor(d1: D1Database, shopId: ShopId) {
    this.#d1 = d1;
    this.#db = drizzle(d1);
    this.#shopId = shopId;
  }

  /** Each with all prices of the currencies that it names; its prices in others stay. */
  async putProducts(list: readonly CatalogueProduct[]): Promise<void> {
    const rows = list.flatMap(({ sku, prices }) => prices.map((price) => priceRow(sku, price)));
    await this.#d1.batch([
      this.#prepared(write.PUT_PRODUCTS, JSON.stringify(list)),
      this.#prepared(write.CLEAR_PRICES, JSON.stringify(rows)),
      this.#prepared(write.PUT_PRICES, JSON.stringify(rows)),
    ]);
  }

  /** Answers whether there was one. Sales that were quoted keep what they know of it. */
  async removeProduct(sku: Sku): Promise<boolean> {
    const [, removed] = await this.#db.batch([
      this.#db.delete(prices).where(and(eq(prices.shopId, this.#shopId), eq(prices.sku, sku))),
      this.#db
        .delete(products)
        .where(and(eq(products.shopId, this.#shopId), eq(products.sku, sku)))
        .returning({ sku: products.sku }),
    ]);
    return removed.length > 0;
  }

  async product(sku: Sku): Promise<CatalogueProduct | undefined> {
    const [found] = await this.#products(eq(products.sku, sku), 1);
    return found;
  }

  /** By SKU, those after `after`. */
  async page(after: string, limit: number): Promise<ProductPage> {
    const found = await this.#products(gt(products.sku, after), limit);
    const last = found.at(-1);
    return { products: found, ...(last && found.length === limit ? { next: last.sku } : {}) };
  }

  async #products(where: ReturnType<typeof eq>, limit: number): Promise<CatalogueProduct[]> {
    const own = and(eq(products.shopId, this.#shopId), where);
    const wanted = this.#db.select({ sku: products.sku }).from(products).where(own);
    const page = wanted.orderBy(asc(products.sku)).limit(limit);
    const [rows, windows] = await this.#db.batch([
      this.#db.select().from(products).where(own).orderBy(asc(products.sku)).limit(limit),
      this.#db
        .select()
        .from(prices)
        .where(and(eq(prices.shopId, this.#shopId), inArray(prices.sku, page)))
        .orderBy(asc(prices.currency), asc(prices.validFromMs)),
    ]);
    return rows.map(({ sku, name, taxClass, weightGrams, facts }) => ({
      ...{ sku: Sku.parse(sku), name, taxClass, weightGrams },
      ...(facts === "{}" ? {} : { facts: ProductFacts.parse(JSON.parse(facts)) }),
      prices: windows.filter((each) => each.sku === sku).map(windowFrom),
    }));
  }

  /** A change is a new version; the same again is none. */
  async putPromotion(
    promotionId: PromotionId,
    terms: PromotionTerms,
  ): Promise<Promotion | Refusal<"promotion_code_taken">> {
    const { code = null } = terms;
    const others = sql`${promotions.promotionId} <> ${promotionId}`;
    const own = eq(promotions.shopId, this.#shopId);
    await this.#prepared(write.PUT_PROMOTION, promotionId, JSON.stringify(stored(terms))).run();
    const [found, taken] = await this.#db.batch([
      this.#db
        .select()
        .from(promotions)
        .where(and(own, eq(promotions.promotionId, promotionId))),
      this.#db
        .select({ promotionId: promotions.promotionId })
        .from(promotions)
        .where(and(own, eq(promotions.code, sql`${code}`), others)),
    ]);
    const [owner] = taken;
    if (owner) {
      return refuse("promotion_code_taken", { codes: [code ?? ""], by: owner.promotionId });
    }
    const [promotion] = found.map(promotionFrom);
    if (!promotion) throw new Error(`${promotionId} was written`);
    return promotion;
  }

  /** Ends it at the shop's present minute; undefined when there is none. Its uses stay counted. */
  async endPromotion(promotionId: PromotionId, nowMs: number): Promise<Promotion | undefined> {
    const endsAt = wallTime(nowMs, await this.timeZone());
    await this.#prepared(write.END_PROMOTION, promotionId, endsAt, nowMs).run();
    return this.promotion(promotionId);
  }

  /** The zone of the clock on the shop's wall. */
  async timeZone(): Promise<string> {
    const [shop] = await this.#db
      .select({ timeZone: shops.timeZone })
      .from(shops)
      .where(eq(shops.shopId, this.#shopId));
    assert(shop, "a key belongs to a shop");
    return shop.timeZone;
  }

  async promotions(): Promise<readonly Promotion[]> {
    const rows = await this.#db
      .select()
      .from(promotions)
      .where(eq(promotions.shopId, this.#shopId))
      .orderBy(asc(promotions.promotionId));
    return rows.map(promotionFrom);
  }

  async promotion(promotionId: PromotionId): Promise<Promotion | undefined> {
    const [row] = await this.#db
      .select()
      .from(promotions)
      .where(and(eq(promotions.shopId, this.#shopId), eq(promotions.promotionId, promotionId)));
    return row && promotionFrom(row);
  }

  /** They replace all of the zone's in that currency. */
  async putShippingRates(zone: Zone, currency: Currency, { rates }: ShippingRates): Promise<void> {
    await this.#d1.batch([
      this.#prepared(write.CLEAR_RATES, zone, currency),
      this.#prepared(write.PUT_RATES, zone, currency, JSON.stringify(rates)),
    ]);
  }

  async shippingRates(zone: Zone, currency: Currency): Promise<ShippingRates> {
    const rows = await this.#db
      .select()
      .from(shippingRates)
      .where(
        and(
          eq(shippingRates.shopId, this.#shopId),
          eq(shippingRates.zone, zone),
          eq(shippingRates.currency, currency),
        ),
      )
      .orderBy(shippingRates.rank, shippingRates.option, shippingRates.upToGrams);
    return {
      rates: rows.map(({ option, name, upToGrams, amountMinor, rank }) => {
        return { option, name, upToGrams, amountMinor, rank };
      }),
    };
  }

  async putShippingZone({ country, zone }: ShippingZone): Promise<void> {
    await this.#prepared(write.PUT_ZONE, country, zone).run();
  }

  async shippingZones(): Promise<readonly ShippingZone[]> {
    const rows = await this.#db
      .select()
      .from(shippingZones)
      .where(eq(shippingZones.shopId, this.#shopId))
      .orderBy(asc(shippingZones.country));
    return rows.map(({ country, zone }) => ({ country: Country.parse(country), zone }));
  }

  /** The shop is every statement's first parameter. */
  #prepared(statement: string, ...values: readonly (string | number)[]): D1PreparedStatement {
    return this.#d1.prepare(statement).bind(this.#shopId, ...values);
  }
}

function priceRow(sku: Sku, { currency, amountMinor, validFrom, validUntil }: PriceWindow) {
  const validFromMs = validFrom === undefined ? 0 : Date.parse(validFrom);
  const validUntilMs = validUntil === undefined ? null : Date.parse(validUntil);
  return { sku, currency, amountMinor, validFromMs, validUntilMs };
}

/** A wall time as it was written, a moment in milliseconds. */
function stored({ startsAt, endsAt, ...terms }: PromotionTerms) {
  const starts = startsAt === undefined ? {} : columnOf("startsAt", startsAt);
  return { ...terms, ...starts, ...(endsAt === undefined ? {} : columnOf("endsAt", endsAt)) };
}

function columnOf(name: "startsAt" | "endsAt", time: string) {
  return isWallTime(time) ? { [name]: time } : { [`${name}Ms`]: Date.parse(time) };
}

function windowFrom(row: typeof prices.$inferSelect): PriceWindow {
  const { currency, amountMinor, validFromMs, validUntilMs } = row;
  return {
    ...{ currency, amountMinor },
    ...(validFromMs === 0 ? {} : { validFrom: new Date(validFromMs).toISOString() }),
    ...(validUntilMs === null ? {} : { validUntil: new Date(validUntilMs).toISOString() }),
  };
}
