import { and, asc, count, desc, ne, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import type { OrderEvent } from "../schema/events.ts";
import type { OrderId, ShopId } from "../schema/ids.ts";
import type { Order } from "../schema/order.ts";
import type { ShopEvent } from "../schema/shop-events.ts";
import {
  ADD_LETTERS,
  APPEND_EVENTS,
  DROP_ORDERS,
  KEEP_LETTERS,
  KEEP_SHOP_EVENTS,
  KEEP_STUBS,
  LATEST_OF_SHOP,
  LOG_HEAD,
  LOG_OF_ORDERS,
  LOG_PAGE,
  ORDER_BY_ID,
  parametersOf,
  SEQUENCES_OF_ORDERS,
  SHOP_LOG_PAGE,
  STUB_BY_ID,
  UPSERT_ORDERS,
} from "./d1-statements.ts";
import { deadLetters, orders, shopEvents } from "./d1-tables.ts";
import type { DeadLetter, DeadLetterPage, KeptDeadLetter } from "./dead-letter.ts";
import { letterRow, mergedLetters, toLetter, visibleTo } from "./dead-letter-row.ts";
import { missingIn } from "./log-gaps.ts";
import { logRows } from "./log-row.ts";
import { latestRows, type OrderRow, toOrder } from "./order-row.ts";
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
import { type StubRow, stubRow, toStub } from "./order-stub-row.ts";
import {
  lettersFound,
  oneLetter,
  ordersByTime,
  ordersFound,
  ordersNumbered,
  ordersOfCustomer,
} from "./query-conditions.ts";
import { hourOf, shopEventRow, shopEventsFound } from "./shop-event-row.ts";

type Client = Pick<D1Database, "prepare" | "batch">;
type Value = string | number | null;

/**
 * Orders in D1, the default. A batch is one transaction, and D1 runs one at a time. What a sale
 * writes is one statement a table (d1-statements.ts); drizzle puts together only what people ask by
 * conditions that come and go.
 */
export class D1OrderStore implements OrderStore {
  readonly #client: Client;
  readonly #session: D1DatabaseSession | undefined;

  /** With `since` (a bookmark, or where to begin) all calls are one session of D1. */
  constructor(d1: D1Database, since?: string) {
    this.#session = since === undefined ? undefined : d1.withSession(since);
    this.#client = this.#session ?? d1;
  }

  async apply(applied: readonly OrderEvent[], letters: readonly DeadLetter[] = []): Promise<void> {
    await this.#batch([
      ...this.#write(APPEND_EVENTS, logRows(applied)),
      ...this.#write(UPSERT_ORDERS, latestRows(applied)),
      ...this.#write(ADD_LETTERS, letters.map(letterRow)),
    ]);
  }

  async order(shopId: ShopId, orderId: OrderId): Promise<Order | undefined> {
    const [row] = await this.#read<JsonOf<OrderRow, "lines" | "details">>(
      ORDER_BY_ID,
      orderId,
      shopId,
    );
    if (!row) return undefined;
    return toOrder({ ...row, lines: JSON.parse(row.lines), details: JSON.parse(row.details) });
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
    return this.#logged(SHOP_LOG_PAGE, shopId, page.afterOffset, page.sinceMs, page.limit);
  }

  log({ afterOffset, limit }: LogPage): Promise<readonly LoggedEvent[]> {
    return this.#logged(LOG_PAGE, afterOffset, limit);
  }

  logOf(orderIds: readonly OrderId[]): Promise<readonly LoggedEvent[]> {
    return this.#logged(LOG_OF_ORDERS, JSON.stringify(orderIds));
  }

  async head(): Promise<number> {
    const [row] = await this.#read<{ last: number | null }>(LOG_HEAD);
    return row?.last ?? 0;
  }

  async missing(orderIds: readonly OrderId[]): Promise<readonly Missing[]> {
    return missingIn(await this.#read(SEQUENCES_OF_ORDERS, JSON.stringify(orderIds)));
  }

  async rebuild(shopId: ShopId, { after = "", limit }: RebuildPage): Promise<Rebuilt> {
    const seen = await this.head();
    const found = await this.#read<{ orderId: string; envelope: string }>(
      LATEST_OF_SHOP,
      shopId,
      after,
      limit,
    );
    const next = found.length < limit ? undefined : found.at(-1)?.orderId;
    const latest = latestRows(found.map(({ envelope }) => JSON.parse(envelope)));
    await this.#batch([
      this.#client.prepare(DROP_ORDERS).bind(shopId, after, next ?? null, seen),
      ...this.#write(UPSERT_ORDERS, latest),
    ]);
    return { rebuilt: found.length, next };
  }

  async keepDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    await this.#batch(this.#write(KEEP_LETTERS, letters.map(letterRow)));
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
    await this.#batch(this.#write(KEEP_SHOP_EVENTS, told.map(shopEventRow)));
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
    await this.#batch(this.#write(KEEP_STUBS, kept.map(stubRow)));
  }

  async stub(shopId: ShopId, orderId: OrderId): Promise<OrderStub | undefined> {
    const [row] = await this.#read<StubRow>(STUB_BY_ID, orderId, shopId);
    return row && toStub(row);
  }

  bookmark(): string | undefined {
    return this.#session?.getBookmark() ?? undefined;
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

  async #logged(text: string, ...values: readonly Value[]): Promise<readonly LoggedEvent[]> {
    const rows = await this.#read<{ offset: number; envelope: string }>(text, ...values);
    return rows.map(({ offset, envelope }) => ({ offset, event: JSON.parse(envelope) }));
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

  /** Made where it is asked: no sale pays for it. */
  get #db(): DrizzleD1Database {
    return drizzle(this.#client as D1Database); // of a database drizzle calls nothing else
  }

  async #read<Row>(text: string, ...values: readonly Value[]): Promise<readonly Row[]> {
    const statement = this.#client.prepare(text).bind(...values);
    return (await statement.all<Row>()).results;
  }

  /** One statement for as many rows as fit into its parameter. */
  #write(text: string, rows: readonly object[]): readonly D1PreparedStatement[] {
    return parametersOf(rows).map((json) => this.#client.prepare(text).bind(json));
  }

  async #batch(statements: readonly D1PreparedStatement[]): Promise<void> {
    if (statements.length > 0) await this.#client.batch([...statements]);
  }
}

/** A row as D1 answers it, where drizzle does not read its JSON. */
type JsonOf<Row, Name extends keyof Row> = Omit<Row, Name> & { readonly [Json in Name]: string };
