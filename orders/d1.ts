import { and, asc, eq, gt, gte, or, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { OrderEvent } from "../schema/events.ts";
import type { OrderId, ShopId } from "../schema/ids.ts";
import { Order } from "../schema/order.ts";
import { assert } from "../schema/outcome.ts";
import type { DeadLetter, EventPage, LoggedEvent, OrderPage, OrderStore } from "./order-store.ts";

/** The tables of migrations/orders. */
const orders = sqliteTable("orders", {
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
  method: text("method").notNull(),
  authorizedUntilMs: integer("authorized_until_ms"),
  customerReference: text("customer_reference"),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
const events = sqliteTable("events", {
  offset: integer("log_offset").primaryKey({ autoIncrement: true }),
  orderId: text("order_id").notNull(),
  sequence: integer("sequence").notNull(),
  shopId: text("shop_id").notNull(),
  type: text("type").notNull(),
  atMs: integer("at_ms").notNull(),
  envelope: text("envelope", { mode: "json" }).$type<OrderEvent>().notNull(),
});
const deadLetters = sqliteTable("dead_letters", {
  messageId: text("message_id").primaryKey(),
  queue: text("queue").notNull(),
  body: text("body").notNull(),
  attempts: integer("attempts").notNull(),
  firstAtMs: integer("first_at_ms").notNull(),
  lastAtMs: integer("last_at_ms").notNull(),
});

type OrderRow = typeof orders.$inferSelect;

/** Orders in D1, the default. A batch is one transaction. */
export class D1OrderStore implements OrderStore {
  readonly #db: DrizzleD1Database;

  constructor(d1: D1Database) {
    this.#db = drizzle(d1);
  }

  async apply(applied: readonly OrderEvent[]): Promise<void> {
    // Of several events of one order only the last says anything that the row keeps.
    const latest = new Map(
      applied
        .toSorted((a, b) => a.sequence - b.sequence)
        .map((event) => [event.subject, event.data] as const),
    );
    const [first, ...rest] = [
      ...applied.map((event) =>
        this.#db.insert(events).values(logRow(event)).onConflictDoNothing(),
      ),
      ...[...latest.values()].map((order) => this.#upsert(orderRow(order))),
    ];
    if (first) await this.#db.batch([first, ...rest]);
  }

  async order(shopId: ShopId, orderId: OrderId): Promise<Order | undefined> {
    const mine = and(eq(orders.orderId, orderId), eq(orders.shopId, shopId));
    const row = await this.#db.select().from(orders).where(mine).get();
    return row && toOrder(row);
  }

  async keepDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    const [first, ...rest] = letters.map(({ atMs, ...letter }) =>
      this.#db
        .insert(deadLetters)
        .values({ ...letter, firstAtMs: atMs, lastAtMs: atMs })
        .onConflictDoUpdate({
          target: deadLetters.messageId,
          set: { attempts: sql`attempts + excluded.attempts`, lastAtMs: atMs },
        }),
    );
    if (first) await this.#db.batch([first, ...rest]);
  }

  async orders(shopId: ShopId, { sinceMs, after, limit }: OrderPage): Promise<readonly Order[]> {
    const later = after
      ? or(
          gt(orders.createdAtMs, after.createdAtMs),
          and(eq(orders.createdAtMs, after.createdAtMs), gt(orders.orderId, after.orderId)),
        )
      : undefined;
    const rows = await this.#db
      .select()
      .from(orders)
      .where(and(eq(orders.shopId, shopId), gte(orders.createdAtMs, sinceMs), later))
      .orderBy(asc(orders.createdAtMs), asc(orders.orderId))
      .limit(limit);
    return rows.map(toOrder);
  }

  async events(shopId: ShopId, page: EventPage): Promise<readonly LoggedEvent[]> {
    const { sinceMs, afterOffset, limit } = page;
    const wanted = and(
      eq(events.shopId, shopId),
      gt(events.offset, afterOffset),
      gte(events.atMs, sinceMs),
    );
    const rows = await this.#db
      .select({ offset: events.offset, event: events.envelope })
      .from(events)
      .where(wanted)
      .orderBy(asc(events.offset))
      .limit(limit);
    return rows;
  }

  #upsert(row: OrderRow) {
    const { orderId: _orderId, checkoutId: _checkoutId, ...changing } = row;
    return this.#db
      .insert(orders)
      .values(row)
      .onConflictDoUpdate({
        target: orders.orderId,
        set: changing,
        setWhere: sql`excluded.version > ${orders.version}`,
      });
  }
}

function logRow(event: OrderEvent) {
  const { subject: orderId, sequence, shopid: shopId, type, time } = event;
  return { orderId, sequence, shopId, type, atMs: Date.parse(time), envelope: event };
}

function orderRow(order: Order): OrderRow {
  const { total, captured, refunded, createdAt, updatedAt, ...others } = order;
  const { authorizedUntil, customerReference, ...same } = others;
  return {
    ...same,
    currency: total.currency,
    totalMinor: total.amountMinor,
    capturedMinor: captured.amountMinor,
    refundedMinor: refunded.amountMinor,
    authorizedUntilMs: authorizedUntil ? Date.parse(authorizedUntil) : null,
    customerReference: customerReference ?? null,
    createdAtMs: Date.parse(createdAt),
    updatedAtMs: Date.parse(updatedAt),
  };
}

function toOrder(row: OrderRow): Order {
  const { currency, totalMinor, capturedMinor, refundedMinor, createdAtMs, updatedAtMs, ...same } =
    row;
  const money = (amountMinor: number) => ({ amountMinor, currency });
  const { customerReference, authorizedUntilMs, ...order } = same;
  const parsed = Order.safeParse({
    ...order,
    ...(customerReference === null ? {} : { customerReference }),
    ...(authorizedUntilMs === null
      ? {}
      : { authorizedUntil: new Date(authorizedUntilMs).toISOString() }),
    total: money(totalMinor),
    captured: money(capturedMinor),
    refunded: money(refundedMinor),
    createdAt: new Date(createdAtMs).toISOString(),
    updatedAt: new Date(updatedAtMs).toISOString(),
  });
  assert(parsed.success, `row ${row.orderId} is an order`);
  return parsed.data;
}
