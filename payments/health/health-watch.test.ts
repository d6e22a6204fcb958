import { expect, test } from "vitest";
import { eventually } from "../../test/eventually.ts";
import { closedBreaker, judged } from "./circuit-breaker.ts";
import { HealthWatch, type PairHealth, type Sample } from "./health-watch.ts";

const T0 = 1_000_000;
const SOON = { withinMs: 5_000 };
const sample = (outcome: Sample["outcome"], atMs = T0): Sample => ({
  ...{ provider: "stripe", method: "card", durationMs: 400 },
  ...{ outcome, atMs },
});
const OPEN = judged(closedBreaker(0), { isFault: true, atMs: T0 }, { calls: 3, faults: 3 });
const pair = (more: Partial<PairHealth> = {}): PairHealth => ({
  ...{ provider: "stripe", method: "card", breaker: closedBreaker(0) },
  ...{ lastFaultAtMs: 0, lastGoodAtMs: 0 },
  ...more,
});

/** A watch whose region answers only when a test lets it. */
function watched() {
  const clock = { nowMs: T0 };
  const told: Sample[][] = [];
  const answers: { answer: (pairs: readonly PairHealth[]) => void; fail: () => void }[] = [];
  const watch = new HealthWatch(
    (_region, samples) => {
      told.push([...samples]);
      return new Promise((answer, reject) => {
        answers.push({ answer, fail: () => reject(new Error("the object is gone")) });
      });
    },
    () => clock.nowMs,
  );
  return { clock, told, answers, watch };
}

async function answered(pairs: readonly PairHealth[]) {
  const stage = watched();
  stage.watch.breakerOf("eu", "stripe", "card");
  stage.answers[0]?.answer(pairs);
  await eventually(
    async () => stage.watch.breakerOf("eu", "stripe", "card"),
    (breaker) => breaker === pairs[0]?.breaker,
    SOON,
  );
  return stage;
}

test("a cold isolate takes everybody for well, and asks behind the sale", () => {
  const { watch, told } = watched();

  expect(watch.breakerOf("eu", "stripe", "card").isOpen).toBe(false);
  expect(told).toEqual([[]]);
});

test("what the region answers holds for five seconds, then it is asked again", async () => {
  const { watch, clock, told } = await answered([pair({ breaker: OPEN })]);

  clock.nowMs += 5_000;
  expect(watch.breakerOf("eu", "stripe", "card")).toBe(OPEN);
  expect(told).toHaveLength(1);
  clock.nowMs += 1;
  expect(watch.breakerOf("eu", "stripe", "card")).toBe(OPEN);
  expect(told).toHaveLength(2);
});

test("good news waits for company, bad news does not", async () => {
  const { watch, clock, told } = await answered([pair()]);

  watch.note("eu", sample("answered"));
  watch.note("eu", sample("refused"));
  expect(told).toHaveLength(1);
  watch.note("eu", sample("fault"));
  expect(told[1]).toEqual([sample("answered"), sample("refused"), sample("fault")]);
  clock.nowMs += 1;
});

test("good news of whom bad news was heard are told at once", async () => {
  const { watch, told } = await answered([pair({ breaker: OPEN })]);

  watch.note("eu", sample("answered"));

  expect(told[1]).toEqual([sample("answered")]);
});

test("one report is under way at a time; one that is lost holds nothing up for long", () => {
  const { watch, clock, told } = watched();

  watch.note("eu", sample("fault"));
  watch.note("eu", sample("fault"));
  expect(told).toHaveLength(1);
  clock.nowMs += 10_001;
  watch.note("eu", sample("fault"));
  expect(told[1]).toHaveLength(2);
});

test("bad news that came during a report are told after it, also when it failed", async () => {
  const { watch, told, answers } = watched();
  watch.note("eu", sample("fault"));
  watch.note("eu", sample("fault"));

  answers[0]?.fail();

  await eventually(
    async () => told.length,
    (reports) => reports === 2,
    SOON,
  );
});

test("suspect is whose last news were bad, here or in the region, within a minute", async () => {
  const { watch, clock } = await answered([pair({ lastFaultAtMs: T0 - 1, lastGoodAtMs: T0 - 2 })]);

  expect(watch.isSuspect("eu", "stripe")).toBe(true);
  expect(watch.isSuspect("eu", "adyen")).toBe(false);
  watch.note("eu", sample("refused"));
  expect(watch.isSuspect("eu", "stripe")).toBe(false);
  watch.note("eu", sample("fault", T0 + 1));
  expect(watch.isSuspect("eu", "stripe")).toBe(true);
  clock.nowMs += 60_001;
  expect(watch.isSuspect("eu", "stripe")).toBe(false);
});
