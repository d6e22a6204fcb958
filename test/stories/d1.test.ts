import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { storageFolder } from "../../scripts/stack/stack.ts";
import { eventually } from "../eventually.ts";
import { CLEAN, shopIn } from "./open-shop.ts";
import {
  OUTAGE_MS,
  OUTAGE_TIMEOUT_MS,
  sell,
  sellThroughTheOutage,
  statusOfTheList,
} from "./outage.ts";

const folder = await mkdtemp(join(tmpdir(), "tender-story-d1-"));
const shop = await shopIn(folder);
const first = await sell(shop);
const database = await eventually(databaseOf, (found) => found !== undefined, { withinMs: 40_000 });
afterAll(async () => {
  database?.close();
  await shop.close();
  await rm(folder, { recursive: true, force: true });
});

const SQLITE_BUSY = 5; // https://www.sqlite.org/rescode.html#busy

/** What becomes of the file that the region's D1 stands in, done by another process than its server. */
const troubles = {
  "is locked by somebody else": { begin: "BEGIN EXCLUSIVE", end: "COMMIT" },
  "fails every statement": {
    begin: renamed({ events: "events_away", orders: "orders_away" }),
    end: renamed({ events_away: "events", orders_away: "orders" }),
  },
};

test.for(Object.entries(troubles))(
  "sales go on while D1 %s, and their orders come in when it is well again",
  { timeout: OUTAGE_TIMEOUT_MS },
  async ([, { begin, end }], { task }) => {
    // The server may be in the midst of a statement of its own.
    await eventually(async () => isDone(begin), Boolean, { withinMs: 20_000 });
    const orders = await sellThroughTheOutage(shop);
    expect(await statusOfTheList(shop)).toBe(503);
    await eventually(async () => isDone(end), Boolean, { withinMs: 20_000 });

    const endMs = Date.now();
    expect(await shop.audit()).toEqual(CLEAN);
    const atRestMs = Date.now() - endMs;
    Object.assign(task.meta, { outageMs: OUTAGE_MS, sales: orders.length, atRestMs });
    const stored = rows("SELECT order_id AS id FROM orders WHERE version = 3").map(({ id }) => id);
    expect(stored).toEqual(expect.arrayContaining([first, ...orders]));
    const offsets = rows("SELECT log_offset AS at FROM events ORDER BY log_offset");
    expect(offsets.map(({ at }) => at)).toEqual(offsets.map((_, index) => index + 1));
  },
);

/** The one of the regions' databases that has the first sale's order. */
async function databaseOf(): Promise<DatabaseSync | undefined> {
  const d1 = join(storageFolder(folder), "d1");
  for (const file of await readdir(d1, { recursive: true })) {
    if (!file.endsWith(".sqlite")) continue;
    const found = new DatabaseSync(join(d1, file), { timeout: 5_000 });
    const isOrders = found.prepare("SELECT 1 FROM sqlite_master WHERE name = 'orders'").get();
    if (isOrders && found.prepare("SELECT 1 FROM orders WHERE order_id = ?").get(first))
      return found;
    found.close();
  }
  return undefined;
}

function renamed(tables: Readonly<Record<string, string>>): string {
  const changes = Object.entries(tables).map(
    ([from, to]) => `ALTER TABLE ${from} RENAME TO ${to};`,
  );
  return `BEGIN IMMEDIATE; ${changes.join(" ")} COMMIT`;
}

function isDone(statements: string): boolean {
  try {
    database?.exec(statements);
    return true;
  } catch (problem) {
    if (database?.isTransaction) database.exec("ROLLBACK");
    if ((problem as { errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw problem;
  }
}

function rows(query: string): readonly Record<string, unknown>[] {
  return database?.prepare(query).all() ?? [];
}
