import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { shopKeys } from "../../scripts/local-keys.ts";
import { connected, migratePostgres } from "../../scripts/migrate-postgres.ts";
import { freePort, root } from "../../scripts/platform.ts";
import { startPostgres } from "../../scripts/postgres.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, openShop } from "./open-shop.ts";

const folder = await mkdtemp(join(tmpdir(), "tender-story-postgres-"));
const port = await freePort();
const start = () => startPostgres({ folder, port });

let server = await start();
const database = server.url("tender_orders_eu");
await migratePostgres(database);
const shop = await openShop({}, { eu: database });
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const SETTLED = { withinMs: 55_000 };
const PATIENCE_MS = 180_000; // a stopped transaction is given up by time, not by a call
const run = promisify(execFile);

async function sell() {
  const checkout = await shop.open("mug");
  await shop.pay(checkout, "pm_card_visa");
  await eventually(
    () => shop.storefront.checkout(checkout),
    ({ body }) => body.status === "captured",
    SETTLED,
  );
  return checkout.checkoutId.replace("chk_", "ord_");
}

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
  const orderId = await sell();
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

test("sales go on while Postgres is stopped, and their orders come in when it is back", async () => {
  await server.stop();
  const orders = [await sell(), await sell(), await sell()];
  const list = await fetch(`${shop.url}/v1/ops/orders?region=eu`, {
    headers: { authorization: `Bearer ${shopKeys.operator}` },
  });
  expect(list.status).toBe(503);
  server = await start();
  await stored(...orders);
  expect(await shop.audit()).toEqual(CLEAN);
});

test("sales go on while a transaction stands still in its middle, and each event is logged once", {
  timeout: PATIENCE_MS,
}, async () => {
  const holder = new pg.Client({ connectionString: database });
  holder.on("error", () => undefined); // it ends with the server when this test fails
  await holder.connect();
  await holder.query("BEGIN");
  await holder.query("SELECT * FROM log_head FOR UPDATE");
  const orders = [await sell()];
  const waiting = await eventually(waiters, ({ length }) => length > 0, SETTLED);
  for (const pid of waiting) process.kill(pid, "SIGSTOP");
  await holder.query("COMMIT");
  await holder.end();
  try {
    orders.push(await sell(), await sell()); // behind the one that holds the lock and does nothing
  } finally {
    for (const pid of waiting) process.kill(pid, "SIGCONT");
  }
  await stored(...orders);
  expect(await shop.audit()).toEqual(CLEAN);
  const { rows } = await connected(database, (client) =>
    client.query("SELECT log_offset::int AS at FROM events ORDER BY log_offset"),
  );
  expect(rows.map(({ at }) => at)).toEqual(rows.map((_, index) => index + 1));
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
async function waiters(): Promise<readonly number[]> {
  const query = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  const { rows } = await connected(database, (client) => client.query<{ pid: number }>(query));
  return rows.map(({ pid }) => pid);
}
