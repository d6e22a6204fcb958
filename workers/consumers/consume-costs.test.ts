import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { D1OrderStore } from "../../orders/d1-order-store.ts";
import { countedD1 } from "../../orders/testing/counted-d1.ts";
import { lifeOf, orderOf } from "../../orders/testing/order-fixtures.ts";
import { consumeOrderEvents } from "./order-events.ts";

/** What a batch of the queue asks of D1, in batches, rows per statement, and reads. They may only fall. */
async function askedFor(...batches: readonly (readonly unknown[])[]) {
  const { d1, counts } = countedD1(env.ORDERS_EU);
  const home = { region: "eu", store: new D1OrderStore(d1) } as const;
  for (const bodies of batches) {
    const messages = bodies.map((body) => ({
      ...{ id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body },
    }));
    await consumeOrderEvents(createMessageBatch("events-eu", messages), home, silent);
  }
  return counts;
}

/** Its objects and feeds say nothing. */
const silent = {
  ...env,
  CHECKOUT: { getByName: () => ({ applied: async () => undefined }) },
  FEED: { getByName: () => ({ wake: async () => undefined }) },
} as unknown as Env;

test("whole sales in one batch of the queue ask D1 once, however many they are", async () => {
  expect(await askedFor(lifeOf(orderOf()))).toEqual({ batches: [[7, 6]], reads: 0 });
  const ten = Array.from({ length: 10 }, () => lifeOf(orderOf())).flat();
  expect(await askedFor(ten)).toEqual({ batches: [[61, 60]], reads: 0 });
});

test("a sale whose events come in two batches of the queue costs one batch of D1 more, and a read", async () => {
  const [placed, captured, requested] = lifeOf(orderOf());
  expect(await askedFor([placed], [captured, requested])).toEqual({
    batches: [
      [3, 7],
      [5, 3],
    ],
    reads: 1, // whether the log lacks what came before
  });
});
