import { expect, test } from "vitest";
import { UnsentBug } from "../../schema/outcome.ts";
import { actKey } from "./run.ts";
import { ONE_TRAIN, openStage, RUN, TWO_TRAINS } from "./testing/trip.ts";

const HOUR_MS = 3_600_000;

test("a run goes through its steps in order and completes", async () => {
  const { stage, storage, outside, begin } = openStage();

  const run = await begin();

  expect(run.ended).toBe("completed");
  expect(outside.calls).toEqual(["fare", "book room", "take express", "rent car", "send postcard"]);
  expect(storage.notes).toEqual(["room ok", "left", "postcard ok", "album"]);
  expect(stage.stored(RUN)).toEqual(run);
});

test("the intent of a call is stored before the call leaves", async () => {
  const { stage, outside, begin } = openStage();
  const found: unknown[] = [];
  const look = (step: string, option?: string) => () => {
    const act = stage.stored(RUN)?.acts.find((each) => each.step === step);
    found.push([act?.step, act?.option, act?.state, act?.attempt]);
    return option;
  };
  outside.answer("book room", look("room"));
  outside.answer("take express", look("seat"));
  outside.answer("send postcard", look("postcard"));

  await begin();

  expect(found).toEqual([
    ["room", undefined, "started", 1],
    ["seat", "express", "started", 1],
    ["postcard", undefined, "started", 1],
  ]);
});

test("an outcome, the local steps after it and the next intent are one commit", async () => {
  const { storage, outside, begin } = openStage();
  const commits: number[] = [];
  outside.answer("rent car", () => void commits.push(storage.commits));
  outside.answer("send postcard", () => void commits.push(storage.commits));

  await begin();

  expect(commits).toEqual([3, 4]);
  expect(storage.commits).toBe(5);
});

test("a first reading step that is refused leaves nothing behind", async () => {
  const { stage, storage, outside, begin } = openStage();
  outside.answer("fare", { refused: "no_fare" });

  const run = await begin();

  expect(run.turned?.because).toEqual({ refused: "no_fare" });
  expect(stage.stored(RUN)).toBeUndefined();
  expect(stage.runner.read(RUN)).toBeUndefined();
  expect([storage.commits, storage.notes]).toEqual([0, []]);
});

test("a first reading step that breaks is the caller's to repeat", async () => {
  const { stage, storage, outside, begin } = openStage();
  outside.answer("fare", new Error("no line"), "ok");

  await expect(begin()).rejects.toThrow("no line");
  expect(storage.commits).toBe(0);

  expect(await begin()).toMatchObject({ ended: "completed" });
  expect(stage.stored(RUN)?.ended).toBe("completed");
});

test("what was to be written beside the start is written with the first intent", async () => {
  const { stage, storage, outside } = openStage();
  const notes: unknown[] = [];
  outside.answer("fare", () => void notes.push(storage.notes));
  outside.answer("book room", () => void notes.push(storage.notes));

  await stage.runner.start("trip", RUN, ONE_TRAIN, (tx) => tx.write("asked for"));

  expect(notes).toEqual([[], ["asked for"]]);
});

test("two calls and an alarm are one drive", async () => {
  const { stage, outside, begin } = openStage();
  const room = Promise.withResolvers();
  outside.answer("book room", room.promise);

  const started = begin();
  await stage.idle();
  const others = [stage.runner.nudge(RUN), stage.runner.resume(RUN), stage.runner.joined(RUN)];
  await stage.idle();
  room.resolve("ok");
  await Promise.all([started, ...others, stage.runner.wake()]);

  expect(outside.calls.filter((call) => call === "book room")).toHaveLength(1);
  expect(outside.calls.filter((call) => call === "send postcard")).toHaveLength(1);
});

test("what comes in the moment a drive ends is not lost", async () => {
  const { stage, outside, begin } = openStage();
  const train = Promise.withResolvers();
  outside.answer("take express", train.promise);
  const started = begin({ ...ONE_TRAIN, isOnRequest: true });
  await stage.idle();

  // As many turns of the queue as it takes to fall between the drive's last commit and its end.
  train.resolve("ok");
  let turns = 0;
  while (stage.stored(RUN)?.acts.at(-1)?.state !== "waiting" && turns++ < 50) await undefined;
  const key = actKey(RUN, "seat", "express");
  await stage.runner.deliver(RUN, { name: "seat.confirmed", key, payload: { coach: 7 } });
  await started;
  await stage.idle();

  expect(stage.stored(RUN)?.ended).toBe("completed");
});

test("a fault is repeated with the same key until it is known", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("book room", new Error("lost"), new Error("lost"), "ok");

  await begin();
  expect(stage.stored(RUN)?.acts[1]).toMatchObject({ state: "started", fault: "Error: lost" });
  await stage.rest();

  expect(stage.stored(RUN)).toMatchObject({ ended: "completed" });
  expect(stage.stored(RUN)?.acts[1]).toMatchObject({ state: "done", attempt: 3 });
});

test("an attempt that hangs is given up after its time and made again", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("book room", new Promise(() => undefined), "ok");

  const started = begin();
  await stage.pass(9_999);
  expect(stage.stored(RUN)?.acts[1]).toMatchObject({ state: "started", attempt: 1 });
  await stage.rest();
  await started;

  expect(stage.stored(RUN)?.acts[1]).toMatchObject({ state: "done", attempt: 2 });
});

test("an answer that comes after its attempt was given up is ignored", async () => {
  const { stage, outside, begin } = openStage();
  const first = Promise.withResolvers();
  const second = Promise.withResolvers();
  outside.answer("book room", first.promise, second.promise);
  begin().catch(() => undefined);
  await stage.pass(11_000);
  expect(outside.calls.filter((call) => call === "book room")).toHaveLength(2);

  first.resolve("late");
  await stage.idle();
  expect(stage.stored(RUN)?.acts[1]).toMatchObject({ state: "started", attempt: 2 });
  second.resolve("in time");
  await stage.rest();

  expect(stage.stored(RUN)?.acts[1]).toMatchObject({ state: "done", value: "in time" });
});

test("an isolate that dies in a call is followed by one that repeats it when the lease is over", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("take express", new Promise(() => undefined), "ok");
  begin().catch(() => undefined);
  await stage.idle();

  stage.crash();
  await stage.pass(14_999);
  expect(outside.calls.filter((call) => call === "take express")).toHaveLength(1);
  await stage.pass(1);

  expect(stage.stored(RUN)?.ended).toBe("completed");
  expect(stage.stored(RUN)?.acts.find(({ step }) => step === "seat")?.attempt).toBe(2);
});

test("an isolate that is dead commits nothing when its call comes back", async () => {
  const { stage, outside, begin } = openStage();
  const room = Promise.withResolvers();
  outside.answer("book room", room.promise, "second");
  begin().catch(() => undefined);
  await stage.idle();

  stage.crash();
  room.resolve("first");
  await stage.idle();
  expect(stage.stored(RUN)?.acts[1]?.state).toBe("started");
  await stage.rest();

  expect(stage.stored(RUN)?.acts[1]).toMatchObject({ state: "done", value: "second" });
});

test("memory changes only when the transaction returned", async () => {
  const { stage, storage, outside, begin } = openStage();
  outside.answer(
    "rent car",
    () => {
      const { transact } = storage;
      storage.transact = () => {
        storage.transact = transact;
        throw new Error("disk full");
      };
      return "ok";
    },
    "ok",
  );

  await expect(begin()).rejects.toThrow("disk full");
  expect(stage.runner.read(RUN)).toEqual(stage.stored(RUN));
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("completed");
});

test("below the pivot a call is pushed forward for hours, then the run is stuck and resumable", async () => {
  const { stage, storage, outside, begin } = openStage();
  outside.answer("send postcard", new Error("no post"));
  await begin();

  await stage.pass(19 * HOUR_MS);
  expect(stage.stored(RUN)).not.toHaveProperty("stuckAt");
  await stage.pass(2 * HOUR_MS);
  expect(stage.stored(RUN)?.stuckAt).toEqual({ step: "postcard" });
  expect(storage.notes.at(-1)).toBe("stuck at postcard");

  const tries = outside.calls.length;
  await stage.rest();
  expect(outside.calls).toHaveLength(tries);

  outside.answer("send postcard", new Error("no post"), "ok");
  await stage.runner.resume(RUN);
  await stage.rest();
  expect(stage.stored(RUN)).toMatchObject({ ended: "completed" });
  expect(stage.stored(RUN)).not.toHaveProperty("stuckAt");
});

test("below the pivot a bug of ours before sending leaves the run stuck at once, with its reason", async () => {
  const { stage, storage, outside, begin } = openStage();
  outside.answer("send postcard", new UnsentBug("Bug: no stamp is that small"), "ok");
  await begin();

  expect(stage.stored(RUN)).toMatchObject({ stuckAt: { step: "postcard" } });
  expect(storage.notes.at(-1)).toBe("stuck at postcard");
  expect(stage.stored(RUN)?.acts.at(-1)).toMatchObject({
    fault: "UnsentBug: Bug: no stamp is that small",
    refusal: { refused: "bug_before_sending" },
  });
  const tries = outside.calls.length;
  await stage.rest();
  expect(outside.calls).toHaveLength(tries);

  await stage.runner.resume(RUN);
  await stage.rest();
  expect(stage.stored(RUN)).toMatchObject({ ended: "completed" });
  expect(stage.stored(RUN)?.acts.at(-1)).not.toHaveProperty("refusal");
});

test("a nudge repeats at once what waits for its next attempt", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("send postcard", new Error("no post"), new Error("no post"), "ok");
  await begin();

  await stage.runner.nudge(RUN);
  await stage.runner.nudge(RUN);

  expect(stage.stored(RUN)?.ended).toBe("completed");
});

test("a run that a step begins is stored in that step's transaction", async () => {
  const { stage, storage, outside, begin } = openStage();
  outside.answer("send postcard", "returned");
  outside.answer("send letter", () => {
    expect(storage.notes).toContain("postcard returned");
    expect(stage.stored(RUN)?.acts.find(({ step }) => step === "postcard")?.state).toBe("done");
    return "ok";
  });

  await begin();
  await stage.idle();

  expect(stage.stored("letter/1")).toMatchObject({ saga: "letter", ended: "completed" });
  expect(stage.problems).toEqual([]);
});

test("a run that a step begins is not begun when its transaction fails", async () => {
  const { stage, storage, outside, begin } = openStage();
  outside.answer("send postcard", "returned");
  const insert = storage.insert.bind(storage);
  storage.insert = (run, dueAtMs) => {
    if (run.saga === "letter") {
      storage.insert = insert;
      throw new Error("disk full");
    }
    insert(run, dueAtMs);
  };

  await expect(begin()).rejects.toThrow("disk full");
  expect(stage.stored("letter/1")).toBeUndefined();
  expect(stage.stored(RUN)?.acts.at(-1)?.state).toBe("started");
  await stage.rest();

  expect(stage.stored("letter/1")?.ended).toBe("completed");
  expect(storage.notes.filter((note) => note === "postcard returned")).toHaveLength(1);
});

test("a run whose begun run dies with its isolate is brought back by the alarm", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("send postcard", "returned");
  outside.answer("send letter", new Promise(() => undefined), "ok");
  await begin();

  stage.crash();
  await stage.rest();

  expect(stage.stored("letter/1")?.ended).toBe("completed");
});

test("the second option is tried when the first refuses, and only then", async () => {
  const { outside, begin } = openStage();
  outside.answer("take express", { refused: "full" });

  const run = await begin(TWO_TRAINS);

  expect(run.ended).toBe("completed");
  expect(outside.calls).toContain("take local");
  expect(outside.calls).not.toContain("free express, unknown");
});
