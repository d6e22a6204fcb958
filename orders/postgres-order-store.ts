import { Socket } from "node:net";
import {
  and,
  asc,
  getTableColumns as columnsOf,
  desc,
  eq,
  gt,
  inArray,
  lte,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import type { PgTable } from "drizzle-orm/pg-core";
import pg from "pg";
import type { OrderEvent } from "../schema/events.ts";
import type { OrderId, ShopId } from "../schema/ids.ts";
import type { Order } from "../schema/order.ts";
import { assert } from "../schema/outcome.ts";
import type { ShopEvent } from "../schema/shop-events.ts";
import type { DeadLetter, DeadLetterPage, KeptDeadLetter } from "./dead-letter.ts";
import { letterRow, mergedLetters, toLetter, visibleTo } from "./dead-letter-row.ts";
import { missingIn } from "./log-gaps.ts";
import { logRow } from "./log-row.ts";
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
import { latestStubs, stubRow, toStub } from "./order-stub-row.ts";
import * as shopEvents from "./postgres-shop-events.ts";
import { deadLetters, events, logHead, orders, stubs } from "./postgres-tables.ts";
import {
  eventsOfShop,
  lettersFound,
  oneLetter,
  ordersByTime,
  ordersFound,
  ordersNumbered,
  ordersOfCustomer,
} from "./query-conditions.ts";

const CONNECT_TIMEOUT_MS = 5000;
const QUERY_TIMEOUT_MS = 10_000; // a server that was paused is left, and the message goes again
// What a consumer that died in mid-transaction leaves behind must not stop the next one for long.
const LOCK_TIMEOUT_MS = 8000;
const IDLE_IN_TRANSACTION_MS = 15_000;

type Db = Pick<
  NodePgDatabase,
  "select" | "selectDistinctOn" | "insert" | "update" | "delete" | "execute"
>;

/**
 * Orders in Postgres, reached through Hyperdrive: one connection per call, which its pool makes
 * cheap. Who writes the log locks its head first, so writers come one after the other.
 */
export class PostgresOrderStore implements OrderStore {
  readonly #connectionString: string;

  constructor(connectionString: string) {
    this.#connectionString = connectionString;
  }

  async apply(applied: readonly OrderEvent[], letters: readonly DeadLetter[] = []): Promise<void> {
    if (applied.length + letters.length === 0) return;
    await this.#transaction(async (tx) => {
      await append(tx, applied);
      await upsert(tx, latestRows(applied));
      if (letters.length === 0) return;
      await tx.insert(deadLetters).values(letters.map(letterRow)).onConflictDoNothing();
    });
  }

  async order(shopId: ShopId, orderId: OrderId): Promise<Order | undefined> {
    const mine = and(eq(orders.orderId, orderId), eq(orders.shopId, shopId));
    const [row] = await this.#read((db) => db.select().from(orders).where(mine));
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
    return this.#logged(eventsOfShop(events, shopId, page), page.limit);
  }

  log({ afterOffset, limit }: LogPage): Promise<readonly LoggedEvent[]> {
    return this.#logged(gt(events.offset, afterOffset), limit);
  }

  async logOf(orderIds: readonly OrderId[]): Promise<readonly LoggedEvent[]> {
    if (orderIds.length === 0) return [];
    return this.#read((db) =>
      db
        .select({ offset: events.offset, event: events.envelope })
        .from(events)
        .where(inArray(events.orderId, [...orderIds])),
    );
  }

  async head(): Promise<number> {
    const [row] = await this.#read((db) => db.select().from(logHead));
    assert(row, "the log has a head: its migration made it");
    return row.lastOffset;
  }

  async missing(orderIds: readonly OrderId[]): Promise<readonly Missing[]> {
    if (orderIds.length === 0) return [];
    const rows = await this.#read((db) =>
      db
        .select({ orderId: events.orderId, sequence: events.sequence })
        .from(events)
        .where(inArray(events.orderId, [...orderIds])),
    );
    return missingIn(rows);
  }

  rebuild(shopId: ShopId, { after = "", limit }: RebuildPage): Promise<Rebuilt> {
    return this.#transaction(async (tx) => {
      await lockedHead(tx); // no event comes in between what is read here and what is written
      const found = await tx
        .selectDistinctOn([events.orderId], { orderId: events.orderId, event: events.envelope })
        .from(events)
        .where(and(eq(events.shopId, shopId), gt(events.orderId, after)))
        .orderBy(asc(events.orderId), desc(events.sequence))
        .limit(limit);
      const next = found.length < limit ? undefined : found.at(-1)?.orderId;
      const last = next === undefined ? undefined : lte(orders.orderId, next);
      await tx
        .delete(orders)
        .where(and(eq(orders.shopId, shopId), gt(orders.orderId, after), last));
      await upsert(tx, latestRows(found.map(({ event }) => event)));
      return { rebuilt: found.length, next };
    });
  }

  async keepDeadLetters(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await this.#transaction(async (tx) => {
      // One by one: a statement may not change the same letter twice.
      for (const letter of letters) await keep(tx, letter);
    });
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
    return this.#read((db) => shopEvents.keep(db, told));
  }

  shopEvents(shopId: ShopId, page: ShopEventPage): Promise<readonly ShopEvent[]> {
    return this.#read((db) => shopEvents.pageOf(db, shopId, page));
  }

  shopEventHours(shopId: ShopId, span: ShopEventSpan) {
    return this.#read((db) => shopEvents.hoursOf(db, shopId, span));
  }

  async keepStubs(kept: readonly OrderStub[]): Promise<void> {
    if (kept.length === 0) return;
    await this.#read((db) =>
      db
        .insert(stubs)
        .values(latestStubs(kept).map(stubRow))
        .onConflictDoUpdate({
          target: stubs.orderId,
          set: excluded(stubs, ["orderId"]),
          setWhere: sql`excluded.version >= ${stubs.version} AND excluded.as_of_ms >= ${stubs.asOfMs}`,
        }),
    );
  }

  async stub(shopId: ShopId, orderId: OrderId): Promise<OrderStub | undefined> {
    const mine = and(eq(stubs.orderId, orderId), eq(stubs.shopId, shopId));
    const [row] = await this.#read((db) => db.select().from(stubs).where(mine));
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

  #logged(wanted: SQL | undefined, limit: number): Promise<readonly LoggedEvent[]> {
    return this.#read((db) =>
      db
        .select({ offset: events.offset, event: events.envelope })
        .from(events)
        .where(wanted)
        .orderBy(asc(events.offset))
        .limit(limit),
    );
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

  /** One transaction of one writer: the next waits until this one has committed. */
  #transaction<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    return this.#read((db) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`SELECT
          set_config('lock_timeout', ${String(LOCK_TIMEOUT_MS)}, true),
          set_config('idle_in_transaction_session_timeout', ${String(IDLE_IN_TRANSACTION_MS)}, true)`);
        return work(tx);
      }),
    );
  }

  async #read<T>(work: (db: NodePgDatabase) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      // workerd has Node's own socket; pg's other one is found by bundlers alone.
      stream: () => new Socket(),
    });
    // A connection that breaks fails the query that waits for it; the event says nothing more, and
    // unheard it would end the process.
    client.on("error", () => undefined);
    try {
      await client.connect();
      return await work(drizzle(client));
    } finally {
      await client.end();
    }
  }
}

/** Whoever has it is the only one that writes the log or rebuilds from it. */
async function lockedHead(tx: Db) {
  const [head] = await tx.select().from(logHead).for("update");
  assert(head, "the log has a head: its migration made it");
  return head;
}

/** Appends what the log does not have yet, at the offsets after its head. */
async function append(tx: Db, applied: readonly OrderEvent[]): Promise<void> {
  if (applied.length === 0) return;
  const head = await lockedHead(tx);
  const fresh = new Map<string, OrderEvent>();
  for (const event of applied) {
    const name = nameOf({ orderId: event.subject, sequence: event.sequence });
    if (!fresh.has(name)) fresh.set(name, event);
  }
  const named = [...fresh.values()].map(({ subject, sequence }) =>
    and(eq(events.orderId, subject), eq(events.sequence, sequence)),
  );
  const known = await tx
    .select({ orderId: events.orderId, sequence: events.sequence })
    .from(events)
    .where(or(...named));
  for (const each of known) fresh.delete(nameOf(each));
  if (fresh.size === 0) return;
  const rows = [...fresh.values()].map((event, index) => ({
    offset: head.lastOffset + index + 1,
    ...logRow(event),
  }));
  await tx.insert(events).values(rows);
  await tx.update(logHead).set({ lastOffset: head.lastOffset + rows.length });
}

function nameOf({ orderId, sequence }: { orderId: string; sequence: number }): string {
  return `${orderId}/${sequence}`;
}

async function upsert(tx: Db, rows: readonly OrderRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insert(orders)
    .values([...rows])
    .onConflictDoUpdate({
      target: orders.orderId,
      set: excluded(orders, ["orderId", "checkoutId"]),
      setWhere: sql`excluded.version > ${orders.version}`,
    });
}

/** For an insert of many rows: what the row that meets a conflict would have written. */
function excluded(table: PgTable, keys: readonly string[]): Record<string, SQL> {
  return Object.fromEntries(
    Object.entries(columnsOf(table))
      .filter(([name]) => !keys.includes(name))
      .map(([name, column]) => [name, sql.raw(`excluded.${column.name}`)]),
  );
}

async function keep(tx: Db, letter: DeadLetter): Promise<void> {
  const { state, decidedAtMs } = deadLetters;
  await tx
    .insert(deadLetters)
    .values(letterRow(letter))
    .onConflictDoUpdate({
      target: deadLetters.letterId,
      set: {
        attempts: sql`${deadLetters.attempts} + excluded.attempts`,
        cause: letter.cause,
        lastAtMs: letter.atMs,
        state: sql`CASE ${state} WHEN 'redriven' THEN 'open' ELSE ${state} END`,
        decidedAtMs: sql`CASE ${state} WHEN 'redriven' THEN NULL ELSE ${decidedAtMs} END`,
      },
    });
}
