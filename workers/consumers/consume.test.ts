import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { D1OrderStore } from "../../orders/d1-order-store.ts";
import { letterIdOf } from "../../orders/dead-letter.ts";
import { demo, lifeOf, orderOf } from "../../orders/testing/order-fixtures.ts";
import { orderEvent } from "../../schema/events.ts";
import type { OrderId } from "../../schema/ids.ts";
import worker from "../index.ts";
import { consume } from "./consume.ts";
import { consumeOrderEvents } from "./order-events.ts";

let messages = 0;

function batchOf(queue: string, bodies: readonly unknown[], attempts = 1) {
  return createMessageBatch(
    queue,
    bodies.map((body) => ({ id: `m${++messages}`, timestamp: new Date(), attempts, body })),
  );
}

/** Delivers a batch as the queue would, and answers what became of its messages. */
async function deliver(queue: string, bodies: readonly unknown[]) {
  return outcomesOf(batchOf(queue, bodies), env);
}

async function outcomesOf(batch: MessageBatch, bindings: Env) {
  const ctx = createExecutionContext();
  await worker.queue(batch, bindings);
  const result = await getQueueResult(batch, ctx);
  return outcomeOf(batch, result.explicitAcks, result.retryMessages);
}

function outcomeOf(
  { messages: sent }: MessageBatch,
  acks: readonly string[],
  retries: readonly { msgId: string }[],
) {
  return sent.map(({ id }) => {
    if (acks.includes(id)) return "acknowledged";
    return retries.some(({ msgId }) => msgId === id) ? "again" : "neither";
  });
}

const store = new D1OrderStore(env.ORDERS_EU);

async function versionsInLog(orderId: OrderId): Promise<readonly number[]> {
  const log = await store.events(demo, { sinceMs: 0, afterOffset: 0, limit: 10_000 });
  return log.filter(({ event }) => event.subject === orderId).map(({ event }) => event.sequence);
}

/** The product's bindings, with one object in place of all. */
function withObject(object: object): Env {
  return { ...env, CHECKOUT: { getByName: () => object } } as unknown as Env;
}

test("an event becomes the order's row and a row of the log", async () => {
  const order = orderOf();
  const [placed] = lifeOf(order);
  expect(await deliver("events-eu", [placed])).toEqual(["acknowledged"]);
  expect(await store.order(demo, order.orderId)).toEqual(placed.data);
  expect(await versionsInLog(order.orderId)).toEqual([1]);
});

test("events that come twice, late and in any order end at the latest version", async () => {
  const order = orderOf();
  const [placed, captured, requested] = lifeOf(order);
  await deliver("events-eu", [requested, placed, requested]);
  expect(await deliver("events-eu", [placed, captured])).toEqual(["acknowledged", "acknowledged"]);
  expect((await store.order(demo, order.orderId))?.version).toBe(3);
  expect((await versionsInLog(order.orderId)).toSorted()).toEqual([1, 2, 3]);
});

test("what is no event of ours goes again alone and ends in the dead letters", async () => {
  const order = orderOf();
  const [placed] = lifeOf(order);
  const withEmail = { ...placed, data: { ...placed.data, email: "ada@example.com" } };
  const outcome = await deliver("events-eu", [{ hello: 1 }, placed, null, withEmail, "text"]);
  expect(outcome).toEqual(["again", "acknowledged", "again", "again", "again"]);
  expect(await versionsInLog(order.orderId)).toEqual([1]);
});

test("an event that the store cannot take goes again alone, and holds no other one up", async () => {
  const good = orderOf();
  const better = orderOf();
  const poison = orderOf({ captured: { amountMinor: 9999, currency: "EUR" } });
  const events = [good, poison, better].map((order) => orderEvent("tender.order.placed.v1", order));
  expect(await deliver("events-eu", events)).toEqual(["acknowledged", "again", "acknowledged"]);
  expect(await store.order(demo, good.orderId)).toBeDefined();
  expect(await store.order(demo, better.orderId)).toBeDefined();
  expect(await store.order(demo, poison.orderId)).toBeUndefined();
});

/** The events of a sale, as the queue has them for the first time. */
const fresh = () => lifeOf(orderOf({ updatedAt: new Date().toISOString() }));

function storeAway() {
  const apply = vi.fn(() => Promise.reject(new Error("D1 is away")));
  const away = new Proxy(store, {
    get: (target, name) => (name === "apply" ? apply : Reflect.get(target, name)),
  });
  return { away, apply };
}

test("a store that is away sends every message again, with a delay, and tells no object", async () => {
  const { away, apply } = storeAway();
  const batch = batchOf("events-eu", fresh());
  const retries = batch.messages.map((message) => vi.spyOn(message, "retry"));
  await consumeOrderEvents(batch, { region: "eu", store: away }, env);
  const result = await getQueueResult(batch, createExecutionContext());
  expect(result.explicitAcks).toEqual([]);
  expect(result.retryMessages).toHaveLength(3);
  for (const retry of retries) expect(retry.mock.calls).toEqual([[{ delaySeconds: 5 }]]);
  expect(apply).toHaveBeenCalledTimes(3); // all at once, and two alone
});

test("a store that is away has each event held for it once: copies that an outbox sent again are let go", async () => {
  const { away } = storeAway();
  const minuteOld = new Date(Date.now() - 60_000).toISOString();
  const copies = lifeOf(orderOf({ updatedAt: minuteOld }));
  const batch = batchOf("events-eu", [...fresh(), ...copies]);
  await consumeOrderEvents(batch, { region: "eu", store: away }, env);
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
  const ids = batch.messages.map(({ id }) => id);
  expect(retryMessages.map(({ msgId }) => msgId)).toEqual(ids.slice(0, 3));
  expect(explicitAcks).toEqual(ids.slice(3));
});

test("an object that cannot be told leaves the event stored and acknowledged", async () => {
  const order = orderOf();
  const [placed] = lifeOf(order);
  const silent = { ...env, RESIDENCY: "nowhere" }; // no object can be placed
  const batch = batchOf("events-eu", [placed]);
  await consume(batch, silent);
  const result = await getQueueResult(batch, createExecutionContext());
  expect(outcomeOf(batch, result.explicitAcks, result.retryMessages)).toEqual(["acknowledged"]);
  expect(await versionsInLog(order.orderId)).toEqual([1]);
});

test("two deliveries of the same events at once write them once", async () => {
  const orders = Array.from({ length: 10 }, () => orderOf());
  const events = orders.flatMap((order) => lifeOf(order));
  const outcomes = await Promise.all([
    deliver("events-eu", events),
    deliver("events-eu", events.toReversed()),
  ]);
  expect(new Set(outcomes.flat())).toEqual(new Set(["acknowledged"]));
  for (const { orderId } of orders) {
    expect((await versionsInLog(orderId)).toSorted()).toEqual([1, 2, 3]);
    expect((await store.order(demo, orderId))?.version).toBe(3);
  }
});

test("each region's queue writes to its own store", async () => {
  const order = orderOf();
  await deliver("events-us", [orderEvent("tender.order.placed.v1", { ...order, region: "us" })]);
  expect(await store.order(demo, order.orderId)).toBeUndefined();
  expect(await new D1OrderStore(env.ORDERS_US).order(demo, order.orderId)).toBeDefined();
});

test("an event of another region is never stored here", async () => {
  const order = orderOf();
  const stray = orderEvent("tender.order.placed.v1", { ...order, region: "us" });
  expect(await deliver("events-eu", [stray])).toEqual(["again"]);
  expect(await store.order(demo, order.orderId)).toBeUndefined();
});

test("an event of a version that nobody knows is a dead letter that says so", async () => {
  const warned = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const order = orderOf();
  const future = { ...lifeOf(order)[0], type: "tender.order.placed.v2" };
  expect(await deliver("events-eu", [future])).toEqual(["again"]);
  await deliver("events-eu-dlq", [future]);
  await deliver("events-eu-dlq", [future]); // sent again by its outbox: the same letter
  warned.mockRestore();
  const letter = await store.deadLetter(demo, letterIdOf("events-eu-dlq", future.id));
  expect(letter).toMatchObject({
    ...{ shopId: demo, reference: order.orderId, state: "open", attempts: 2 },
    cause: "Nobody here knows events of the type tender.order.placed.v2.",
  });
  expect(JSON.parse(letter?.body ?? "")).toEqual(future);
  expect(await versionsInLog(order.orderId)).toEqual([]);
});

test("what fails for the fifth time is kept as a dead letter, and leaves the queue", async () => {
  const warned = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const good = lifeOf(orderOf())[0];
  const poison = orderEvent(
    "tender.order.placed.v1",
    orderOf({ captured: { amountMinor: 9999, currency: "EUR" } }),
  );
  const future = { ...lifeOf(orderOf())[0], type: "tender.order.placed.v2" };
  const batch = batchOf("events-eu", [poison, good, future], 5);
  expect(await outcomesOf(batch, env)).toEqual(["acknowledged", "acknowledged", "acknowledged"]);
  warned.mockRestore();
  for (const { id } of [poison, future]) {
    const letter = await store.deadLetter(demo, letterIdOf("events-eu-dlq", id));
    expect(letter).toMatchObject({ queue: "events-eu-dlq", attempts: 5, state: "open" });
  }
  expect(await store.deadLetter(demo, letterIdOf("events-eu-dlq", good.id))).toBeUndefined();
});

test("a store that is away for long makes no dead letter: the queue holds the messages for it", async () => {
  const warned = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const ORDERS_EU = new Proxy(env.ORDERS_EU, {
    get: () => () => {
      throw new Error("D1 is away");
    },
  });
  const life = fresh();
  const away = batchOf("events-eu", [...life, { hello: 1 }], 50);
  expect(new Set(await outcomesOf(away, { ...env, ORDERS_EU }))).toEqual(new Set(["again"]));
  warned.mockRestore();
  expect(await deliver("events-eu", life)).toEqual(Array(3).fill("acknowledged"));
  expect(await store.deadLetters(demo, { limit: 100 })).not.toContainEqual(
    expect.objectContaining({ reference: life[0].subject }),
  );
});

test("an event that the store cannot take is a dead letter with the store's reason", async () => {
  const warned = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const order = orderOf({ captured: { amountMinor: 9999, currency: "EUR" } });
  const event = orderEvent("tender.order.placed.v1", order);
  await deliver("events-eu-dlq", [event]);
  warned.mockRestore();
  const letter = await store.deadLetter(demo, letterIdOf("events-eu-dlq", event.id));
  expect(letter?.cause).toMatch(/CHECK constraint failed: captured_minor/);
});

test("an event that is given up on while the store was away is stored, and no dead letter", async () => {
  const order = orderOf();
  const [placed] = lifeOf(order);
  await deliver("events-eu-dlq", [placed]);
  expect(await versionsInLog(order.orderId)).toEqual([1]);
  expect(await store.deadLetter(demo, letterIdOf("events-eu-dlq", placed.id))).toBeUndefined();
});

test("a capture that failed for good is a dead letter in the batch of its event, once", async () => {
  const order = orderOf({ payment: "capture_failed", status: "capture_failed" });
  const failed = orderEvent("tender.order.capture_failed.v1", order);
  await deliver("events-eu", [failed, failed]);
  await deliver("events-eu", [failed]);
  const letterId = letterIdOf("payment-capture-failed", failed.id);
  expect(await store.deadLetter(demo, letterId)).toMatchObject({
    ...{ queue: "payment-capture-failed", reference: order.orderId, attempts: 1, state: "open" },
    firstAtMs: Date.parse(failed.time),
  });
});

test("an event that is missing in the log comes from its object, at once and as it was", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const order = orderOf();
  const [placed, captured, requested] = lifeOf(order);
  const applied: number[] = [];
  const unapplied = [placed, captured];
  const object = {
    applied: async (versions: readonly number[]) => void applied.push(...versions),
    snapshot: async () => ({ order: requested.data, unapplied }),
  };
  await consume(batchOf("events-eu", [requested]), withObject(object));
  warned.mockRestore();
  expect((await versionsInLog(order.orderId)).toSorted()).toEqual([1, 2, 3]);
  expect(applied.toSorted()).toEqual([1, 2, 3]);
  expect(await store.order(demo, order.orderId)).toEqual(requested.data);
});

test("an event that not even its object has any more is a dead letter, not an invention", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const order = orderOf();
  const [placed, , requested] = lifeOf(order);
  const object = {
    applied: async () => undefined,
    snapshot: async () => ({ order: requested.data, unapplied: [] }),
  };
  await consume(batchOf("events-eu", [placed, requested]), withObject(object));
  warned.mockRestore();
  expect(await versionsInLog(order.orderId)).toEqual([1, 3]);
  const letter = await store.deadLetter(demo, letterIdOf("log-gap", `${order.orderId}/2`));
  expect(letter).toMatchObject({ queue: "log-gap", reference: order.orderId, state: "open" });
});

test("dead letters are kept as they came, once", async () => {
  const warned = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const batch = batchOf("events-sam-dlq", [{ hello: 1 }, undefined, "text"]);
  await consume(batch, env);
  await consume(batch, env);
  warned.mockRestore();
  const { results } = await env.ORDERS_SAM.prepare(
    "SELECT queue, body, shop_id, cause FROM dead_letters ORDER BY letter_id",
  ).all();
  const kept = { queue: "events-sam-dlq", shop_id: "" };
  const issues =
    "specversion: invalid_value; id: invalid_type; source: invalid_type; type: invalid_value; " +
    "subject: invalid_type";
  expect(results).toEqual([
    { ...kept, body: '{"hello":1}', cause: `Not an order event: ${issues}.` },
    { ...kept, body: "null", cause: "Not an order event: invalid_type." },
    { ...kept, body: '"text"', cause: "Not an order event: invalid_type." },
  ]);
});

test("dead letters that cannot be kept come back", async () => {
  const ORDERS_EU = new Proxy(env.ORDERS_EU, {
    get: () => () => {
      throw new Error("D1 is away");
    },
  });
  const batch = batchOf("events-eu-dlq", [{ hello: 1 }]);
  await expect(consume(batch, { ...env, ORDERS_EU })).rejects.toThrow();
});

test("a queue that nobody consumes is a bug, never a default", async () => {
  for (const queue of ["events-xx", "events-", "events-eu-dead", "other", "events-eu-dlq-dlq"]) {
    await expect(consume(batchOf(queue, [{}]), env), queue).rejects.toThrow(/queue of a region/);
  }
});
