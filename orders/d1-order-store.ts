import { and, asc, count, desc, eq, gt, inArray, lte, max, ne, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { OrderEvent } from "../schema/events.ts";
import type { OrderId, ShopId } from "../schema/ids.ts";
import type { Order } from "../schema/order.ts";
import type { ShopEvent } from "../schema/shop-events.ts";
import { deadLetters, events, orders, shopEvents, stubs } from "./d1-tables.ts";
import type { DeadLetter, DeadLetterPage, KeptDeadLetter } from "./dead-letter.ts";
import { letterRow, mergedLetters, toLetter, visibleTo } from "./dead-letter-row.ts";
import { missingIn } from "./log-gaps.ts";
import { logRow } from "./log-row.ts";
import { latestRows, mutableColumns, type OrderRow, toOrder } from "./order-row.ts";
import type {
  CustomerPage,
  Discard,
  EventPage,
  LoggedEvent,
  LogPage,
  Missing,
  NumberedPage,
  OrderPage,
  OrderStore,
  OrderStub,
  RebuildPage,
  Rebuilt,
  SearchPage,
  ShopEventPage,
  ShopEventSpan,
} from "./order-store.ts";
import { stubRow, toStub } from "./order-stub-row.ts";
import {
  eventsOfShop,
  lettersFound,
  oneLetter,
  ordersByTime,
  ordersFound,
  ordersNumbered,
  ordersOfCustomer,
} from "./query-conditions.ts";
import { hourOf, shopEventRow, shopEventsFound } from "./shop-event-row.ts";

/** Orders in D1, the default. A batch is one transaction, and D1 runs one at a time. */
export class D1OrderStore implements OrderStore {
  readonly #db: DrizzleD1Database;
  readonly #session: D1DatabaseSession | undefined;

  /** With `since` (a bookmark, or where to begin) all calls are one session of D1. */
  constructor(d1: D1Database, since?: string) {
    this.#session = since === undefined ? undefined : d1.withSession(since);
    const client: Pick<D1Database, "prepare" | "batch"> = this.#session ?? d1;
    this.#db = drizzle(client as D1Database); // of a database drizzle calls nothing else
  }

  async apply(applied: readonly OrderEvent[], letters: readonly DeadLetter[] = []): Promise<void> {
    await this.#batch([
      ...applied.map((event) => this.#append(event)),
      ...latestRows(applied).map((row) => this.#upsert(row)),
      ...letters.map((letter) =>
        this.#db.insert(deadLetters).values(letterRow(letter)).onConflictDoNothing(),
      ),
    ]);
  }

  async order(shopId: ShopId, orderId: OrderId): Promise<Order | undefined> {
    const mine = and(eq(orders.orderId, orderId), eq(orders.shopId, shopId));
    const row = await this.#db.select().from(orders).where(mine).get();
    return row && toOrder(row);
  }

  async orders(shopId: ShopId, page: OrderPage): Promise<readonly Order[]> {
    const rows = await this.#db
      .select()
      .from(orders)
      .where(ordersByTime(orders, shopId, page))
      .orderBy(asc(orders.createdAtMs), asc(orders.orderId))
      .limit(page.limit);
    return rows.map(toOrder);
  }

  ordersOfCustomer(shopId: ShopId, page: CustomerPage): Promise<readonly Order[]> {
    return this.#newestFirst(ordersOfCustomer(orders, shopId, page), page.limit);
  }

  ordersNumbered(shopId: ShopId, wanted: NumberedPage): Promise<readonly Order[]> {
    return this.#newestFirst(ordersNumbered(orders, shopId, wanted), wanted.limit);
  }

  searchOrders(shopId: ShopId, page: SearchPage): Promise<readonly Order[]> {
    return this.#newestFirst(ordersFound(orders, shopId, page), page.limit);
  }

  events(shopId: ShopId, page: EventPage): Promise<readonly LoggedEvent[]> {
    return this.#logged(eventsOfShop(events, shopId, page), page.limit);
  }

  log({ afterOffset, limit }: LogPage): Promise<readonly LoggedEvent[]> {
    return this.#logged(gt(events.offset, afterOffset), limit);
  }

  logOf(orderIds: readonly OrderId[]): Promise<readonly LoggedEvent[]> {
    const list = sql`(SELECT value FROM json_each(${JSON.stringify(orderIds)}))`;
    return this.#db
      .select({ offset: events.offset, event: events.envelope })
      .from(events)
      .where(inArray(events.orderId, list));
  }

  async head(): Promise<number> {
    const row = await this.#db
      .select({ last: max(events.offset) })
      .from(events)
      .get();
    return row?.last ?? 0;
  }

  async missing(orderIds: readonly OrderId[]): Promise<readonly Missing[]> {
    const list = sql`(SELECT value FROM json_each(${JSON.stringify(orderIds)}))`;
    const rows = await this.#db
      .select({ orderId: events.orderId, sequence: events.sequence })
      .from(events)
      .where(inArray(events.orderId, list));
    return missingIn(rows);
  }

  async rebuild(shopId: ShopId, { after = "", limit }: RebuildPage): Promise<Rebuilt> {
    const seen = await this.head();
    const found = await this.#db
      // SQLite answers the envelope of the row that holds the maximum.
      .select({ orderId: events.orderId, last: max(events.sequence), event: events.envelope })
      .from(events)
      .where(and(eq(events.shopId, shopId), gt(events.orderId, after)))
      .groupBy(events.orderId)
      .orderBy(asc(events.orderId))
      .limit(limit);
    const next = found.length < limit ? undefined : found.at(-1)?.orderId;
    const newer = sql`EXISTS (SELECT 1 FROM events AS newer
      WHERE newer.order_id = ${orders.orderId} AND newer.log_offset > ${seen})`;
    const range = and(
      eq(orders.shopId, shopId),
      gt(orders.orderId, after),
      next === undefined ? undefined : lte(orders.orderId, next),
    );
    await this.#batch([
      // A row that an event changed meanwhile is newer than what was read here.
      this.#db.delete(orders).where(and(range, sql`NOT ${newer}`)),
      ...latestRows(found.map(({ event }) => event)).map((row) => this.#upsert(row)),
    ]);
    return { rebuilt: found.length, next };
  }

  async keepDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    await this.#batch(
      letters.map((letter) =>
        this.#db
          .insert(deadLetters)
          .values(letterRow(letter))
          .onConflictDoUpdate({
            target: deadLetters.letterId,
            set: {
              attempts: sql`${deadLetters.attempts} + excluded.attempts`,
              cause: letter.cause,
              lastAtMs: letter.atMs,
              state: sql`iif(${deadLetters.state} = 'redriven', 'open', ${deadLetters.state})`,
              decidedAtMs: sql`iif(${deadLetters.state} = 'redriven', NULL, ${deadLetters.decidedAtMs})`,
            },
          }),
      ),
    );
  }

  async deadLetters(shopId: ShopId, page: DeadLetterPage): Promise<readonly KeptDeadLetter[]> {
    const lists = visibleTo(shopId).map((owner) =>
      this.#db
        .select()
        .from(deadLetters)
        .where(lettersFound(deadLetters, owner, page))
        .orderBy(desc(deadLetters.firstAtMs), desc(deadLetters.letterId))
        .limit(page.limit),
    );
    return mergedLetters(await Promise.all(lists), page.limit);
  }

  async deadLetter(shopId: ShopId, letterId: string): Promise<KeptDeadLetter | undefined> {
    const mine = oneLetter(deadLetters, shopId, letterId);
    const row = await this.#db.select().from(deadLetters).where(mine).get();
    return row && toLetter(row);
  }

  redriven(shopId: ShopId, letterId: string, nowMs: number) {
    const change = { state: "redriven", decidedAtMs: nowMs, discardReason: null } as const;
    return this.#decide(shopId, letterId, change);
  }

  discarded(shopId: ShopId, letterId: string, { reason, nowMs }: Discard) {
    const change = { state: "discarded", decidedAtMs: nowMs, discardReason: reason } as const;
    return this.#decide(shopId, letterId, change);
  }

  async keepShopEvents(told: readonly ShopEvent[]): Promise<void> {
    const insert = (event: ShopEvent) =>
      this.#db.insert(shopEvents).values(shopEventRow(event)).onConflictDoNothing();
    await this.#batch(told.map(insert));
  }

  async shopEvents(shopId: ShopId, page: ShopEventPage): Promise<readonly ShopEvent[]> {
    const rows = await this.#db
      .select({ event: shopEvents.envelope })
      .from(shopEvents)
      .where(shopEventsFound(shopEvents, shopId, page))
      .orderBy(asc(shopEvents.atMs), asc(shopEvents.eventId))
      .limit(page.limit);
    return rows.map(({ event }) => event);
  }

  shopEventHours(shopId: ShopId, span: ShopEventSpan) {
    return this.#db
      .select({ hourMs: hourOf(shopEvents), count: count() })
      .from(shopEvents)
      .where(shopEventsFound(shopEvents, shopId, span))
      .groupBy(sql`1`)
      .orderBy(sql`1`);
  }

  async keepStubs(kept: readonly OrderStub[]): Promise<void> {
    await this.#batch(
      kept.map((stub) => {
        const row = stubRow(stub);
        return this.#db
          .insert(stubs)
          .values(row)
          .onConflictDoUpdate({
            target: stubs.orderId,
            set: row,
            setWhere: sql`excluded.version >= ${stubs.version} AND excluded.as_of_ms >= ${stubs.asOfMs}`,
          });
      }),
    );
  }

  async stub(shopId: ShopId, orderId: OrderId): Promise<OrderStub | undefined> {
    const mine = and(eq(stubs.orderId, orderId), eq(stubs.shopId, shopId));
    const row = await this.#db.select().from(stubs).where(mine).get();
    return row && toStub(row);
  }

  bookmark(): string | undefined {
    return this.#session?.getBookmark() ?? undefined;
  }

  /** Looks first: an insert that met a conflict would use an offset up, a hole in the log. */
  #append(event: OrderEvent) {
    const { orderId, sequence, shopId, type, atMs, envelope } = logRow(event);
    return this.#db.insert(events).select(sql`
      SELECT NULL, ${orderId}, ${sequence}, ${shopId}, ${type}, ${atMs}, ${JSON.stringify(envelope)}
      WHERE NOT EXISTS (
        SELECT 1 FROM events WHERE order_id = ${orderId} AND sequence = ${sequence}
      )`);
  }

  #upsert(row: OrderRow) {
    return this.#db
      .insert(orders)
      .values(row)
      .onConflictDoUpdate({
        target: orders.orderId,
        set: mutableColumns(row),
        setWhere: sql`excluded.version > ${orders.version}`,
      });
  }

  async #newestFirst(wanted: SQL | undefined, limit: number): Promise<readonly Order[]> {
    const rows = await this.#db
      .select()
      .from(orders)
      .where(wanted)
      .orderBy(desc(orders.createdAtMs), desc(orders.orderId))
      .limit(limit);
    return rows.map(toOrder);
  }

  #logged(wanted: SQL | undefined, limit: number): Promise<readonly LoggedEvent[]> {
    return this.#db
      .select({ offset: events.offset, event: events.envelope })
      .from(events)
      .where(wanted)
      .orderBy(asc(events.offset))
      .limit(limit);
  }

  async #decide(
    shopId: ShopId,
    letterId: string,
    change: Pick<typeof deadLetters.$inferSelect, "state" | "decidedAtMs" | "discardReason">,
  ): Promise<KeptDeadLetter | undefined> {
    const undecided = and(
      oneLetter(deadLetters, shopId, letterId),
      ne(deadLetters.state, change.state),
    );
    await this.#db.update(deadLetters).set(change).where(undecided);
    return this.deadLetter(shopId, letterId);
  }

  async #batch([first, ...rest]: readonly BatchItem<"sqlite">[]): Promise<void> {
    if (first) await this.#db.batch([first, ...rest]);
  }
}
