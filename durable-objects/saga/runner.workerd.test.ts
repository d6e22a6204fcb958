import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { eventually } from "../../test/eventually.ts";
import {
  demo,
  merchant,
  newSale,
  openGate,
  stockOf,
  stockUp,
  withoutQueues,
} from "../checkout/testing/sale.ts";
import { checkoutStub } from "../placement.ts";
import { JOURNAL_SCHEMA, Journal } from "./journal.ts";
import { LEASE_SLACK_MS } from "./move.ts";
import { CALL_TIMEOUT_MS } from "./planned-call.ts";
import { actKey, type Run } from "./run.ts";
import { Runner } from "./runner.ts";
import type { Notes } from "./testing/stage.ts";
import { letterSaga, ONE_TRAIN, Outside, RUN, tripSaga } from "./testing/trip.ts";

const NOW_MS = Date.UTC(2027, 0, 1);
const LEASE_MS = CALL_TIMEOUT_MS + LEASE_SLACK_MS; // when an alarm takes a call over
const SOON = { withinMs: 5_000, gapMs: 10 };

beforeAll(() => stockUp("mug"));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A fresh object's own storage, and a journal in it. The class does not matter here. */
function inStorage<R>(name: string, work: (storage: DurableObjectStorage, journal: Journal) => R) {
  return runInDurableObject(env.INVENTORY.getByName(name), (_object, { storage }) => {
    const { sql } = storage;
    const isEmpty = () =>
      sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'runs'").toArray().length === 0;
    const ensureSchema = () => void sql.exec(JOURNAL_SCHEMA);
    return work(storage, new Journal(sql, { isEmpty, ensureSchema }));
  });
}

function runnerIn(storage: DurableObjectStorage, journal: Journal, outside: Outside) {
  const notes: string[] = [];
  const runner = new Runner<Outside, Notes>({
    journal,
    sagas: [tripSaga, letterSaga],
    deps: outside,
    transact: (work) =>
      storage.transactionSync(() => work({ write: (line) => void notes.push(line) })),
    nowMs: () => NOW_MS,
    chance: () => 0,
    report: (_run, problem) => notes.push(String(problem)),
  });
  return { runner, notes };
}

const resting: Run = {
  ...{ runId: RUN, saga: "trip", version: 1, input: ONE_TRAIN, startedAtMs: NOW_MS },
  acts: [{ step: "room", state: "started", attempt: 1, startedAtMs: NOW_MS, attemptAtMs: NOW_MS }],
  events: [{ name: "seat.confirmed", key: "k", payload: { coach: 7 }, atMs: NOW_MS }],
  turned: { because: { refused: "cancelled" }, atMs: NOW_MS },
};

test("a run comes back from real storage as it went in", async () => {
  await inStorage("back", (_storage, journal) => {
    journal.insert(resting, NOW_MS);
    expect(journal.read(RUN)).toEqual(resting);
    const { turned: _turned, ...ended } = { ...resting, ended: "undone" as const };
    journal.update(ended, undefined);
    expect(journal.readAll()).toEqual([ended]);
  });
});

test("runs are due by their time, and changing one does not move it", async () => {
  await inStorage("due", (_storage, journal) => {
    journal.insert({ ...resting, runId: "late" }, NOW_MS + 2);
    journal.insert({ ...resting, runId: "early" }, NOW_MS + 1);
    journal.insert({ ...resting, runId: "never" }, undefined);
    journal.amend({ ...resting, runId: "early", events: [] });

    expect(journal.earliestDueMs()).toBe(NOW_MS + 1);
    expect(journal.dueBefore(NOW_MS)).toEqual([]);
    expect(journal.dueBefore(NOW_MS + 2)).toEqual(["early", "late"]);
    expect(journal.read("early")?.events).toEqual([]);
  });
});

test("a transaction that throws leaves neither run nor table", async () => {
  await inStorage("rollback", (storage, journal) => {
    const broken = () =>
      storage.transactionSync(() => {
        journal.insert(resting, NOW_MS);
        throw new Error("broken");
      });

    expect(broken).toThrow("broken");
    expect([journal.read(RUN), journal.readAll(), journal.dueBefore(NOW_MS)]).toEqual([
      undefined,
      [],
      [],
    ]);
  });
});

test("in a real object the intent is stored before its call leaves", async () => {
  await inStorage("intent", async (storage, journal) => {
    const outside = new Outside();
    const found: unknown[] = [];
    outside.answer("book room", () => void found.push(journal.read(RUN)?.acts.at(-1)));
    const { runner, notes } = runnerIn(storage, journal, outside);

    await runner.start("trip", RUN, ONE_TRAIN);

    expect(found).toMatchObject([{ step: "room", state: "started", attempt: 1 }]);
    expect(notes).toEqual(["room ok", "left", "postcard ok", "album"]);
    expect(journal.read(RUN)).toEqual(runner.read(RUN));
  });
});

test("in a real object another runner goes on where the journal stands", async () => {
  await inStorage("resumed", async (storage, journal) => {
    const outside = new Outside();
    const first = runnerIn(storage, journal, outside);
    await first.runner.start("trip", RUN, { ...ONE_TRAIN, isOnRequest: true });
    const second = runnerIn(storage, journal, outside);

    const key = actKey(RUN, "seat", "express");
    await second.runner.deliver(RUN, { name: "seat.confirmed", key, payload: { coach: 7 } });

    expect(journal.read(RUN)?.ended).toBe("completed");
    expect(second.notes).toEqual(["coach 7", "left", "postcard ok", "album"]);
  });
});

test("a checkout that is aborted while its bank thinks is paid once, by its alarm", async () => {
  withoutQueues();
  const sale = newSale();
  await sale.create();
  const before = await stockOf("mug").levels();
  sale.pay("pm_waits_aborted").catch(() => undefined);
  await eventually(sale.status, (status) => status === "paying", SOON);

  await abortAllDurableObjects();
  await openGate("aborted");
  // A stub dies with its object.
  const reborn = checkoutStub(env, demo, sale.checkoutId);
  expect(await reborn.read(merchant)).toMatchObject({ status: "paying" });
  vi.setSystemTime(Date.now() + LEASE_MS);
  await runDurableObjectAlarm(reborn);

  expect(await reborn.read(merchant)).toMatchObject({ status: "captured" });
  expect((await sale.stripeCalls()).filter((call) => call === "capture")).toHaveLength(1);
  expect(await stockOf("mug").levels()).toMatchObject({ allocated: before.allocated + 1 });
});

test("a checkout that is evicted between two attempts is brought back by its alarm", async () => {
  withoutQueues();
  const sale = newSale();
  await sale.create();
  sale.pay("pm_fails_2_evicted").catch(() => undefined);
  await eventually(sale.stripeCalls, (calls) => calls.length > 0, SOON);

  await evictDurableObject(sale.stub);
  vi.setSystemTime(Date.now() + LEASE_MS);
  await runDurableObjectAlarm(sale.stub);
  vi.setSystemTime(Date.now() + LEASE_MS);
  await runDurableObjectAlarm(sale.stub);

  expect(await sale.status()).toBe("captured");
  expect((await sale.stripeCalls()).filter((call) => call === "capture")).toHaveLength(1);
});
