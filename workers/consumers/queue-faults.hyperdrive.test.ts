import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { D1OrderStore } from "../../orders/d1.ts";
import type { OrderStore } from "../../orders/order-store.ts";
import { PostgresOrderStore } from "../../orders/postgres.ts";
import { lifeOf, orderOf } from "../../orders/test-orders.ts";
import type { OrderEvent } from "../../schema/events.ts";
import { ShopId } from "../../schema/ids.ts";
import { seeded } from "../../test/kills/seeded.ts";
import { consumeOrderEvents } from "./order-events.ts";

const env = bindings as Env & { POSTGRES_US: Hyperdrive; MESSAGES: string };
const MESSAGES = Number(env.MESSAGES);
const BATCH = 50; // as wrangler.toml has it
const FAULTY_ROUNDS = 6;
const HEALTHY_ROUNDS = 2; // what is left is sent once more, and what that one fails alone is retried
const SEED = 20261125;
const PER_MESSAGE_MS = 60; // a bound for a busy machine, not a measure

beforeAll(() => {
  // Thousands of faults are wanted here; each says so.
  for (const level of ["error", "warn"] as const) {
    vi.spyOn(console, level).mockImplementation(() => undefined);
  }
});
afterAll(() => vi.restoreAllMocks());

/** What the objects of many sales do: keep each event until they hear that it is stored. */
class Outboxes {
  readonly #pending = new Map<string, Map<number, OrderEvent>>();

  constructor(events: readonly OrderEvent[]) {
    for (const event of events) {
      const ofSale = this.#pending.get(event.data.checkoutId) ?? new Map();
      this.#pending.set(event.data.checkoutId, ofSale.set(event.sequence, event));
    }
  }

  unapplied(): readonly OrderEvent[] {
    return [...this.#pending.values()].flatMap((ofSale) => [...ofSale.values()]);
  }

  /** In place of the objects' namespace. */
  namespace() {
    return { getByName: (name: string) => this.#object(name.split("/").at(-1) ?? "") };
  }

  #object(checkoutId: string) {
    const ofSale = this.#pending.get(checkoutId);
    return {
      applied: async (versions: readonly number[]) => {
        for (const version of versions) ofSale?.delete(version);
      },
      snapshot: async () => ofSale && { unapplied: [...ofSale.values()] },
    };
  }
}

type Faults = { dropped: number; doubled: number; delayed: number; storeFailed: number };

/** A queue that drops, doubles and delays, and shuffles what is left. */
class FaultyQueue {
  readonly faults: Faults = { dropped: 0, doubled: 0, delayed: 0, storeFailed: 0 };
  readonly #chance: () => number;
  readonly #late: OrderEvent[] = [];
  #ids = 0;

  constructor(chance: () => number) {
    this.#chance = chance;
  }

  /** What of it arrives now, batch by batch. */
  *deliver(sent: readonly OrderEvent[], isFaulty: boolean) {
    const late = this.#late.splice(0);
    const arriving = [...late, ...sent.flatMap((event) => this.#fateOf(event, isFaulty))];
    const order = arriving.map((event) => ({ event, at: this.#chance() }));
    const shuffled = order.toSorted((a, b) => a.at - b.at).map(({ event }) => event);
    for (let from = 0; from < shuffled.length; from += BATCH) {
      yield createMessageBatch(
        "events-us",
        shuffled.slice(from, from + BATCH).map((body) => {
          return { id: `m${++this.#ids}`, timestamp: new Date(), attempts: 1, body };
        }),
      );
    }
  }

  late(event: OrderEvent): void {
    this.#late.push(event);
  }

  #fateOf(event: OrderEvent, isFaulty: boolean): readonly OrderEvent[] {
    if (!isFaulty) return [event];
    const fate = this.#chance();
    if (fate < 0.3) return this.#count("dropped", []);
    if (fate < 0.5) return this.#count("doubled", [event, event]);
    if (fate > 0.7) return [event];
    this.#late.push(event);
    return this.#count("delayed", []);
  }

  #count(fault: keyof Faults, events: readonly OrderEvent[]): readonly OrderEvent[] {
    this.faults[fault] += 1;
    return events;
  }
}

/** A store that fails one call in four: half of them after it has written everything. */
function failing(store: OrderStore, chance: () => number, faults: Faults): OrderStore {
  const apply: OrderStore["apply"] = async (...args) => {
    const fate = chance();
    if (fate < 0.25) faults.storeFailed += 1;
    if (fate < 0.125) throw new Error("the store is away");
    await store.apply(...args);
    if (fate < 0.25) throw new Error("the answer was lost");
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "apply") return apply;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const stores = {
  D1: () => new D1OrderStore(env.ORDERS_US),
  Postgres: () => new PostgresOrderStore(env.POSTGRES_US.connectionString),
};

test.for(Object.entries<() => OrderStore>(stores))(
  "queues that drop, double, reorder and delay, before a failing %s, lose nothing",
  { timeout: 60_000 + MESSAGES * PER_MESSAGE_MS },
  async ([name, open], { task }) => {
    const shopId = ShopId.parse("faulty-queues");
    const store = open();
    const start = await store.head();
    const orders = Array.from({ length: Math.ceil(MESSAGES / 3) }, () =>
      orderOf({ shopId, region: "us" }),
    );
    const outboxes = new Outboxes(orders.flatMap((order) => lifeOf(order)));
    const chance = seeded(SEED);
    const queue = new FaultyQueue(chance);
    const flaky = failing(store, chance, queue.faults);
    const world = { ...env, CHECKOUT: outboxes.namespace() } as unknown as Env;

    let rounds = 0;
    for (; outboxes.unapplied().length > 0 && rounds < FAULTY_ROUNDS + HEALTHY_ROUNDS; rounds++) {
      const isFaulty = rounds < FAULTY_ROUNDS;
      const used = isFaulty ? flaky : store;
      for (const batch of queue.deliver(outboxes.unapplied(), isFaulty)) {
        await consumeOrderEvents(batch, { region: "us", store: used }, world);
        const { retryMessages } = await getQueueResult(batch, createExecutionContext());
        const again = new Set(retryMessages.map(({ msgId }) => msgId));
        for (const { id, body } of batch.messages) {
          if (again.has(id)) queue.late(body as OrderEvent);
        }
      }
    }

    Object.assign(task.meta, { store: name, seed: SEED, rounds, ...queue.faults });
    expect(outboxes.unapplied()).toEqual([]);
    expect(Math.min(...Object.values(queue.faults))).toBeGreaterThan(0);
    await everyOrderIsWhole(
      store,
      start,
      orders.map(({ orderId }) => orderId),
    );
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
  const shopId = ShopId.parse("faulty-queues");
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
