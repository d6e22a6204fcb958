import { abortAllDurableObjects, createExecutionContext, getQueueResult } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { OrderStore } from "../../orders/order-store.ts";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { lifeOf, newCheckoutId, orderOf } from "../../orders/testing/order-fixtures.ts";
import type { OrderEvent } from "../../schema/events.ts";
import { ShopId } from "../../schema/ids.ts";
import { seeded } from "../../test/kills/seeded.ts";
import { consumeOrderEvents } from "./order-events.ts";
import { FaultyQueue, failing, Outboxes, type Trouble } from "./testing/faulty-queue.ts";
import { feedsOver } from "./testing/feed-effects.ts";

const env = bindings as Env & { MESSAGES: string };
const MESSAGES = Number(env.MESSAGES);
const CONSUMERS = 4; // a queue with a backlog has several at once
/** Round by round. What was all delayed comes beside what was sent again: everything twice, shuffled. */
const FAULTY: readonly Trouble[] = ["drops all", "delays all", "mixed", "mixed", "mixed", "mixed"];
/** What is left is sent once more, and what that one fails alone is retried. */
const HEALTHY: readonly Trouble[] = ["none", "none"];
const SEED = 20261125;
const PER_MESSAGE_MS = 60; // a bound for a busy machine, not a measure
const shopId = ShopId.parse("faulty-queues");

beforeAll(() => {
  // Thousands of faults are wanted here; each says so.
  for (const level of ["error", "warn"] as const) {
    vi.spyOn(console, level).mockImplementation(() => undefined);
  }
});
afterAll(() => vi.restoreAllMocks());

/** The regions whose orders stand there, as vitest.config.ts has it. */
const stores = { D1: "eu", Postgres: "us" } as const;

test.for(Object.entries(stores))(
  "queues that drop, double, reorder and delay, before a failing %s, lose nothing, and each feed does each thing once",
  { timeout: 60_000 + MESSAGES * PER_MESSAGE_MS },
  async ([name, region], { task }) => {
    const store = orderStoreOf(env, region);
    const start = await store.head();
    const orders = Array.from({ length: Math.ceil(MESSAGES / 3) }, () =>
      orderOf({ shopId, region, checkoutId: newCheckoutId(region) }),
    );
    const outboxes = new Outboxes(orders.flatMap((order) => lifeOf(order)));
    Object.assign(env, { CHECKOUT: outboxes.namespace() }); // the feeds' as well
    const feeds = await feedsOver(region, shopId);
    const chance = seeded(SEED);
    const queue = new FaultyQueue(`events-${region}`, chance);
    const flaky = failing(store, chance, queue.faults);

    let rounds = 0;
    for (const trouble of [...FAULTY, ...HEALTHY]) {
      if (outboxes.unapplied().length === 0) break;
      rounds += 1;
      const used = trouble === "none" ? store : flaky;
      const batches = queue.deliver(outboxes.unapplied(), trouble);
      await Promise.all(
        Array.from({ length: CONSUMERS }, async () => {
          for (const batch of batches) {
            await consumeOrderEvents(batch, { region, store: used }, env);
            const { retryMessages } = await getQueueResult(batch, createExecutionContext());
            const again = new Set(retryMessages.map(({ msgId }) => msgId));
            for (const { id, body } of batch.messages) {
              if (again.has(id)) queue.late(body as OrderEvent);
            }
          }
        }),
      );
      await abortAllDurableObjects(); // the feeds die between an effect and its offset, too
    }

    Object.assign(task.meta, { store: name, seed: SEED, rounds, ...queue.faults });
    expect(outboxes.unapplied()).toEqual([]);
    expect(Math.min(...Object.values(queue.faults))).toBeGreaterThan(0);
    const orderIds = orders.map(({ orderId }) => orderId);
    await everyOrderIsWhole(store, start, orderIds);
    await feeds.didEachThingOnce(orderIds);
  },
);

/** Each order's row stands at its third event, and the log has each event once, without a hole. */
async function everyOrderIsWhole(store: OrderStore, start: number, orderIds: readonly string[]) {
  const seen = new Map<string, Set<number>>();
  let after = start;
  for (;;) {
    const page = await store.log({ afterOffset: after, limit: 1000 });
    expect(page.map(({ offset }) => offset)).toEqual(page.map((_, index) => after + index + 1));
    for (const { event } of page) {
      const sequences = seen.get(event.subject) ?? new Set();
      expect(sequences.has(event.sequence)).toBe(false);
      seen.set(event.subject, sequences.add(event.sequence));
    }
    const last = page.at(-1);
    if (!last) break;
    after = last.offset;
  }
  expect(after - start).toBe(orderIds.length * 3);
  expect([...seen.keys()].toSorted()).toEqual(orderIds.toSorted());
  let place: { createdAtMs: number; orderId: string } | undefined;
  let rows = 0;
  for (;;) {
    const page = await store.orders(shopId, { sinceMs: 0, after: place, limit: 1000 });
    for (const { version } of page) expect(version).toBe(3);
    rows += page.length;
    const last = page.at(-1);
    if (!last) break;
    place = { createdAtMs: Date.parse(last.createdAt), orderId: last.orderId };
  }
  expect(rows).toBe(orderIds.length);
  expect(await store.deadLetters(shopId, { queue: "log-gap", limit: 10 })).toEqual([]);
}
