import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { D1OrderStore } from "./d1-order-store.ts";
import { countedD1 } from "./testing/counted-d1.ts";
import { letterOf } from "./testing/dead-letters-contract.ts";
import { lifeOf, orderOf } from "./testing/order-fixtures.ts";
import { stubOf } from "./testing/order-stubs-contract.ts";
import { backAt } from "./testing/shop-events-contract.ts";

/**
 * What D1 is asked to do, and counts on its bill: a list a batch, in it a number a statement, the
 * rows that it wrote. All of them may only fall.
 */
function opened() {
  const { d1, counts } = countedD1(env.ORDERS_APAC);
  return { store: new D1OrderStore(d1), batches: counts.batches };
}

const lives = (orders: number) => Array.from({ length: orders }, () => lifeOf(orderOf())).flat();

test("a sale's three events are one batch of two statements and thirteen rows", async () => {
  const { store, batches } = opened();
  await store.apply(lives(1));
  // Each event: its row and its unique (order_id, sequence); the log's counter once. The order: its
  // row, its unique checkout, its places by time, by customer, by status and by fulfilment, which
  // operators search by.
  expect(batches).toEqual([[7, 6]]);
});

test("events of many sales are one batch of two statements, however many they are", async () => {
  const { store, batches } = opened();
  await store.apply(lives(10));
  await store.apply(lives(33));
  expect(batches).toEqual([
    [3 * 10 * 2 + 1, 10 * 6],
    [3 * 33 * 2 + 1, 33 * 6],
  ]);
});

test("events that are there already write no row", async () => {
  const { store, batches } = opened();
  const events = lives(2);
  await store.apply(events);
  await store.apply(events);
  expect(batches.slice(1)).toEqual([[0, 0]]);
});

test("an order that moves on writes its row and its places by status and by fulfilment alone", async () => {
  const { store, batches } = opened();
  for (const event of lives(1)) await store.apply([event]);
  // The first has a place by payment as well, which it leaves when it is captured.
  expect(batches).toEqual([
    [3, 7],
    [3, 3],
    [3, 3],
  ]);
});

test("a letter that an event brings along is one statement more", async () => {
  const { store, batches } = opened();
  await store.apply(lives(1), [letterOf(), letterOf()]);
  expect(batches).toEqual([[7, 6, 6]]);
});

test("stubs, letters and shop events are one statement, however many they are", async () => {
  const { store, batches } = opened();
  const stubs = Array.from({ length: 50 }, () => stubOf());
  const { shopId } = orderOf();
  await store.keepStubs(stubs);
  await store.keepStubs(stubs.map((stub) => ({ ...stub, version: 3 })));
  await store.keepDeadLetters([1, 2, 3].map((atMs) => letterOf({ atMs })));
  await store.keepShopEvents([1, 2, 3].map((atMs) => backAt(shopId, atMs)));
  expect(batches).toEqual([[100], [50], [9], [3]]);
});

test("what is too large for one parameter is several statements, still of one batch", async () => {
  const { store, batches } = opened();
  const body = "x".repeat(250_000);
  await store.keepDeadLetters(Array.from({ length: 5 }, () => letterOf({ body })));
  await store.keepDeadLetters([letterOf({ body: "x".repeat(700_000) }), letterOf()]);
  expect(batches).toEqual([
    [6, 6, 3],
    [3, 3],
  ]);
});

test("nothing to write asks the database nothing", async () => {
  const { store, batches } = opened();
  await store.apply([]);
  await store.keepStubs([]);
  await store.keepShopEvents([]);
  await store.keepDeadLetters([]);
  expect(batches).toEqual([]);
});
