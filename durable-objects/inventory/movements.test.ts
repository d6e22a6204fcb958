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

test("a count of what stands in the house corrects by the difference, once", async () => {
  const { stock, request, paid, levels } = await shelf(5);
  await stock.hold(request("a", 2));
  await stock.allocate(paid("a"));
  await stock.ship({ key: "a", token: "parcel", quantity: 2 });

  expect(await stock.count({ token: "take-1", counted: 4 })).toMatchObject({
    received: 6,
    gone: 2,
  });
  expect(await stock.count({ token: "take-1", counted: 4 })).toMatchObject({ received: 6 });
  expect(await stock.count({ token: "take-2", counted: 4 })).toMatchObject({ received: 6 });
  expect(await levels()).toEqual({ available: 4, held: 0, allocated: 0 });
});

test("sold pieces leave the house in parcels, each once, and no more than were sold", async () => {
  const { stock, request, paid, levels } = await shelf(5);
  await stock.hold(request("a", 3));
  expect(await stock.ship({ key: "a", token: "early", quantity: 1 })).toMatchObject({
    refused: "not_enough_stock",
  });
  await stock.allocate(paid("a"));

  expect(await stock.ship({ key: "a", token: "p1", quantity: 2 })).toEqual(ACCEPTED);
  expect(await stock.ship({ key: "a", token: "p1", quantity: 2 })).toEqual(ACCEPTED);
  expect(await stock.ship({ key: "a", token: "p1", quantity: 1 })).toMatchObject({
    refused: "movement_refused",
  });
  expect(await stock.ship({ key: "a", token: "p2", quantity: 2 })).toEqual({
    refused: "not_enough_stock",
    detail: { quantity: 2, left: 1 },
  });
  expect(await stock.levels()).toMatchObject({ available: 2, allocated: 1, gone: 2 });

  // A cancel brings back what is still in the house.
  await stock.restock({ token: "t1", key: "a" });
  await stock.restock({ token: "t1", key: "a" });
  expect(await stock.levels()).toMatchObject({ available: 3, allocated: 0, gone: 2 });
  expect(await levels()).toMatchObject({ held: 0 });
  expect(await stock.ship({ key: "a", token: "p3", quantity: 1 })).toMatchObject({
    refused: "not_enough_stock",
  });
});

test("a parcel that could not leave is back in the house once, and a late call does not send it", async () => {
  const { stock, request, paid } = await shelf(5);
  await stock.hold(request("a", 3));
  await stock.allocate(paid("a"));
  await stock.ship({ key: "a", token: "p1", quantity: 2 });
  await stock.unship({ key: "a", token: "p2" }); // before its `ship` arrives

  for (const _again of [1, 2]) {
    expect(await stock.unship({ key: "a", token: "p1" })).toEqual(ACCEPTED);
    expect(await stock.levels()).toMatchObject({ available: 2, allocated: 3, gone: 0 });
  }
  for (const token of ["p1", "p2"]) {
    expect(await stock.ship({ key: "a", token, quantity: 2 })).toMatchObject({
      refused: "not_enough_stock",
    });
    expect(await stock.ship({ key: "a", token, quantity: 2, part: "any" })).toMatchObject({
      taken: 0,
    });
  }
  expect(await stock.ship({ key: "a", token: "p3", quantity: 3 })).toEqual(ACCEPTED);
  expect(await stock.unship({ key: "unknown", token: "p1" })).toEqual(ACCEPTED);
  const { levels, movements } = await stock.book();
  expect(levels).toMatchObject({ allocated: 0, gone: 3 });
  expect(movements).toMatchObject({ allocated: 0, gone: 3 });
});

test("some sold pieces go back on the shelf, out of the house or from the shopper, each once", async () => {
  const { stock, request, paid } = await shelf(9);
  await stock.hold(request("a", 5));
  await stock.allocate(paid("a"));
  await stock.ship({ key: "a", token: "p1", quantity: 3 });
  const back = (token: string, of: "unsent" | "sent", quantity: number) =>
    stock.restockPieces({ key: "a", token, of, quantity });

  for (const _again of [1, 2]) {
    expect(await back("t1", "unsent", 1)).toEqual(ACCEPTED);
    expect(await back("t1", "sent", 2)).toEqual(ACCEPTED);
    expect(await stock.levels()).toMatchObject({ available: 7, allocated: 1, gone: 1 });
  }
  // What is not there does not come back.
  await back("t2", "unsent", 4);
  await back("t2", "sent", 4);
  expect(await stock.levels()).toMatchObject({ available: 9, allocated: 0, gone: 0 });
  await back("t3", "sent", 1);
  expect(await stock.restockPieces({ key: "none", token: "t", of: "sent", quantity: 1 })).toEqual(
    ACCEPTED,
  );
  const { levels, movements } = await stock.book();
  expect(levels).toMatchObject({ available: 9, allocated: 0, gone: 0 });
  expect(movements).toMatchObject({ held: 0, allocated: 0, gone: 0 });
  expect(await stock.ship({ key: "a", token: "p2", quantity: 1 })).toMatchObject({
    refused: "not_enough_stock",
  });
});

test("pieces that were cancelled do not come back a second time with their order", async () => {
  const { stock, request, paid, levels } = await shelf(5);
  await stock.hold(request("a", 3));
  await stock.allocate(paid("a"));
  const piece = { key: "a", token: "t1", of: "unsent", quantity: 1 } as const;

  await stock.restockPieces(piece);
  await stock.restock({ token: "whole", key: "a" });
  await stock.restockPieces(piece);
  await stock.restockPieces({ ...piece, token: "late" });

  expect(await levels()).toEqual({ available: 5, held: 0, allocated: 0 });
});

test("every move is in the history under a token of its own, and the counters are their sum", async () => {
  const { stock, request, released, paid, sku } = await shelf(9);
  await stock.hold(request("a", 2));
  await stock.resize({ ...request("a", 3), generation: 2 });
  await stock.extend(request("a", 3, START_MS + 60 * MINUTE_MS));
  await stock.allocate(paid("a", 1));
  await stock.unallocate(paid("a", 1));
  await stock.allocate(paid("a", 2));
  await stock.ship({ key: "a", token: "p1", quantity: 1 });
  await stock.restock({ token: "t1", key: "a" });
  await stock.hold(request("b", 1, START_MS));
  await stock.hold(request("c", 1));
  await stock.release(released("c"));
  await stock.correct({ token: "count", quantity: -1 });
  await stock.send({ token: "moved", quantity: 2 });
  vi.setSystemTime(START_MS + GRACE_MS);
  await runDurableObjectAlarm(stock);

  const moves = await stock.movements({ sinceMs: 0, beforeMs: START_MS + DAY_MS, limit: 100 });
  expect(new Set(moves.map(({ token }) => token)).size).toBe(moves.length);
  expect(moves.map(({ token }) => token).toSorted()).toEqual(
    [
      ...["a/hold", "a/resize/2", `a/extend/${START_MS + 60 * MINUTE_MS}/${START_MS}`],
      ...["a/allocate/1", "a/unallocate/1", "a/allocate/2", "a/ship/p1", "a/restock/t1", "t1"],
      ...["b/hold", `b/expire/${START_MS + GRACE_MS}`, "c/hold", "c/release"],
      ...["first", "count", "moved"],
    ].toSorted(),
  );
  const { levels, movements } = await stock.book();
  expect(levels).toEqual({ received: 6, available: 5, held: 0, allocated: 0, gone: 1 });
  expect(movements).toEqual({
    ...{ receipts: 9, corrections: -1, transfersIn: 0, transfersOut: 2 },
    ...{ held: 0, allocated: 0, gone: 1 },
  });
  expect((await stock.hold({ ...request("d", 6), sku })) as object).toMatchObject({
    refused: "out_of_stock",
  });
});

test("a hold that is changed without end keeps a small row, and its sums", async () => {
  const { stock, request } = await shelf(5);
  await stock.hold(request("a", 1));
  for (let generation = 2; generation < 400; generation += 1) {
    await stock.resize({ ...request("a", 1 + (generation % 3)), generation });
  }
  const { history = "" } = (await stock.dump()).holds[0] ?? {};
  expect(history.length).toBeLessThan(20_000);
  const { levels, movements } = await stock.book();
  expect(movements.held).toBe(levels.held);
});

test("tables of an earlier version are brought up to date with what they hold", async () => {
  const { stock, request, levels, paid } = await shelf(0);
  await runInDurableObject(stock, (_object, { storage }) => {
    storage.sql.exec(`
      CREATE TABLE stock (one INTEGER PRIMARY KEY CHECK (one = 1), received INTEGER NOT NULL,
        held INTEGER NOT NULL, allocated INTEGER NOT NULL, gone INTEGER NOT NULL) STRICT;
      CREATE TABLE holds (hold_key TEXT PRIMARY KEY, checkout_id TEXT NOT NULL,
        quantity INTEGER NOT NULL, state TEXT NOT NULL, expires_at_ms INTEGER NOT NULL,
        due_at_ms INTEGER NOT NULL, allocated_by INTEGER NOT NULL DEFAULT 0,
        undone_up_to INTEGER NOT NULL DEFAULT 0, generation INTEGER NOT NULL DEFAULT 1
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE movements (token TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('receipt', 'restock', 'correction')),
        quantity INTEGER NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO stock VALUES (1, 5, 2, 0, 0);
      INSERT INTO movements VALUES ('seed', 'receipt', 5, 0);`);
    const insert = `INSERT INTO holds (hold_key, checkout_id, quantity, state, expires_at_ms,
      due_at_ms) VALUES ('a', ?, 2, 'held', ?, ?)`;
    storage.sql.exec(insert, checkoutId, START_MS + DAY_MS, START_MS + DAY_MS);
  });
  await evictDurableObject(stock);

  expect((await stock.book()).movements).toMatchObject({ receipts: 5, held: 2 });
  expect(await stock.allocate(paid("a"))).toEqual(ACCEPTED);
  expect(await stock.hold(request("b", 3))).toEqual(ACCEPTED);
  await stock.send({ token: "none", quantity: 1 });
  expect(await levels()).toEqual({ available: 0, held: 3, allocated: 2 });
  expect((await stock.book()).movements).toMatchObject({ held: 3, allocated: 2 });
});
