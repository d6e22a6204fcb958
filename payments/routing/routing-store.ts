import { eq } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ShopId } from "../../schema/ids.ts";
import { assert } from "../../schema/outcome.ts";
import { CaptureMode, type ExtraMethod, ExtraMethods } from "../../schema/payment.ts";
import { RoutingRules } from "../../schema/routing.ts";

/** The tables of migrations/catalog, as far as payments read them. */
const shops = sqliteTable("shops", {
  shopId: text("shop_id").primaryKey(),
  captureMode: text("capture_mode").notNull(),
  extraMethods: text("extra_methods").notNull(),
});
const routingRules = sqliteTable("routing_rules", {
  shopId: text("shop_id").primaryKey(),
  rules: text("rules").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});

/** How a shop's payments are made: whom they go to, and when their money is taken. */
export type PaymentPlan = {
  readonly captureMode: CaptureMode;
  /** Of the methods that are off by themselves, those that the shop sells by. */
  readonly switchedOn: readonly ExtraMethod[];
  /** None where the shop goes by the defaults. */
  readonly rules: RoutingRules;
};

/** What operators have decided about a shop's payments, in D1 CATALOG. */
export class RoutingStore {
  readonly #db: DrizzleD1Database;

  constructor(d1: D1Database) {
    this.#db = drizzle(d1);
  }

  /** Throws: when the shop does not exist, or its rules cannot be understood. */
  async planOf(shopId: ShopId): Promise<PaymentPlan> {
    const [row] = await this.#db
      .select({
        captureMode: shops.captureMode,
        extraMethods: shops.extraMethods,
        rules: routingRules.rules,
      })
      .from(shops)
      .leftJoin(routingRules, eq(routingRules.shopId, shops.shopId))
      .where(eq(shops.shopId, shopId));
    assert(row, "whoever sells has a row in shops");
    return {
      captureMode: CaptureMode.parse(row.captureMode),
      switchedOn: ExtraMethods.parse(JSON.parse(row.extraMethods)),
      rules: RoutingRules.parse(JSON.parse(row.rules ?? "[]")),
    };
  }

  /** Puts these rules in the place of all that the shop had; none puts it back to the defaults. */
  async setRules(shopId: ShopId, rules: RoutingRules, nowMs: number): Promise<void> {
    if (rules.length === 0) {
      await this.#db.delete(routingRules).where(eq(routingRules.shopId, shopId));
      return;
    }
    const row = { rules: JSON.stringify(rules), updatedAtMs: nowMs };
    await this.#db
      .insert(routingRules)
      .values({ shopId, ...row })
      .onConflictDoUpdate({ target: routingRules.shopId, set: row });
  }

  async setCaptureMode(shopId: ShopId, captureMode: CaptureMode): Promise<void> {
    await this.#db.update(shops).set({ captureMode }).where(eq(shops.shopId, shopId));
  }

  /** Puts these in the place of all that the shop had switched on. */
  async setExtraMethods(shopId: ShopId, methods: readonly ExtraMethod[]): Promise<void> {
    const set = { extraMethods: JSON.stringify(methods) };
    await this.#db.update(shops).set(set).where(eq(shops.shopId, shopId));
  }
}
