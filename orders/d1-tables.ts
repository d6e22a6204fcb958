import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { OrderEvent } from "../schema/events.ts";
import type { Order } from "../schema/order.ts";
import type { ShopEvent } from "../schema/shop-events.ts";
import type { DeadLetterState } from "./dead-letter.ts";
import type { OrderDetails } from "./order-row.ts";

/** The tables of migrations/orders, written by hand beside them (decision 2). */
export const orders = sqliteTable("orders", {
  orderId: text("order_id").primaryKey(),
  checkoutId: text("checkout_id").notNull(),
  shopId: text("shop_id").notNull(),
  region: text("region").notNull(),
  version: integer("version").notNull(),
  status: text("status").notNull(),
  payment: text("payment").notNull(),
  fulfilment: text("fulfilment").notNull(),
  dispute: text("dispute").notNull(),
  currency: text("currency").notNull(),
  totalMinor: integer("total_minor").notNull(),
  capturedMinor: integer("captured_minor").notNull(),
  refundedMinor: integer("refunded_minor").notNull(),
  lines: text("lines", { mode: "json" }).$type<Order["lines"]>().notNull(),
  provider: text("provider").notNull(),
  providerReference: text("provider_reference").notNull(),
  customerReference: text("customer_reference"),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
  details: text("details", { mode: "json" }).$type<OrderDetails>().notNull(),
});

export const events = sqliteTable("events", {
  offset: integer("log_offset").primaryKey({ autoIncrement: true }),
  orderId: text("order_id").notNull(),
  sequence: integer("sequence").notNull(),
  shopId: text("shop_id").notNull(),
  type: text("type").notNull(),
  atMs: integer("at_ms").notNull(),
  envelope: text("envelope", { mode: "json" }).$type<OrderEvent>().notNull(),
});

export const deadLetters = sqliteTable("dead_letters", {
  letterId: text("letter_id").primaryKey(),
  queue: text("queue").notNull(),
  shopId: text("shop_id").notNull(),
  reference: text("reference"),
  cause: text("cause").notNull(),
  body: text("body").notNull(),
  attempts: integer("attempts").notNull(),
  firstAtMs: integer("first_at_ms").notNull(),
  lastAtMs: integer("last_at_ms").notNull(),
  state: text("state").$type<DeadLetterState>().notNull().default("open"),
  decidedAtMs: integer("decided_at_ms"),
  discardReason: text("discard_reason"),
});

export const shopEvents = sqliteTable("shop_events", {
  shopId: text("shop_id").notNull(),
  type: text("type").notNull(),
  atMs: integer("at_ms").notNull(),
  eventId: text("event_id").notNull(),
  envelope: text("envelope", { mode: "json" }).$type<ShopEvent>().notNull(),
});

export const stubs = sqliteTable("order_stubs", {
  orderId: text("order_id").primaryKey(),
  checkoutId: text("checkout_id").notNull(),
  shopId: text("shop_id").notNull(),
  region: text("region").notNull(),
  version: integer("version").notNull(),
  status: text("status").notNull(),
  currency: text("currency").notNull(),
  totalMinor: integer("total_minor").notNull(),
  capturedMinor: integer("captured_minor").notNull(),
  refundedMinor: integer("refunded_minor").notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
  asOfMs: integer("as_of_ms").notNull(),
  secretHash: text("secret_hash"),
});
