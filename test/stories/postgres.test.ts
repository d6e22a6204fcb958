import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { shopKeys } from "../../scripts/machine/local-keys.ts";
import { freePort, root } from "../../scripts/machine/platform.ts";
import { connected, migratePostgres } from "../../scripts/migrate-postgres.ts";
import { startPostgres } from "../../scripts/stack/local-postgres.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, shopIn } from "./open-shop.ts";
import {
  OUTAGE_MS,
  OUTAGE_TIMEOUT_MS,
  sell,
  sellThroughTheOutage,
  statusOfTheList,
} from "./outage.ts";

const folder = await mkdtemp(join(tmpdir(), "tender-story-postgres-"));
const port = await freePort();
const start = () => startPostgres({ folder, port });

let server = await start();
const database = server.url("tender_orders_eu");
await migratePostgres(database);
const openShop = () => shopIn(join(folder, "shop"), {}, { eu: database });
let shop = await openShop();
afterAll(async () => {
  await shop.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const SETTLED = { withinMs: 55_000 };
const run = promisify(execFile);

/** The rows that the sale leads to in the end. */
async function rowsOf(orderIds: readonly string[]) {
  const query = "SELECT order_id FROM orders WHERE order_id = ANY($1) AND version = 3";
  const { rows } = await connected(database, (client) => client.query(query, [orderIds]));
  return rows.length;
}

async function stored(...orderIds: readonly string[]): Promise<void> {
  await eventually(
    () => rowsOf(orderIds).catch(() => -1),
    (count) => count === orderIds.length,
    SETTLED,
  );
}

async function allRows(): Promise<string> {
  const { rows } = await connected(database, (client) =>
    client.query("SELECT orders::text FROM orders ORDER BY order_id"),
  );
  return JSON.stringify(rows);
}

test("a sale's order stands in Postgres, and is read there by customer and by facts", async () => {
  const orderId = await sell(shop);
  await stored(orderId);
  for (const [path, key] of [
    ["/v1/ops/orders?fulfilment=requested&region=eu", shopKeys.operator],
    ["/v1/ops/dump/orders?region=eu", shopKeys.operator],
  ] as const) {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${shop.url}${path}`, { headers });
    expect(await response.text()).toContain(orderId);
  }
  expect(await shop.audit()).toEqual(CLEAN);
});

test("sales go on while Postgres is stopped, and their orders come in when it is back", {
  timeout: OUTAGE_TIMEOUT_MS,
}, async ({ task }) => {
  await server.stop();
  const orders = await sellThroughTheOutage(shop);
  expect(await statusOfTheList(shop)).toBe(503);
  server = await start();
  await allIsThere(orders, task.meta);
});

test("sales go on while a transaction stands still in its middle, and each event is logged once", {
  timeout: OUTAGE_TIMEOUT_MS,
}, async ({ task }) => {
  const holder = new pg.Client({ connectionString: database });
  holder.on("error", () => undefined); // it ends with the server when this test fails
  await holder.connect();
  await holder.query("BEGIN");
  // The consumer meets this after it has locked the log's head and written events.
  await holder.query("LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE");
  const orders = [await sell(shop)];
  const standing = await eventually(inTheMiddle, ({ length }) => length > 0, SETTLED);
  for (const pid of standing) process.kill(pid, "SIGSTOP");
  await holder.query("COMMIT");
  await holder.end();
  try {
    // Whoever writes comes behind the one that has the log's head and does nothing.
    orders.push(...(await sellThroughTheOutage(shop)));
    expect(await rowsOf(orders)).toBe(0);
  } finally {
    for (const pid of standing) process.kill(pid, "SIGCONT");
  }
  await allIsThere(orders, task.meta);
});

test("a shop that is restarted while Postgres is stopped loses its queue, and no order", {
  timeout: OUTAGE_TIMEOUT_MS,
}, async ({ task }) => {
  await server.stop();
  const orders = await sellThroughTheOutage(shop);
  await shop.close(); // local queues live in its memory
  shop = await openShop();
  server = await start();
  await allIsThere(orders, task.meta);
});

test("rows that are deleted come back from the log, byte by byte", async () => {
  const before = await allRows();
  await connected(database, (client) => client.query("DELETE FROM orders"));
  const { stdout } = await run(process.execPath, ["scripts/rebuild.ts", "--url", shop.url], {
    cwd: root,
  });
  expect(stdout).toMatch(/^eu +\d+ orders rebuilt$/m);
  expect(await allRows()).toBe(before);
});

/** Asked by a connection of its own: within a transaction the answer never changes. */
async function inTheMiddle(): Promise<readonly number[]> {
  const query = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'relation'";
  const { rows } = await connected(database, (client) => client.query<{ pid: number }>(query));
  return rows.map(({ pid }) => pid);
}

/** After an outage: the store has every order, its log every event once, and no feed is behind. */
async function allIsThere(orders: readonly string[], meta: object): Promise<void> {
  const endMs = Date.now();
  expect(await shop.audit()).toEqual(CLEAN);
  Object.assign(meta, { outageMs: OUTAGE_MS, sales: orders.length, atRestMs: Date.now() - endMs });
  expect(await rowsOf(orders)).toBe(orders.length);
  const { rows } = await connected(database, (client) =>
    client.query("SELECT log_offset::int AS at FROM events ORDER BY log_offset"),
  );
  expect(rows.map(({ at }) => at)).toEqual(rows.map((_, index) => index + 1));
}
