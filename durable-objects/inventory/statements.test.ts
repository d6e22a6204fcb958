import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { costOf } from "../../test/statement-count.ts";
import {
  checkoutId,
  DAY_MS,
  GRACE_MS,
  MINUTE_MS,
  START_MS,
  shelf,
} from "./testing/stocked-shelf.ts";

afterEach(() => vi.useRealTimers());

/** A cell that had a sale already. */
async function warmShelf(pieces: number) {
  const made = await shelf(pieces);
  await made.stock.hold(made.request("before"));
  await made.stock.allocate(made.paid("before"));
  return made;
}

type Shelf = Awaited<ReturnType<typeof shelf>>;
const holdCost = ({ stock, request }: Shelf, key: string, quantity = 1) =>
  costOf(stock, (object) => object.hold(request(key, quantity)));
const allocateCost = ({ stock, paid }: Shelf, key: string) =>
  costOf(stock, (object) => object.allocate(paid(key)));

const ACCEPTED = { answer: { ok: true } };
// The rows that it reads are those that its own writes have to find. They may only fall.
const WARM_HOLD = { statements: 2, reads: 0, rowsRead: 2, rowsWritten: 3, alarms: 0 };
const WARM_ALLOCATE = { statements: 2, reads: 0, rowsRead: 3, rowsWritten: 2, alarms: 0 };

test("a sale of one SKU reads nothing at its cell: four writes", async () => {
  const mug = await warmShelf(9);
  expect(await holdCost(mug, "a")).toEqual({ ...ACCEPTED, ...WARM_HOLD });
  expect(await allocateCost(mug, "a")).toEqual({ ...ACCEPTED, ...WARM_ALLOCATE });
});

test("a sale of two SKUs reads nothing at their cells: eight writes", async () => {
  const shelves = [await warmShelf(9), await warmShelf(9)];
  const held = await Promise.all(shelves.map((each) => holdCost(each, "a", 2)));
  const sold = await Promise.all(shelves.map((each) => allocateCost(each, "a")));
  expect(held).toEqual([1, 2].map(() => ({ ...ACCEPTED, ...WARM_HOLD })));
  expect(sold).toEqual([1, 2].map(() => ({ ...ACCEPTED, ...WARM_ALLOCATE })));
});

test("an object that has just woken reads its stock, and what is due, once", async () => {
  const mug = await warmShelf(9);
  await evictDurableObject(mug.stock);
  // Reads whether its tables are there, and as they should be; its stock; the earliest hold.
  const woken = { statements: 7, reads: 4, rowsRead: 18, rowsWritten: 3, alarms: 1 };
  expect(await holdCost(mug, "a")).toMatchObject({ ...ACCEPTED, ...woken });
  expect(await allocateCost(mug, "a")).toEqual({ ...ACCEPTED, ...WARM_ALLOCATE });

  await mug.stock.hold(mug.request("b"));
  await evictDurableObject(mug.stock);
  // One read more: the hold itself.
  const wokenToSell = { statements: 8, reads: 5, rowsRead: 20, rowsWritten: 2 };
  expect(await allocateCost(mug, "b")).toMatchObject({ ...ACCEPTED, ...wokenToSell });
});

test("who is told that it is sold out costs one read, and who repeats a call none or one", async () => {
  const mug = await warmShelf(3);
  const soldOut = { answer: mug.soldOut(2), statements: 1, reads: 1, rowsWritten: 0, alarms: 0 };
  expect(await holdCost(mug, "a", 3)).toMatchObject(soldOut);
  await mug.stock.hold(mug.request("b"));
  expect(await holdCost(mug, "b")).toMatchObject({ ...ACCEPTED, statements: 0 });
  await mug.stock.allocate(mug.paid("b"));
  expect(await allocateCost(mug, "b")).toMatchObject({ ...ACCEPTED, statements: 1, reads: 1 });
});

test("a cell keeps the open holds of recent calls in mind, and not the thousand before them", async () => {
  const mug = await shelf(2_000);
  await runInDurableObject(mug.stock, (object) => {
    for (let n = 0; n < 1_300; n += 1) object.hold(mug.request(`h${n}`));
  });
  const reads = async (key: string) => (await allocateCost(mug, key)).reads;
  expect([await reads(`h${1_300 - 256}`), await reads("h1299")]).toEqual([0, 0]);
  expect([await reads("h0"), await reads(`h${1_300 - 257}`)]).toEqual([1, 1]);
});

test("no sale moves the alarm; it rings once for what was sold, and is set for what is open", async () => {
  const mug = await shelf(9);
  const { stock, request, paid, alarmAtMs } = mug;
  await stock.hold(request("a"));
  await stock.allocate(paid("a"));
  const soldAtMs = START_MS + 30 * MINUTE_MS + GRACE_MS;
  for (const key of ["b", "c", "d"]) {
    vi.setSystemTime(Date.now() + 5 * MINUTE_MS);
    const cost = await costOf(stock, (object) =>
      object.hold(request(key, 1, Date.now() + 30 * MINUTE_MS)),
    );
    expect(cost.alarms).toBe(0);
    await stock.allocate(paid(key));
  }
  await stock.hold(request("open", 1, Date.now() + 40 * MINUTE_MS));
  const openUntilMs = Date.now() + 40 * MINUTE_MS;
  expect(await alarmAtMs()).toBe(soldAtMs);
  // One that ends sooner does.
  const sooner = await costOf(stock, (object) => object.hold(request("sooner", 1, START_MS)));
  expect(sooner.alarms).toBe(1);
  await stock.allocate(paid("sooner"));

  vi.setSystemTime(soldAtMs);
  await runDurableObjectAlarm(stock);
  expect(await alarmAtMs()).toBe(openUntilMs + GRACE_MS);
});

test("a sale costs the same statements and rows beside 100,000 movements and 10,000 open holds", async () => {
  const few = await warmShelf(20_000);
  const many = await warmShelf(20_000);
  await runInDurableObject(many.stock, (_object, { storage }) => {
    const numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
    storage.sql.exec(
      `${numbers} INSERT INTO holds (hold_key, checkout_id, quantity, state, expires_at_ms, due_at_ms)
       SELECT 'crowd-' || i, ?, 1, 'held', ? + i, ? + i FROM n`,
      ...[10_000, checkoutId, START_MS + DAY_MS, START_MS + DAY_MS],
    );
    storage.sql.exec(
      `${numbers} INSERT INTO movements (token, kind, quantity, at_ms)
       SELECT 'm' || i, 'receipt', 1, ? FROM n`,
      ...[100_000, START_MS],
    );
    storage.sql.exec("UPDATE stock SET held = held + 10000, received = received + 100000");
  });
  // Rows that were written behind its back are not in its mind.
  await Promise.all([few, many].map(({ stock }) => evictDurableObject(stock)));

  for (const key of ["cold", "warm"]) {
    expect(await holdCost(many, key)).toEqual(await holdCost(few, key));
    expect(await allocateCost(many, key)).toEqual(await allocateCost(few, key));
  }
  expect(await holdCost(many, "again")).toEqual({ ...ACCEPTED, ...WARM_HOLD });
  expect(await allocateCost(many, "again")).toEqual({ ...ACCEPTED, ...WARM_ALLOCATE });
});
