import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { lifeOf, orderOf } from "../../orders/testing/order-fixtures.ts";
import { RESEND_AFTER_MS, SECOND_MS } from "../../schema/durations.ts";
import type { OrderEvent } from "../../schema/events.ts";
import { eventually } from "../../test/eventually.ts";
import { consume } from "../../workers/consumers/consume.ts";
import {
  batchOf,
  newSale,
  type Sent,
  stockUp,
  storedOrder,
  withoutQueues,
} from "../checkout/testing/sale.ts";
import { OUTBOX_SCHEMA, Outbox } from "./outbox.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };
const DAY_MS = 86_400_000;

let sent: Sent;
beforeAll(() => stockUp("mug"));
beforeEach(() => {
  sent = withoutQueues();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const outbox = async (sale: ReturnType<typeof newSale>) =>
  (await sale.rows("SELECT sequence FROM outbox ORDER BY sequence")).map(
    ({ sequence }) => sequence,
  );

async function captured() {
  const sale = newSale();
  await sale.create();
  await sale.pay();
  await eventually(
    () => outbox(sale),
    ({ length }) => length === 3,
    SOON,
  );
  await eventually(
    async () => sent.of(sale),
    ({ length }) => length === 3,
    SOON,
  );
  return sale;
}

test("what the queue loses is sent again after a while, until it is applied", async () => {
  const sale = await captured();
  const lost = sent.of(sale);
  sent.forget();
  expect(lost.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);

  vi.setSystemTime(Date.now() + RESEND_AFTER_MS - SECOND_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(sent.of(sale)).toEqual([]);
  vi.setSystemTime(Date.now() + 2 * SECOND_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(sent.of(sale)).toEqual(lost);

  await consume(batchOf(sent.of(sale)), env);
  expect(await outbox(sale)).toEqual([]);
  expect(await storedOrder(sent.of(sale))).toMatchObject({
    version: 3,
    status: "fulfillment_requested",
  });
  sent.forget();
  vi.setSystemTime(Date.now() + DAY_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(sent.of(sale)).toEqual([]);
});

test("a restart sends everything again that is not applied", async () => {
  const sale = await captured();
  const first = sent.of(sale);
  sent.forget();
  await evictDurableObject(sale.stub);
  vi.setSystemTime(Date.now() + RESEND_AFTER_MS + SECOND_MS);
  await runDurableObjectAlarm(sale.stub);
  expect(sent.of(sale)).toEqual(first);
});

test("applied drops exactly the versions it names: a gap between them stays", async () => {
  const sale = await captured();
  await sale.stub.applied([1, 3]);
  expect(await outbox(sale)).toEqual([2]);
  await sale.stub.applied([1, 3, 7]);
  expect(await outbox(sale)).toEqual([2]);
  await sale.stub.applied([]);
  await sale.stub.applied([2]);
  expect(await outbox(sale)).toEqual([]);
});

test("a snapshot is the order as last committed, with what is not applied; without a sale there is none", async () => {
  const sale = await captured();
  const events = sent.of(sale);
  await sale.stub.applied([1, 3]);
  const order = events.at(-1)?.data;
  expect(await sale.stub.snapshot()).toEqual({ order, unapplied: [events[1]] });
  const none = newSale();
  expect(await none.stub.snapshot()).toBeUndefined();
  await none.stub.applied([1]);
  expect(await none.rows("SELECT name FROM sqlite_master WHERE name = 'outbox'")).toEqual([]);
});

/** An outbox alone, in the storage of an object that nobody uses. */
function outboxAlone<R>(work: (outbox: Outbox, life: readonly OrderEvent[]) => R | Promise<R>) {
  return runInDurableObject(newSale().stub, (_object, { storage }) => {
    storage.sql.exec(OUTBOX_SCHEMA);
    return work(new Outbox(storage.sql, { isEmpty: () => false }), lifeOf(orderOf()));
  });
}

const queueInto = (kept: number[][]) => ({
  sendBatch: async (messages: Iterable<MessageSendRequest>) => {
    kept.push([...messages].map(({ body }) => (body as OrderEvent).sequence));
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  },
});

test("an event is sent once while it is young, and what comes after it goes alone", async () => {
  const batches: number[][] = [];
  await outboxAlone(async (outbox, [first, second]) => {
    if (!first || !second) throw new Error("a life has events");
    const queue = queueInto(batches);
    await outbox.relay(queue, 0);
    outbox.insert(first, 1_000);
    await outbox.relay(queue, 1_000);
    outbox.insert(second, 2_000);
    await outbox.relay(queue, 2_000);
    await outbox.relay(queue, 3_000);
  });
  expect(batches).toEqual([[1], [2]]);
});

test("what nobody applies is sent again after a fifth of its age, within ten minutes", async () => {
  const sends = await outboxAlone(async (outbox, [first]) => {
    if (!first) throw new Error("a life has events");
    const queue = queueInto([]);
    outbox.insert(first, 0);
    const seen: { ageMs: number; waitMs: number }[] = [];
    for (let ageMs = 0; ageMs < 7_200_000; ) {
      await outbox.relay(queue, ageMs);
      const waitMs = (outbox.dueAtMs() ?? Number.NaN) - ageMs;
      seen.push({ ageMs, waitMs });
      ageMs += waitMs;
    }
    return seen;
  });
  for (const { ageMs, waitMs } of sends) {
    expect(waitMs).toBe(Math.min(600_000, Math.max(RESEND_AFTER_MS, Math.ceil(ageMs / 5))));
  }
  expect(sends.filter(({ ageMs }) => ageMs < 3_600_000)).toHaveLength(27);
});

test("a queue that takes nothing is tried again, not forgotten", async () => {
  const batches: number[][] = [];
  await outboxAlone(async (outbox, [first]) => {
    if (!first) throw new Error("a life has events");
    outbox.insert(first, 0);
    const broken = { sendBatch: () => Promise.reject(new Error("the queue is away")) };
    await expect(outbox.relay(broken, 0)).rejects.toThrow("away");
    expect(outbox.dueAtMs()).toBe(RESEND_AFTER_MS);
    await outbox.relay(queueInto(batches), RESEND_AFTER_MS);
    outbox.applied([1]);
    expect(outbox.dueAtMs()).toBeUndefined();
  });
  expect(batches).toEqual([[1]]);
});

test("one sequence is written once: a second event under it is a bug", async () => {
  await outboxAlone((outbox, [first]) => {
    if (!first) throw new Error("a life has events");
    outbox.insert(first, 0);
    expect(() => outbox.insert(first, 0)).toThrow(/UNIQUE/);
  });
});
