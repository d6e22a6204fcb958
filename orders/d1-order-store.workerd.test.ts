import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { orderEvent } from "../schema/events.ts";
import { D1OrderStore } from "./d1-order-store.ts";
import { orderStoreOf } from "./region-order-store.ts";
import { demo, lifeOf, orderOf } from "./testing/order-fixtures.ts";
import { orderStoreKeepsItsPromises } from "./testing/order-store-contract.ts";

orderStoreKeepsItsPromises(() => new D1OrderStore(env.ORDERS_EU));

test("each region has a store of its own", async () => {
  const order = orderOf();
  await orderStoreOf(env, "eu").apply([lifeOf(order)[0]]);
  expect(await orderStoreOf(env, "eu").order(demo, order.orderId)).toBeDefined();
  for (const region of ["us", "apac", "sam"] as const) {
    expect(await orderStoreOf(env, region).order(demo, order.orderId)).toBeUndefined();
  }
});

test("a store of an unknown kind, or one that is not bound, is an error and never the default", () => {
  for (const kind of ["", "D1", "mysql"]) {
    expect(() => orderStoreOf({ ...env, ORDER_STORE_EU: kind }, "eu")).toThrow(
      /"d1" or "postgres"/,
    );
  }
  const { ORDER_STORE_EU: _, ...unsaid } = env;
  expect(() => orderStoreOf(unsaid, "eu")).toThrow(/"d1" or "postgres"/);
  const unbound = { ...env, ORDER_STORE_EU: "postgres" };
  expect(() => orderStoreOf(unbound, "eu")).toThrow(/POSTGRES_EU is bound/);
  expect(() => orderStoreOf(unbound, "us")).not.toThrow();
});

test("a read that is given a bookmark is not older than what it was of", async () => {
  const writer = orderStoreOf(env, "eu", "first-primary");
  const order = orderOf();
  await writer.apply([lifeOf(order)[0]]);
  const bookmark = writer.bookmark();
  expect(bookmark).toBeDefined();
  const reader = orderStoreOf(env, "eu", bookmark);
  expect(await reader.order(demo, order.orderId)).toEqual(order);
  expect((reader.bookmark() ?? "") >= (bookmark ?? "")).toBe(true);
});

test("the tables themselves refuse a second event of one sequence and an offset used again", async () => {
  const store = new D1OrderStore(env.ORDERS_SAM);
  const order = orderOf();
  await store.apply(lifeOf(order));
  const again = env.ORDERS_SAM.prepare(
    "INSERT INTO events (order_id, sequence, shop_id, type, at_ms, envelope) VALUES (?, 2, 'demo', 't', 0, '{}')",
  ).bind(order.orderId);
  await expect(again.run()).rejects.toThrow(/UNIQUE/);

  await env.ORDERS_SAM.prepare("DELETE FROM events WHERE sequence = 3").run();
  await store.apply([orderEvent("tender.order.placed.v1", orderOf())]);
  const log = await store.events(demo, { sinceMs: 0, afterOffset: 0, limit: 10 });
  expect(log.at(-1)?.offset).toBeGreaterThan(3); // a feed's cursor never meets an old offset again
});
