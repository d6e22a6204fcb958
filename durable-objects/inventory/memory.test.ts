import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { ACCEPTED, GRACE_MS, MINUTE_MS, START_MS, shelf } from "./testing/stocked-shelf.ts";

afterEach(() => vi.useRealTimers());

type Shelf = Awaited<ReturnType<typeof shelf>>;

/** What the table says, read behind the object's back. */
function stored({ stock }: Shelf) {
  const query = "SELECT received, held, allocated, gone FROM stock";
  return runInDurableObject(stock, (_object, { storage }) => storage.sql.exec(query).one());
}

async function expectSame(mug: Shelf) {
  const { available: _, ...levels } = await mug.stock.levels();
  expect(levels).toEqual(await stored(mug));
}

test("what alarm, counts, transfers and shipments change is known to the next call", async () => {
  const mug = await shelf(9);
  const { stock, request, paid } = mug;
  const acts: readonly (() => Promise<unknown>)[] = [
    async () => stock.hold(request("a", 2, START_MS)),
    async () => stock.hold(request("b", 3)),
    async () => stock.allocate(paid("b")),
    async () => runDurableObjectAlarm(stock),
    async () => stock.correct({ token: "count", quantity: -2 }),
    async () => stock.send({ token: "out", quantity: 1 }),
    async () => stock.takeBack({ token: "out", quantity: 1 }),
    async () => stock.arrive({ token: "in", quantity: 4 }),
    async () => stock.ship({ key: "b", token: "p1", quantity: 2 }),
    async () => stock.unship({ key: "b", token: "p1" }),
    async () => stock.restock({ key: "b", token: "r1" }),
    async () => stock.agree({ cells: 2 }),
    async () => evictDurableObject(stock),
  ];
  vi.setSystemTime(START_MS + GRACE_MS);
  for (const act of acts) {
    await act();
    await expectSame(mug);
  }
  expect(await stock.levels()).toEqual({
    ...{ received: 11, available: 11, held: 0, allocated: 0, gone: 0 },
  });
});

test("terms that were agreed upon hold for the next hold", async () => {
  const { stock, request } = await shelf(9);
  await stock.hold(request("a"));
  await stock.agree({ cells: 3 });
  expect(await stock.hold(request("b"))).toEqual({ ok: true, taken: 1, cells: 3 });
  await stock.agree({ shopper_max: 2 });
  const wish = { ...request("c", 3), shopper: "somebody" };
  expect(await stock.hold(wish)).toMatchObject({ refused: "shopper_limit" });
});

test("of a call that was taken back nothing is in mind: neither its hold nor its pieces", async () => {
  const mug = await shelf(5);
  const { stock, request, paid, soldOut } = mug;
  await stock.hold(request("a", 2));
  // Fewer than the object believes: its hold is written, then the table refuses the counters.
  await runInDurableObject(stock, (_object, { storage }) => {
    storage.sql.exec("UPDATE stock SET received = 3");
  });
  await expect(runInDurableObject(stock, (object) => object.hold(request("b", 3)))).rejects.toThrow(
    /CHECK constraint/,
  );
  await expectSame(mug);
  expect(await stock.allocate(paid("b"))).toEqual(soldOut(1));
  expect(await stock.hold(request("c", 2))).toEqual(soldOut(1));
});

test("who audits a cell is told what its table says", async () => {
  const { stock, request } = await shelf(5);
  await stock.hold(request("a", 2));
  await runInDurableObject(stock, (_object, { storage }) => {
    storage.sql.exec("UPDATE stock SET held = 1");
  });
  expect((await stock.book()).levels).toMatchObject({ held: 1 });
  expect((await stock.book()).movements).toMatchObject({ held: 2 });
});

test("a hold asked for again at a later time with another quantity has the new quantity", async () => {
  const { stock, request, levels, soldOut } = await shelf(5);
  const at = (minutes: number) => START_MS + minutes * MINUTE_MS;
  await stock.hold(request("a", 2, at(30)));
  expect(await stock.hold(request("a", 4, at(31)))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 1, held: 4, allocated: 0 });
  expect(await stock.hold(request("a", 1, at(32)))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 4, held: 1, allocated: 0 });
  expect(await stock.hold(request("a", 6, at(33)))).toEqual(soldOut(4));
  expect(await levels()).toEqual({ available: 4, held: 1, allocated: 0 });
  const { levels: counted, movements } = await stock.book();
  expect(movements.held).toBe(counted.held);
});

test("a hold repeated for longer is kept for longer, also after a restart", async () => {
  const { stock, request, levels } = await shelf(5);
  await stock.hold(request("a", 2, START_MS + MINUTE_MS));
  await evictDurableObject(stock);
  expect(await stock.hold(request("a", 2, START_MS + 20 * MINUTE_MS))).toEqual(ACCEPTED);
  vi.setSystemTime(START_MS + MINUTE_MS + GRACE_MS);
  await runDurableObjectAlarm(stock);
  expect(await levels()).toEqual({ available: 3, held: 2, allocated: 0 });
});

test("a late hold of another quantity does not undo a change, nor a sale", async () => {
  const { stock, request, paid, levels, soldOut } = await shelf(5);
  await stock.hold(request("a", 2));
  await stock.resize({ ...request("a", 3), generation: 2 });
  expect(await stock.hold(request("a", 2))).toEqual(soldOut(2));
  await stock.allocate(paid("a"));
  expect(await stock.hold(request("a", 2))).toEqual(soldOut(2));
  expect(await stock.hold(request("a", 3))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 2, held: 0, allocated: 3 });
});

test("of a part of a line, as many as there are is no other quantity", async () => {
  const { stock, request, levels } = await shelf(3);
  const part = (quantity: number) => ({ ...request("a", quantity), part: "any" as const });
  expect(await stock.hold(part(5))).toEqual({ ok: true, taken: 3 });
  await stock.receive({ token: "more", quantity: 5 });
  expect(await stock.hold(part(5))).toEqual({ ok: true, taken: 3 });
  const later = { ...part(1), expiresAtMs: part(1).expiresAtMs + MINUTE_MS };
  expect(await stock.hold(later)).toEqual({ ok: true, taken: 1 });
  expect(await levels()).toEqual({ available: 7, held: 1, allocated: 0 });
});

test("a hold that is overdue itself can be changed while the shelf is scarce, and adds up", async () => {
  const { stock, request, levels } = await shelf(3);
  await stock.hold(request("a", 2, START_MS));
  vi.setSystemTime(START_MS + GRACE_MS); // its alarm has not rung yet
  const grown = { ...request("a", 3, START_MS + 60 * MINUTE_MS), generation: 2 };
  expect(await stock.resize(grown)).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 0, held: 3, allocated: 0 });
  const { movements } = await stock.book();
  expect(movements.held).toBe(3);
});

test("an expired hold that is due to be forgotten takes no pieces without a row", async () => {
  const mug = await shelf(2);
  const { stock, request, paid, soldOut } = mug;
  await stock.hold(request("a", 2, START_MS));
  vi.setSystemTime(START_MS + GRACE_MS);
  await runDurableObjectAlarm(stock);
  await stock.hold(request("b", 1, START_MS)); // overdue at once
  vi.setSystemTime(START_MS + GRACE_MS + 24 * 60 * MINUTE_MS);
  expect(await stock.allocate(paid("a"))).toEqual(soldOut(2));
  await expectSame(mug);
  expect((await stock.book()).movements).toMatchObject({ held: 0, allocated: 0 });
});
