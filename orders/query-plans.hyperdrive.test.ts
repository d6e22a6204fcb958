import { env as bindings } from "cloudflare:workers";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { ShopId } from "../schema/ids.ts";
import { orderNumberOf } from "../schema/order-number.ts";
import { D1OrderStore } from "./d1-order-store.ts";
import type { OrderStore } from "./order-store.ts";
import { PostgresOrderStore } from "./postgres-order-store.ts";
import {
  crowdCustomer,
  crowdEvents,
  crowdLetters,
  crowdOrders,
  crowdShop,
  crowdStubs,
  ORDER_COLUMNS,
  someone,
} from "./testing/bulk-orders.ts";
import { letterOf } from "./testing/dead-letters-contract.ts";
import { demo, START_MS } from "./testing/order-fixtures.ts";
import { type Asked, askedDuring } from "./testing/recorded-postgres.ts";

const env = bindings as Env & { POSTGRES_SAM: Hyperdrive; ORDERS: string };
/** `npm run proof` asks for a million. */
const ORDERS = Number(env.ORDERS);
const LETTERS = 20_000; // and as many stubs
const AT_ONCE = 50_000;
const PAGE = 20;
const LOAD_MS = 600_000;
const shopId = ShopId.parse(crowdShop);
const event = someone();
const many = Array.from({ length: 33 }, someone);
const after = { createdAtMs: START_MS + ORDERS / 2, orderId: "ord_eu_1" };

/** Every question that is asked of a store, at a place in the middle of it. */
const questions: Readonly<Record<string, (store: OrderStore) => Promise<unknown>>> = {
  "an event is applied": (store) => store.apply([event], [letterOf({ shopId })]),
  "a batch of many sales is applied": (store) => store.apply(many),
  "an order is read": (store) => store.order(demo, event.subject),
  "orders by time": (store) => quietly(store.orders(shopId, { sinceMs: 0, after, limit: PAGE })),
  "a customer's orders": (store) =>
    quietly(
      store.ordersOfCustomer(shopId, { customerReference: crowdCustomer, after, limit: PAGE }),
    ),
  "an order by its number": (store) =>
    store.ordersNumbered(demo, {
      region: "eu",
      orderNumber: orderNumberOf(event.subject),
      limit: 2,
    }),
  "orders by a usual payment": (store) => search(store, { payment: "captured" }),
  "orders by an unusual payment": (store) => search(store, { payment: "capture_failed" }),
  "orders by fulfilment": (store) => search(store, { fulfilment: "cancelled" }),
  "orders by dispute": (store) => search(store, { dispute: "open" }),
  "orders by status": (store) => search(store, { status: "capture_failed" }),
  "orders of a day": (store) =>
    search(store, { sinceMs: START_MS, untilMs: START_MS + ORDERS / 2 }),
  "orders of a day, further on": (store) =>
    search(store, { sinceMs: START_MS + ORDERS / 2 - 5, untilMs: START_MS + ORDERS }),
  "orders rebuilt": (store) =>
    quietly(store.rebuild(ShopId.parse("nobody"), { after: "ord_sam_", limit: PAGE })),
  "the log's page": (store) => store.log({ afterOffset: ORDERS / 2, limit: PAGE }),
  "a shop's events": (store) =>
    store.events(shopId, { sinceMs: 0, afterOffset: ORDERS / 2, limit: PAGE }),
  "the log's head": (store) => store.head(),
  "what an order lacks": (store) => store.missing([event.subject]),
  "a letter is kept": (store) => store.keepDeadLetters([letterOf({ shopId })]),
  "letters are listed": (store) => store.deadLetters(shopId, { state: "open", limit: PAGE }),
  "a letter is decided": (store) => store.redriven(shopId, "events-eu-dlq.2", 5),
  "a stub is read": (store) => store.stub(shopId, event.subject),
};

function search(store: OrderStore, facts: object): Promise<unknown> {
  return quietly(store.searchOrders(shopId, { ...facts, after, limit: PAGE }));
}

/** The crowd's rows are no whole orders: what is asked counts here, not what comes back. */
function quietly(asked: Promise<unknown>): Promise<unknown> {
  return asked.catch((error: unknown) => expect(String(error)).toMatch(/is an order$/));
}

test.for(Object.entries(questions))("D1 scans nothing: %s", async ([, ask], { task }) => {
  const asked: Asked[] = [];
  await ask(new D1OrderStore(recording(env.ORDERS_SAM, asked)));
  expect(asked).not.toEqual([]);
  const read: number[] = [];
  for (const { text, values } of asked) {
    const plan = await env.ORDERS_SAM.prepare(`EXPLAIN QUERY PLAN ${text}`)
      .bind(...values)
      .all<{ detail: string }>();
    const steps = plan.results.map(({ detail }) => detail);
    expect(
      steps.filter((step) => /^SCAN (?!json_each|CONSTANT)/.test(step)),
      text,
    ).toEqual([]);
    if (!/^select/i.test(text)) continue;
    const { meta } = await env.ORDERS_SAM.prepare(text)
      .bind(...values)
      .all();
    read.push(meta.rows_read);
  }
  Object.assign(task.meta, { orders: ORDERS, rowsRead: read });
  for (const rows of read) expect(rows).toBeLessThanOrEqual(4 * PAGE);
});

test.for(Object.entries(questions))("Postgres scans nothing: %s", async ([, ask], { task }) => {
  const store = new PostgresOrderStore(env.POSTGRES_SAM.connectionString);
  const asked = await askedDuring(() => ask(store));
  const planned = asked.filter(({ text }) => /^(select|insert|update|delete|with)/i.test(text));
  expect(planned).not.toEqual([]);
  const buffers: number[] = [];
  for (const { text, values } of planned) {
    if (/set_config/.test(text)) continue;
    const plan = await inPostgres((client) => explained(client, text, values));
    const scans = nodesOf(plan)
      .filter((node) => node["Node Type"] === "Seq Scan")
      .filter((node) => node["Relation Name"] !== "log_head"); // one row, by design
    expect(scans.map((node) => `${text}: ${node["Relation Name"]}`)).toEqual([]);
    buffers.push(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]);
  }
  Object.assign(task.meta, { orders: ORDERS, pagesTouched: buffers });
  for (const pages of buffers) expect(pages).toBeLessThanOrEqual(500);
});

beforeAll(async () => {
  await loadD1();
  await inPostgres(loadPostgres);
  for (const store of [
    new D1OrderStore(env.ORDERS_SAM),
    new PostgresOrderStore(env.POSTGRES_SAM.connectionString),
  ]) {
    await store.apply([event]);
  }
}, LOAD_MS);

async function loadD1(): Promise<void> {
  const d1 = env.ORDERS_SAM;
  const numbers = `WITH RECURSIVE numbers (n) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)`;
  for (let from = 1; from <= ORDERS; from += AT_ONCE) {
    const range = [from, Math.min(ORDERS, from + AT_ONCE - 1)];
    const insert = (into: string, rows: string) =>
      d1.prepare(`INSERT INTO ${into} ${numbers} ${rows} FROM numbers`).bind(...range);
    await d1.batch([
      insert(`orders (${ORDER_COLUMNS})`, crowdOrders("n")),
      insert("events", crowdEvents("n")),
    ]);
  }
  for (const [table, rows] of [
    ["dead_letters", crowdLetters("n")],
    ["order_stubs", crowdStubs("n")],
  ]) {
    await d1.prepare(`INSERT INTO ${table} ${numbers} ${rows} FROM numbers`).bind(1, LETTERS).run();
  }
}

async function loadPostgres(client: pg.Client): Promise<void> {
  const numbers = (to: number) => `FROM generate_series(1, ${to}) AS numbers (n)`;
  const typed = (rows: string) =>
    rows.replace("'[]'", "'[]'::json").replace(/'\{\}'/g, "'{}'::json");
  await client.query(
    `INSERT INTO orders (${ORDER_COLUMNS}) ${typed(crowdOrders("n"))} ${numbers(ORDERS)}`,
  );
  await client.query(`INSERT INTO events ${typed(crowdEvents("n"))} ${numbers(ORDERS)}`);
  await client.query(`UPDATE log_head SET last_offset = ${ORDERS}`);
  const letters = crowdLetters("n").replace("NULL, 'x'", "NULL::text, 'x'");
  await client.query(
    `INSERT INTO dead_letters ${letters.replace("NULL, NULL", "NULL::bigint, NULL::text")} ${numbers(LETTERS)}`,
  );
  await client.query(`INSERT INTO order_stubs ${crowdStubs("n")} ${numbers(LETTERS)}`);
  await client.query("VACUUM ANALYZE");
}

/** A database that notes each statement with what it is asked for. */
function recording(d1: D1Database, asked: Asked[]): D1Database {
  const prepare = (text: string) => {
    const statement = d1.prepare(text);
    const bind = (...values: unknown[]) => {
      asked.push({ text, values });
      return statement.bind(...values);
    };
    return new Proxy(statement, {
      get: (target, name) => (name === "bind" ? bind : Reflect.get(target, name)),
    });
  };
  return new Proxy(d1, {
    get: (target, name) => {
      if (name === "prepare") return prepare;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function inPostgres<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { Socket } = await import("node:net");
  const { connectionString } = env.POSTGRES_SAM;
  const client = new pg.Client({ connectionString, stream: () => new Socket() });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

type Plan = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly Plan[];
};

/** What the statement does, done and taken back. */
async function explained(client: pg.Client, text: string, values: readonly unknown[]) {
  await client.query("BEGIN");
  const { rows } = await client.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
    [...values],
  );
  await client.query("ROLLBACK");
  const plan = rows[0]?.["QUERY PLAN"][0].Plan;
  if (!plan) throw new Error(`No plan of ${text}`);
  return plan;
}

function nodesOf(plan: Plan): readonly Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
