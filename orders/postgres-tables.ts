import { bigint, integer, json, pgTable, text } from "drizzle-orm/pg-core";
import type { OrderEvent } from "../schema/events.ts";
import type { Order } from "../schema/order.ts";
import type { ShopEvent } from "../schema/shop-events.ts";
import type { DeadLetterState } from "./dead-letter.ts";
import type { OrderDetails } from "./order-row.ts";

/** The tables of migrations/orders-postgres, written by hand beside them (decision 2). */
export const orders = pgTable("orders", {
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
  totalMinor: bigint("total_minor", { mode: "number" }).notNull(),
  capturedMinor: bigint("captured_minor", { mode: "number" }).notNull(),
  refundedMinor: bigint("refunded_minor", { mode: "number" }).notNull(),
  lines: json("lines").$type<Order["lines"]>().notNull(),
  provider: text("provider").notNull(),
  providerReference: text("provider_reference").notNull(),
  customerReference: text("customer_reference"),
  createdAtMs: bigint("created_at_ms", { mode: "number" }).notNull(),
  updatedAtMs: bigint("updated_at_ms", { mode: "number" }).notNull(),
  details: json("details").$type<OrderDetails>().notNull(),
});

export const events = pgTable("events", {
  offset: bigint("log_offset", { mode: "number" }).primaryKey(),
  orderId: text("order_id").notNull(),
  sequence: integer("sequence").notNull(),
  shopId: text("shop_id").notNull(),
  type: text("type").notNull(),
  atMs: bigint("at_ms", { mode: "number" }).notNull(),
  envelope: json("envelope").$type<OrderEvent>().notNull(),
});

export const deadLetters = pgTable("dead_letters", {
  letterId: text("letter_id").primaryKey(),
  queue: text("queue").notNull(),
  shopId: text("shop_id").notNull(),
  reference: text("reference"),
  cause: text("cause").notNull(),
  body: text("body").notNull(),
  attempts: integer("attempts").notNull(),
  firstAtMs: bigint("first_at_ms", { mode: "number" }).notNull(),
  lastAtMs: bigint("last_at_ms", { mode: "number" }).notNull(),
  state: text("state").$type<DeadLetterState>().notNull().default("open"),
  decidedAtMs: bigint("decided_at_ms", { mode: "number" }),
  discardReason: text("discard_reason"),
});

export const shopEvents = pgTable("shop_events", {
  shopId: text("shop_id").notNull(),
  type: text("type").notNull(),
  atMs: bigint("at_ms", { mode: "number" }).notNull(),
  eventId: text("event_id").notNull(),
  envelope: json("envelope").$type<ShopEvent>().notNull(),
});

export const stubs = pgTable("order_stubs", {
  orderId: text("order_id").primaryKey(),
  checkoutId: text("checkout_id").notNull(),
  shopId: text("shop_id").notNull(),
  region: text("region").notNull(),
  version: integer("version").notNull(),
  status: text("status").notNull(),
  currency: text("currency").notNull(),
  totalMinor: bigint("total_minor", { mode: "number" }).notNull(),
  capturedMinor: bigint("captured_minor", { mode: "number" }).notNull(),
  refundedMinor: bigint("refunded_minor", { mode: "number" }).notNull(),
  createdAtMs: bigint("created_at_ms", { mode: "number" }).notNull(),
  updatedAtMs: bigint("updated_at_ms", { mode: "number" }).notNull(),
  asOfMs: bigint("as_of_ms", { mode: "number" }).notNull(),
  secretHash: text("secret_hash"),
});
