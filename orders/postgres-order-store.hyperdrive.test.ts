import { env as bindings } from "cloudflare:workers";
import { expect, test } from "vitest";
import { PostgresOrderStore } from "./postgres-order-store.ts";
import { orderStoreOf } from "./region-order-store.ts";
import { letterOf } from "./testing/dead-letters-contract.ts";
import { demo, lifeOf, orderOf } from "./testing/order-fixtures.ts";
import { orderStoreKeepsItsPromises } from "./testing/order-store-contract.ts";
import { stubOf } from "./testing/order-stubs-contract.ts";
import { askedDuring } from "./testing/recorded-postgres.ts";
import { backAt } from "./testing/shop-events-contract.ts";

/** What vitest.config.ts adds to the product's bindings, for this project. */
const env = bindings as Env & { POSTGRES_EU: Hyperdrive; POSTGRES_US: Hyperdrive };

orderStoreKeepsItsPromises(() => new PostgresOrderStore(env.POSTGRES_EU.connectionString));

test("a region's orders stand where its variable says, and nowhere else", async () => {
  const order = orderOf();
  const mixed = { ...env, ORDER_STORE_EU: "postgres", ORDER_STORE_US: "postgres" };
  await orderStoreOf(mixed, "eu").apply([lifeOf(order)[0]]);
  expect(await orderStoreOf(mixed, "eu").order(demo, order.orderId)).toBeDefined();
  expect(await orderStoreOf(mixed, "us").order(demo, order.orderId)).toBeUndefined();
  expect(await orderStoreOf(env, "eu").order(demo, order.orderId)).toBeUndefined(); // D1
});

test("however many rows they write, calls of Postgres are as many, and of the same text", async () => {
  const store = new PostgresOrderStore(env.POSTGRES_EU.connectionString);
  const textsOf = async (work: () => Promise<void>) =>
    (await askedDuring(work)).map(({ text }) => text);
  const lives = (orders: number) => Array.from({ length: orders }, () => lifeOf(orderOf())).flat();

  const one = await textsOf(() => store.apply(lives(1)));
  expect(await textsOf(() => store.apply(lives(33)))).toEqual(one);
  const first = one.map((text) => text.trim().split(/\s+/).slice(0, 2).join(" "));
  // The limits of its locks, the log's head locked, the log with its head, the orders.
  expect(first).toEqual([
    ...["BEGIN", "SELECT set_config('lock_timeout',"],
    ...["SELECT last_offset", "WITH appended", "INSERT INTO", "COMMIT"],
  ]);
  expect(await textsOf(() => store.apply(lives(1), [letterOf()]))).toHaveLength(one.length + 1);

  const stubs = Array.from({ length: 50 }, () => stubOf());
  expect(await textsOf(() => store.keepStubs(stubs))).toHaveLength(1);
  const letters = Array.from({ length: 50 }, () => letterOf());
  expect(await textsOf(() => store.keepDeadLetters(letters))).toHaveLength(1);
  const told = [1, 2, 3].map((atMs) => backAt(demo, atMs));
  expect(await textsOf(() => store.keepShopEvents(told))).toHaveLength(1);
});
