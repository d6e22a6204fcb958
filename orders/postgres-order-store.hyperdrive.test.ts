import { env as bindings } from "cloudflare:workers";
import { expect, test } from "vitest";
import { PostgresOrderStore } from "./postgres-order-store.ts";
import { orderStoreOf } from "./region-order-store.ts";
import { demo, lifeOf, orderOf } from "./testing/order-fixtures.ts";
import { orderStoreKeepsItsPromises } from "./testing/order-store-contract.ts";

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
