import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { eventually } from "../../test/eventually.ts";
import { consume } from "../../workers/consumers/consume.ts";
import { FeedObject } from "../../workers/index.ts";
import { batchOf, card, cart, newSale, stockOf, stockUp, withoutQueues } from "./testing/sale.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };
const SKUS = ["mug", "shirt"];
const TOTAL = { amountMinor: 1299 + 2499 + 490, currency: "EUR" };

beforeAll(() => stockUp(...SKUS));
afterEach(() => vi.restoreAllMocks());

/** Counts every row that a statement of any object writes, by what it does to which table. */
async function countRows() {
  const counts: Record<string, number> = {};
  const spiedOn = stockOf("lamp"); // any object: all of them share the prototype
  await runInDurableObject(spiedOn, (_object, { storage }) => {
    const prototype = Object.getPrototypeOf(storage.sql) as SqlStorage;
    const { exec } = prototype;
    vi.spyOn(prototype, "exec").mockImplementation(function (
      this: SqlStorage,
      ...args: Parameters<SqlStorage["exec"]>
    ) {
      const cursor = exec.apply(this, args);
      const [sql] = args;
      const [, verb, table] = /^\s*(INSERT INTO|UPDATE|DELETE FROM) (\w+)/.exec(sql) ?? [];
      const isSchema = /^\s*CREATE/.test(sql);
      const name = isSchema ? "schema" : `${verb} ${table}`;
      if (cursor.rowsWritten > 0) counts[name] = (counts[name] ?? 0) + cursor.rowsWritten;
      return cursor;
    } as SqlStorage["exec"]);
    const alarms = Object.getPrototypeOf(storage) as DurableObjectStorage;
    const { setAlarm } = alarms;
    vi.spyOn(alarms, "setAlarm").mockImplementation(function (
      this: DurableObjectStorage,
      ...args: Parameters<DurableObjectStorage["setAlarm"]>
    ) {
      counts.alarms = (counts.alarms ?? 0) + 1;
      return setAlarm.apply(this, args);
    });
  });
  return counts;
}

test("a card sale of two SKUs in one call writes these rows and no other", async () => {
  const sent = withoutQueues();
  // Feeds follow at their own pace, many events at once: what they write is no sale's own.
  vi.spyOn(FeedObject.prototype, "wake").mockImplementation(() => undefined);
  const counts = await countRows();
  const sale = newSale();
  const lines = SKUS.map((sku) => ({ sku, quantity: 1 }));

  const body = cart({ lines, payment: card("pm_visa"), expectedTotal: TOTAL });
  expect(await sale.create(body)).toMatchObject({ http: 201, status: "placed" });
  await eventually(
    async () => sent.of(sale),
    ({ length }) => length === 3,
    SOON,
  );
  await consume(batchOf(sent.of(sale)), env);

  // They may only fall. What a new object's own tables cost is listed apart; the order store's rows
  // are pinned in orders/d1-costs.workerd.test.ts.
  const { schema: _tables, ...rows } = counts;
  expect(rows).toEqual({
    // The checkout. Its two runs: quoted, held, opened and done; and the payment that it begins, with the
    // intents of authorize and allocate.
    "INSERT INTO runs": 2,
    // Authorized, allocated, placed with capture's intent; captured, fulfilment requested and done.
    "UPDATE runs": 2,
    // The sale with its quote, open and paying; then placed, captured.
    "INSERT INTO checkout": 1,
    "UPDATE checkout": 2,
    // The create's answer: owed, and given when the order is placed.
    "INSERT INTO answers": 1,
    "UPDATE answers": 1,
    // Placed, captured, fulfilment requested: each written with its change, gone when applied.
    "INSERT INTO outbox": 3,
    "DELETE FROM outbox": 3,
    // The inventory of each SKU. Its hold and the hold's place by due time; then allocated.
    "INSERT INTO holds": 2 * SKUS.length,
    "UPDATE holds": 1 * SKUS.length,
    // Its counters: held, allocated.
    "UPDATE stock": 2 * SKUS.length,
    // The checkout's first lease and, when all is applied, the end of its keeping: it never rings in
    // between. Each hold's backstop.
    alarms: 2 + SKUS.length,
  });
});
