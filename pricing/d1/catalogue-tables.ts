import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The tables of migrations/catalog as quotes read them, written beside them (decision 2). */
export const shops = sqliteTable("shops", {
  shopId: text("shop_id").notNull(),
  country: text("country"),
  timeZone: text("time_zone").notNull(),
  extraMethods: text("extra_methods").notNull(),
  notices: text("notices", { mode: "json" }).notNull(),
  shipsFrom: text("ships_from", { mode: "json" }).notNull(),
});

export const products = sqliteTable("products", {
  shopId: text("shop_id").notNull(),
  sku: text("sku").notNull(),
  name: text("name").notNull(),
  taxClass: text("tax_class").notNull(),
  weightGrams: integer("weight_grams").notNull(),
  facts: text("facts").notNull(),
});

export const prices = sqliteTable("prices", {
  shopId: text("shop_id").notNull(),
  sku: text("sku").notNull(),
  currency: text("currency").notNull(),
  validFromMs: integer("valid_from_ms").notNull(),
  validUntilMs: integer("valid_until_ms"),
  amountMinor: integer("amount_minor").notNull(),
});

export const taxRates = sqliteTable("tax_rates", {
  country: text("country").notNull(),
  state: text("state").notNull(),
  taxClass: text("tax_class").notNull(),
  validFrom: text("valid_from").notNull(),
  validUntil: text("valid_until"),
  name: text("name").notNull(),
  treatment: text("treatment").notNull(),
  ratePpm: integer("rate_ppm").notNull(),
  inclusive: integer("inclusive", { mode: "boolean" }).notNull(),
  rounding: text("rounding").notNull(),
  note: text("note"),
});

export const shippingZones = sqliteTable("shipping_zones", {
  shopId: text("shop_id").notNull(),
  country: text("country").notNull(),
  zone: text("zone").notNull(),
});

export const shippingRates = sqliteTable("shipping_rates", {
  shopId: text("shop_id").notNull(),
  zone: text("zone").notNull(),
  currency: text("currency").notNull(),
  option: text("option").notNull(),
  upToGrams: integer("up_to_grams").notNull(),
  name: text("name").notNull(),
  amountMinor: integer("amount_minor").notNull(),
  rank: integer("rank").notNull(),
});

export const promotions = sqliteTable("promotions", {
  shopId: text("shop_id").notNull(),
  promotionId: text("promotion_id").notNull(),
  version: integer("version").notNull(),
  name: text("name").notNull(),
  code: text("code"),
  rule: text("rule", { mode: "json" }).notNull(),
  exclusive: integer("exclusive", { mode: "boolean" }).notNull(),
  rank: integer("rank").notNull(),
  startsAt: text("starts_at"),
  startsAtMs: integer("starts_at_ms"),
  endsAt: text("ends_at"),
  endsAtMs: integer("ends_at_ms"),
  usesMax: integer("uses_max"),
  usesPerCustomerMax: integer("uses_per_customer_max"),
  flag: text("flag"),
});
