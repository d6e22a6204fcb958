import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import {
  ACCEPTED,
  checkoutId,
  DAY_MS,
  GRACE_MS,
  MINUTE_MS,
  START_MS,
  shelf,
} from "./testing/stocked-shelf.ts";

afterEach(() => vi.useRealTimers());

test("an object that was only read has written nothing", async () => {
  const { stock, alarmAtMs } = await shelf(0);
  expect(await stock.levels()).toMatchObject({ received: 0, available: 0 });
  expect(await stock.dump()).toMatchObject({ holds: [] });
  const tables = await runInDurableObject(stock, (_object, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('stock', 'holds')").toArray(),
  );
  expect(tables).toEqual([]);
  expect(await alarmAtMs()).toBeNull();
});

test("a hold takes pieces once, however often its key comes", async () => {
  const { stock, request, levels } = await shelf(5);
  expect(await stock.hold(request("a", 2))).toEqual(ACCEPTED);
  expect(await stock.hold(request("a", 2))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 3, held: 2, allocated: 0 });
});

test("a hold that is asked for again later is kept for the later time, also of the last piece", async () => {
  const { stock, request, levels, alarmAtMs } = await shelf(2);
  await stock.hold(request("a", 2));
  expect(await stock.hold(request("a", 2, START_MS + 40 * MINUTE_MS))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 0, held: 2, allocated: 0 });
  vi.setSystemTime(START_MS + 36 * MINUTE_MS);
  await runDurableObjectAlarm(stock);
  expect(await levels()).toMatchObject({ held: 2 });
  expect(await alarmAtMs()).toBe(START_MS + 40 * MINUTE_MS + GRACE_MS);
});

test("a key that comes late for other pieces is refused, and never answered with another number", async () => {
  const { stock, request, released, levels, soldOut } = await shelf(5);
  await stock.hold(request("a", 2));
  expect(await stock.hold(request("a", 3))).toEqual(soldOut(3));
  expect(await stock.hold(request("a", 1))).toEqual(soldOut(3));
  expect(await stock.hold({ ...request("a", 3), part: "any" })).toEqual({ ok: true, taken: 2 });
  expect(await stock.hold({ ...request("a", 1), part: "any" })).toEqual(soldOut(3));
  expect(await levels()).toEqual({ available: 3, held: 2, allocated: 0 });
  await stock.release(released("a"));
  expect(await levels()).toEqual({ available: 5, held: 0, allocated: 0 });
});

test("a key that comes again for somebody else is refused where shoppers are counted", async () => {
  const { stock, request, soldOut } = await shelf(5);
  await stock.agree({ shopper_max: 2 });
  await stock.hold({ ...request("a", 2), shopper: "ada" });
  expect(await stock.hold({ ...request("a", 2), shopper: "ada" })).toEqual(ACCEPTED);
  expect(await stock.hold({ ...request("a", 2), shopper: "eve" })).toEqual(soldOut(3));
});

test("a hold that had expired takes its pieces again when it is asked for anew, if they are there", async () => {
  const { stock, request, levels, soldOut } = await shelf(2);
  await stock.hold(request("a", 2));
  vi.setSystemTime(START_MS + 36 * MINUTE_MS);
  await runDurableObjectAlarm(stock);
  expect(await levels()).toMatchObject({ available: 2, held: 0 });
  expect(await stock.hold(request("a", 2))).toEqual(soldOut(2)); // a late call of the time that is over
  expect(await stock.hold(request("a", 2, START_MS + 90 * MINUTE_MS))).toEqual(ACCEPTED);
  expect(await levels()).toMatchObject({ available: 0, held: 2 });
});

test("a hold of more than there is is refused with what is left, and takes nothing", async () => {
  const { stock, request, levels, soldOut } = await shelf(5);
  await stock.hold(request("a", 3));
  expect(await stock.hold(request("b", 3))).toEqual(soldOut(2));
  expect(await levels()).toEqual({ available: 2, held: 3, allocated: 0 });
  expect(await stock.hold(request("b", 2))).toEqual(ACCEPTED);
});

test("a released hold gives its pieces back once, and its key is spent", async () => {
  const { stock, request, released, levels, soldOut } = await shelf(5);
  await stock.hold(request("a", 2));
  expect(await stock.release(released("a"))).toEqual(ACCEPTED);
  expect(await stock.release(released("a"))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 5, held: 0, allocated: 0 });
  expect(await stock.hold(request("a", 2))).toEqual(soldOut(5));
  expect(await stock.extend(request("a", 2))).toEqual(soldOut(5));
});

test("a release that comes before its hold refuses the late hold", async () => {
  const { stock, request, released, levels, soldOut } = await shelf(5);
  await stock.release(released("a"));
  expect(await stock.hold(request("a", 2))).toEqual(soldOut(5));
  expect(await levels()).toEqual({ available: 5, held: 0, allocated: 0 });
  expect((await stock.dump()).holds).toEqual([]); // a tombstone promises no pieces
});

test("an allocation sells the held pieces once; an allocated hold needs no extension", async () => {
  const { stock, request, paid, levels } = await shelf(5);
  await stock.hold(request("a", 2));
  expect(await stock.allocate(paid("a"))).toEqual(ACCEPTED);
  expect(await stock.allocate(paid("a"))).toEqual(ACCEPTED);
  expect(await stock.hold(request("a", 2))).toEqual(ACCEPTED);
  expect(await stock.extend(request("a", 2))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 3, held: 0, allocated: 2 });
});

test("nothing can be allocated that was never held, or was released", async () => {
  const { stock, request, released, paid, soldOut } = await shelf(5);
  expect(await stock.allocate(paid("a"))).toEqual(soldOut(5));
  await stock.hold(request("b"));
  await stock.release(released("b"));
  expect(await stock.allocate(paid("b"))).toEqual(soldOut(5));
});

test("an allocation undone holds the pieces again, and its payment's late allocate is refused", async () => {
  const { stock, request, paid, levels, soldOut } = await shelf(5);
  await stock.hold(request("a", 2));
  await stock.allocate(paid("a", 1));
  expect(await stock.unallocate(paid("a", 1))).toEqual(ACCEPTED);
  expect(await stock.unallocate(paid("a", 1))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 3, held: 2, allocated: 0 });
  expect(await stock.allocate(paid("a", 1))).toEqual(soldOut(3));
  expect(await stock.allocate(paid("a", 2))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 3, held: 0, allocated: 2 });
});

test("an undo that comes before its allocate refuses it; the next payment sells", async () => {
  const { stock, request, paid, levels, soldOut } = await shelf(5);
  await stock.hold(request("a", 2));
  await stock.unallocate(paid("a", 1));
  expect(await stock.allocate(paid("a", 1))).toEqual(soldOut(3));
  expect(await stock.allocate(paid("a", 2))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 3, held: 0, allocated: 2 });
});

test("an older payment's late undo leaves a newer payment's allocation alone", async () => {
  const { stock, request, paid, levels } = await shelf(5);
  await stock.hold(request("a", 2));
  await stock.allocate(paid("a", 2));
  await stock.unallocate(paid("a", 1));
  expect(await levels()).toEqual({ available: 3, held: 0, allocated: 2 });
});

test("a release before place frees allocated pieces too", async () => {
  const { stock, request, released, paid, levels } = await shelf(5);
  await stock.hold(request("a", 2));
  await stock.allocate(paid("a"));
  await stock.release(released("a"));
  expect(await levels()).toEqual({ available: 5, held: 0, allocated: 0 });
});

test("a cancelled order's pieces come back once per token", async () => {
  const { stock, request, paid, levels } = await shelf(5);
  await stock.hold(request("a", 2));
  await stock.restock({ token: "t1", key: "a" });
  expect(await levels()).toEqual({ available: 3, held: 2, allocated: 0 }); // nothing was sold yet
  await stock.allocate(paid("a"));
  await stock.restock({ token: "t1", key: "a" });
  await stock.restock({ token: "t1", key: "a" });
  await stock.restock({ token: "t2", key: "a" });
  expect(await levels()).toEqual({ available: 5, held: 0, allocated: 0 });
});

test("a receipt counts once; the same movement with another quantity is refused", async () => {
  const { stock } = await shelf(0);
  expect(await stock.receive({ token: "m1", quantity: 7 })).toMatchObject({ received: 7 });
  expect(await stock.receive({ token: "m1", quantity: 7 })).toMatchObject({ received: 7 });
  expect(await stock.receive({ token: "m1", quantity: 8 })).toEqual({
    refused: "movement_refused",
    detail: { movementId: "m1", quantity: 7 },
  });
  expect(await stock.receive({ token: "m2", quantity: 1 })).toMatchObject({ received: 8 });
});

test("a receipt does not take the token of a restock", async () => {
  const { stock, request, paid } = await shelf(5);
  await stock.hold(request("a", 2));
  await stock.allocate(paid("a"));
  await stock.restock({ token: "t1", key: "a" });
  expect(await stock.receive({ token: "t1", quantity: 2 })).toMatchObject({
    refused: "movement_refused",
  });
});

test("an extension moves the end on and never back", async () => {
  const { stock, request, soldOut } = await shelf(5);
  const endOf = async () => (await stock.dump()).holds[0]?.expires_at_ms;
  await stock.hold(request("a", 1, START_MS + 30 * MINUTE_MS));
  await stock.extend(request("a", 1, START_MS + 40 * MINUTE_MS));
  expect(await endOf()).toBe(START_MS + 40 * MINUTE_MS);
  await stock.extend(request("a", 1, START_MS + 10 * MINUTE_MS));
  expect(await endOf()).toBe(START_MS + 40 * MINUTE_MS);
  expect(await stock.extend(request("never-held"))).toEqual(soldOut(4));
});

test("a change of quantity takes or gives the difference, once per generation", async () => {
  const { stock, request, levels } = await shelf(5);
  await stock.hold(request("a", 2));
  const grown = { ...request("a", 4), generation: 2 };
  expect(await stock.resize(grown)).toEqual(ACCEPTED);
  expect(await stock.resize(grown)).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 1, held: 4, allocated: 0 });
  expect(await stock.resize({ ...request("a", 1), generation: 3 })).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 4, held: 1, allocated: 0 });
});

test("a change to more than there is is refused, and the hold stays as it was", async () => {
  const { stock, request, levels, soldOut } = await shelf(5);
  await stock.hold(request("a", 2));
  expect(await stock.resize({ ...request("a", 6), generation: 2 })).toEqual(soldOut(3));
  expect(await levels()).toEqual({ available: 3, held: 2, allocated: 0 });
});

test("a change that a later one overtook is refused, and so is one of sold pieces", async () => {
  const { stock, request, paid, levels, soldOut } = await shelf(5);
  await stock.resize({ ...request("a", 0), generation: 3 }); // the undo came first
  expect(await stock.resize({ ...request("a", 2), generation: 2 })).toEqual(soldOut(5));
  expect(await stock.resize({ ...request("a", 2), generation: 4 })).toEqual(ACCEPTED);
  await stock.allocate(paid("a"));
  expect(await stock.resize({ ...request("a", 1), generation: 5 })).toEqual(soldOut(3));
  expect(await levels()).toEqual({ available: 3, held: 0, allocated: 2 });
});

test("the backstop takes a forgotten hold back, five minutes after its end", async () => {
  const { stock, request, levels, alarmAtMs } = await shelf(5);
  await stock.hold(request("a", 2, START_MS + MINUTE_MS));
  expect(await alarmAtMs()).toBe(START_MS + MINUTE_MS + GRACE_MS);

  vi.setSystemTime(START_MS + MINUTE_MS + GRACE_MS - 1);
  await runDurableObjectAlarm(stock);
  expect(await levels()).toEqual({ available: 3, held: 2, allocated: 0 });
  expect(await alarmAtMs()).toBe(START_MS + MINUTE_MS + GRACE_MS); // it rang early and was set again

  vi.setSystemTime(START_MS + MINUTE_MS + GRACE_MS);
  await runDurableObjectAlarm(stock);
  expect(await levels()).toEqual({ available: 5, held: 0, allocated: 0 });
  expect((await stock.dump()).holds).toMatchObject([{ state: "expired", quantity: 2 }]);
});

test("sold pieces have no backstop", async () => {
  const { stock, request, paid, levels } = await shelf(5);
  await stock.hold(request("a", 2, START_MS + MINUTE_MS));
  await stock.allocate(paid("a"));
  vi.setSystemTime(START_MS + 400 * DAY_MS);
  await runDurableObjectAlarm(stock);
  expect(await levels()).toEqual({ available: 3, held: 0, allocated: 2 });
});

test("after the backstop an allocation takes the pieces again, or is refused when they are gone", async () => {
  const { stock, request, paid, levels, soldOut } = await shelf(3);
  await stock.hold(request("a", 2, START_MS));
  await stock.hold(request("b", 1, START_MS));
  vi.setSystemTime(START_MS + GRACE_MS);
  await runDurableObjectAlarm(stock);

  expect(await stock.allocate(paid("b"))).toEqual(ACCEPTED);
  await stock.hold(request("c", 1, START_MS + DAY_MS));
  expect(await stock.allocate(paid("a"))).toEqual(soldOut(1));
  expect(await levels()).toEqual({ available: 1, held: 1, allocated: 1 });
});

test("after the backstop an extension takes the pieces again, or is refused", async () => {
  const { stock, request, levels, soldOut } = await shelf(2);
  await stock.hold(request("a", 2, START_MS));
  vi.setSystemTime(START_MS + GRACE_MS);
  await runDurableObjectAlarm(stock);

  expect(await stock.extend(request("a", 2, START_MS + DAY_MS))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 0, held: 2, allocated: 0 });
  vi.setSystemTime(START_MS + 2 * DAY_MS);
  await runDurableObjectAlarm(stock);
  await stock.hold(request("b", 1, START_MS + 3 * DAY_MS));
  expect(await stock.extend(request("a", 2, START_MS + 3 * DAY_MS))).toEqual(soldOut(1));
});

test("a shopper is not told sold out because of a hold that is overdue", async () => {
  const { stock, request, levels } = await shelf(1);
  await stock.hold(request("a", 1, START_MS));
  vi.setSystemTime(START_MS + GRACE_MS);
  expect(await stock.hold(request("b", 1, START_MS + DAY_MS))).toEqual(ACCEPTED);
  expect(await levels()).toEqual({ available: 0, held: 1, allocated: 0 });
});

test("a restart never postpones the alarm, and a later hold never does", async () => {
  const { stock, request, alarmAtMs, levels } = await shelf(5);
  await stock.hold(request("a", 1, START_MS + MINUTE_MS));
  const dueAtMs = START_MS + MINUTE_MS + GRACE_MS;
  await evictDurableObject(stock);
  expect(await alarmAtMs()).toBe(dueAtMs);
  await stock.hold(request("b", 1, START_MS + 60 * MINUTE_MS));
  expect(await alarmAtMs()).toBe(dueAtMs);
  await stock.hold(request("c", 1, START_MS));
  expect(await alarmAtMs()).toBe(START_MS + GRACE_MS);

  await evictDurableObject(stock);
  vi.setSystemTime(dueAtMs);
  await runDurableObjectAlarm(stock);
  expect(await levels()).toEqual({ available: 4, held: 1, allocated: 0 });
});

test("dead holds and tombstones are forgotten after a day, and the alarm then rests", async () => {
  const { stock, request, released, alarmAtMs } = await shelf(5);
  const rows = () =>
    runInDurableObject(stock, (_object, { storage }) =>
      storage.sql.exec("SELECT hold_key FROM holds").toArray(),
    );
  await stock.release(released("tombstone"));
  await stock.hold(request("a"));
  await stock.release(released("a"));
  vi.setSystemTime(START_MS + DAY_MS - 1);
  await runDurableObjectAlarm(stock);
  expect(await rows()).toHaveLength(2);
  vi.setSystemTime(START_MS + DAY_MS);
  await runDurableObjectAlarm(stock);
  expect(await rows()).toEqual([]);
  expect(await alarmAtMs()).toBeNull();
});

test("more overdue holds than one alarm takes are taken by the next ones", async () => {
  const { stock, request, levels } = await shelf(600);
  await Promise.all(
    Array.from({ length: 600 }, (_, at) => stock.hold(request(`h${at}`, 1, START_MS))),
  );
  vi.setSystemTime(START_MS + GRACE_MS);
  await runDurableObjectAlarm(stock);
  expect(await levels()).toEqual({ available: 500, held: 100, allocated: 0 });
  expect(await runDurableObjectAlarm(stock)).toBe(true);
  expect(await levels()).toEqual({ available: 600, held: 0, allocated: 0 });
});

test("of eight hundred shoppers who race for five hundred pieces, five hundred get one", async () => {
  const { stock, request, paid, levels } = await shelf(500);
  const answers = await Promise.all(
    Array.from({ length: 800 }, (_, at) => stock.hold(request(`r${at}`))),
  );
  const winners = answers.flatMap((answer, at) => ("ok" in answer ? [`r${at}`] : []));
  expect(winners).toHaveLength(500);
  expect(await levels()).toEqual({ available: 0, held: 500, allocated: 0 });

  await Promise.all(winners.map((key) => stock.allocate(paid(key))));
  expect(await levels()).toEqual({ available: 0, held: 0, allocated: 500 });
});

test("what the tables must never hold cannot be written, and a failed call leaves nothing", async () => {
  const { stock, request, levels } = await shelf(5);
  await stock.hold(request("a", 2));
  await expect(
    runInDurableObject(stock, (object) => object.hold(request("b", -3))),
  ).rejects.toThrow(/CHECK constraint/);
  expect(await levels()).toEqual({ available: 3, held: 2, allocated: 0 });
  expect(await stock.hold(request("c", 1))).toEqual(ACCEPTED);
});

test("a count corrects the stock, once, but never below what shoppers were promised", async () => {
  const { stock, request, paid, levels } = await shelf(5);
  await stock.hold(request("a", 2));
  await stock.hold(request("b", 1));
  await stock.allocate(paid("b"));

  expect(await stock.correct({ token: "count", quantity: -2 })).toMatchObject({ received: 3 });
  expect(await stock.correct({ token: "count", quantity: -2 })).toMatchObject({ received: 3 });
  expect(await stock.correct({ token: "count", quantity: -1 })).toMatchObject({
    refused: "movement_refused",
  });
  expect(await stock.correct({ token: "recount", quantity: -1 })).toEqual({
    refused: "stock_promised",
    detail: { available: 0, held: 2, allocated: 1, checkouts: [checkoutId] },
  });
  expect(await levels()).toEqual({ available: 0, held: 2, allocated: 1 });
  expect(await stock.correct({ token: "found", quantity: 4 })).toMatchObject({ available: 4 });
});
