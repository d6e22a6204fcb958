import { and, asc, desc, ne, type SQL } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import type pg from "pg";
import type { OrderEvent } from "../schema/events.ts";
import type { OrderId, ShopId } from "../schema/ids.ts";
import type { Order } from "../schema/order.ts";
import { assert } from "../schema/outcome.ts";
import type { ShopEvent } from "../schema/shop-events.ts";
import type { DeadLetter, DeadLetterPage, KeptDeadLetter } from "./dead-letter.ts";
import { letterRow, mergedLetters, togetherOf, toLetter, visibleTo } from "./dead-letter-row.ts";
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
import { latestStubs, type StubRow, stubRow, toStub } from "./order-stub-row.ts";
import { connected, inTransaction, run, type Statement } from "./postgres-connection.ts";
import * as shopEvents from "./postgres-shop-events.ts";
import {
  ADD_LETTERS,
  APPEND_EVENTS,
  arraysOf,
  DROP_ORDERS,
  KEEP_LETTERS,
  KEEP_SHOP_EVENTS,
  KEEP_STUBS,
  LATEST_OF_SHOP,
  LOCK_HEAD,
  LOG_HEAD,
  LOG_OF_ORDERS,
  LOG_PAGE,
  ORDER_BY_ID,
  type RowStatement,
  SEQUENCES_OF_ORDERS,
  SHOP_LOG_PAGE,
  STUB_BY_ID,
  UPSERT_ORDERS,
} from "./postgres-statements.ts";
import { deadLetters, orders } from "./postgres-tables.ts";
import {
  lettersFound,
  oneLetter,
  ordersByTime,
  ordersFound,
  ordersNumbered,
  ordersOfCustomer,
} from "./query-conditions.ts";
import { shopEventRow } from "./shop-event-row.ts";

/**
 * Orders in Postgres, reached through Hyperdrive: one connection per call, which its pool makes
 * cheap. Who writes the log locks its head first, so writers come one after the other. What a sale
 * writes is one statement a table (postgres-statements.ts); drizzle puts together only what people
 * ask by conditions that come and go.
 */
export class PostgresOrderStore implements OrderStore {
  readonly #connectionString: string;

  constructor(connectionString: string) {
    this.#connectionString = connectionString;
  }

  async apply(applied: readonly OrderEvent[], letters: readonly DeadLetter[] = []): Promise<void> {
    if (applied.length + letters.length === 0) return;
    await this.#transaction(async (client) => {
      if (applied.length > 0) {
        await locked(client);
        await write(client, APPEND_EVENTS, logRows(applied));
        await write(client, UPSERT_ORDERS, latestRows(applied));
      }
      await write(client, ADD_LETTERS, letters.map(letterRow));
    });
  }

  async order(shopId: ShopId, orderId: OrderId): Promise<Order | undefined> {
    const [row] = await this.#run<OrderRow>(ORDER_BY_ID, orderId, shopId);
    return row && toOrder(row);
  }

  async orders(shopId: ShopId, page: OrderPage): Promise<readonly Order[]> {
    const rows = await this.#read((db) =>
      db
        .select()
        .from(orders)
        .where(ordersByTime(orders, shopId, page))
        .orderBy(asc(orders.createdAtMs), asc(orders.orderId))
        .limit(page.limit),
    );
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
    return this.#run(SHOP_LOG_PAGE, shopId, page.afterOffset, page.sinceMs, page.limit);
  }

  log({ afterOffset, limit }: LogPage): Promise<readonly LoggedEvent[]> {
    return this.#run(LOG_PAGE, afterOffset, limit);
  }

  async logOf(orderIds: readonly OrderId[]): Promise<readonly LoggedEvent[]> {
    return orderIds.length === 0 ? [] : this.#run(LOG_OF_ORDERS, orderIds);
  }

  async head(): Promise<number> {
    const [head] = await this.#run<{ last: number }>(LOG_HEAD);
    assert(head, "the log has a head: its migration made it");
    return head.last;
  }

  async missing(orderIds: readonly OrderId[]): Promise<readonly Missing[]> {
    if (orderIds.length === 0) return [];
    return missingIn(await this.#run(SEQUENCES_OF_ORDERS, orderIds));
  }

  rebuild(shopId: ShopId, { after = "", limit }: RebuildPage): Promise<Rebuilt> {
    return this.#transaction(async (client) => {
      await locked(client); // no event comes in between what is read here and what is written
      const found = await run<Latest>(client, LATEST_OF_SHOP, [shopId, after, limit]);
      const next = found.length < limit ? undefined : found.at(-1)?.orderId;
      await run(client, DROP_ORDERS, [shopId, after, next ?? null]);
      await write(client, UPSERT_ORDERS, latestRows(found.map(({ event }) => event)));
      return { rebuilt: found.length, next };
    });
  }

  keepDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    return this.#keep(KEEP_LETTERS, togetherOf(letters).map(letterRow));
  }

  async deadLetters(shopId: ShopId, page: DeadLetterPage): Promise<readonly KeptDeadLetter[]> {
    const lists = visibleTo(shopId).map((owner) =>
      this.#read((db) =>
        db
          .select()
          .from(deadLetters)
          .where(lettersFound(deadLetters, owner, page))
          .orderBy(desc(deadLetters.firstAtMs), desc(deadLetters.letterId))
          .limit(page.limit),
      ),
    );
    return mergedLetters(await Promise.all(lists), page.limit);
  }

  async deadLetter(shopId: ShopId, letterId: string): Promise<KeptDeadLetter | undefined> {
    const mine = oneLetter(deadLetters, shopId, letterId);
    const [row] = await this.#read((db) => db.select().from(deadLetters).where(mine));
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

  keepShopEvents(told: readonly ShopEvent[]): Promise<void> {
    return this.#keep(KEEP_SHOP_EVENTS, told.map(shopEventRow));
  }

  shopEvents(shopId: ShopId, page: ShopEventPage): Promise<readonly ShopEvent[]> {
    return this.#read((db) => shopEvents.pageOf(db, shopId, page));
  }

  shopEventHours(shopId: ShopId, span: ShopEventSpan) {
    return this.#read((db) => shopEvents.hoursOf(db, shopId, span));
  }

  keepStubs(kept: readonly OrderStub[]): Promise<void> {
    return this.#keep(KEEP_STUBS, latestStubs(kept).map(stubRow));
  }

  async stub(shopId: ShopId, orderId: OrderId): Promise<OrderStub | undefined> {
    const [row] = await this.#run<StubRow>(STUB_BY_ID, orderId, shopId);
    return row && toStub(row);
  }

  /** Every read goes to the primary, and Hyperdrive's cache is off: no read is behind. */
  bookmark(): undefined {
    return undefined;
  }

  async #newestFirst(wanted: SQL | undefined, limit: number): Promise<readonly Order[]> {
    const rows = await this.#read((db) =>
      db
        .select()
        .from(orders)
        .where(wanted)
        .orderBy(desc(orders.createdAtMs), desc(orders.orderId))
        .limit(limit),
    );
    return rows.map(toOrder);
  }

  #decide(
    shopId: ShopId,
    letterId: string,
    change: Pick<typeof deadLetters.$inferSelect, "state" | "decidedAtMs" | "discardReason">,
  ): Promise<KeptDeadLetter | undefined> {
    const mine = oneLetter(deadLetters, shopId, letterId);
    return this.#read(async (db) => {
      await db
        .update(deadLetters)
        .set(change)
        .where(and(mine, ne(deadLetters.state, change.state)));
      const [row] = await db.select().from(deadLetters).where(mine);
      return row && toLetter(row);
    });
  }

  async #keep(statement: RowStatement, rows: readonly object[]): Promise<void> {
    if (rows.length > 0) await this.#connected((client) => write(client, statement, rows));
  }

  #run<Row extends pg.QueryResultRow>(statement: Statement, ...values: readonly unknown[]) {
    return this.#connected((client) => run<Row>(client, statement, values));
  }

  #read<T>(work: (db: NodePgDatabase) => Promise<T>): Promise<T> {
    return this.#connected((client) => work(drizzle(client)));
  }

  #transaction<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.#connected((client) => inTransaction(client, () => work(client)));
  }

  #connected<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    return connected(this.#connectionString, work);
  }
}

type Latest = { readonly orderId: string; readonly event: OrderEvent };

/** One writer at a time: the next waits until this one has committed. */
async function locked(client: pg.Client): Promise<void> {
  const heads = await run(client, LOCK_HEAD, []);
  assert(heads.length === 1, "the log has a head: its migration made it");
}

async function write(client: pg.Client, statement: RowStatement, rows: readonly object[]) {
  if (rows.length > 0) await run(client, statement, arraysOf(statement, rows));
}
