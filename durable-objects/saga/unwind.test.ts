import { expect, test } from "vitest";
import { UnsentBug } from "../../schema/outcome.ts";
import { actKey } from "./run.ts";
import { Saga } from "./saga.ts";
import type { Notes } from "./testing/stage.ts";
import {
  letterSaga,
  ONE_TRAIN,
  type Outside,
  openStage,
  RUN,
  TWO_TRAINS,
  tripSaga,
  WAIT_MS,
} from "./testing/trip.ts";

const MINUTE_MS = 60_000;
const FULL = { refused: "full" };
const ON_REQUEST = { ...ONE_TRAIN, isOnRequest: true };
const CONFIRMED = {
  name: "seat.confirmed",
  key: actKey(RUN, "seat", "express"),
  payload: { coach: 7 },
};

test("a refusal turns the run back, and what was done is undone, newest first", async () => {
  const { stage, storage, outside, begin } = openStage();
  outside.answer("rent car", { refused: "no_car" });

  const run = await begin();

  expect(run).toMatchObject({ ended: "undone", turned: { because: { refused: "no_car" } } });
  expect(outside.calls.slice(-3)).toEqual(["rent car", "free express, ok", "leave room"]);
  expect(storage.notes).toEqual(["room ok", "turned back: no_car"]);
  expect(stage.stored(RUN)).toEqual(run);
});

test("after a turn the next option is not tried, not even by a new isolate", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("rent car", { refused: "no_car" });
  outside.answer("free express, ok", "ok");
  outside.answer("leave room", new Promise(() => undefined), "ok");
  begin(TWO_TRAINS).catch(() => undefined);
  await stage.idle();
  expect(stage.stored(RUN)?.turned?.because).toEqual({ refused: "no_car" });

  stage.crash();
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("undone");
  expect(outside.calls).not.toContain("take local");
});

test("an option whose outcome stays unknown is undone before the next is tried", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("take express", new Error("lost"));

  await begin(TWO_TRAINS);
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("completed");
  const after = outside.calls.slice(outside.calls.lastIndexOf("take express") + 1);
  expect(after).toEqual(["free express, unknown", "take local", "rent car", "send postcard"]);
});

test("an option that cannot be undone leaves the run stuck rather than try the next", async () => {
  const { stage, storage, outside, begin } = openStage();
  outside.answer("take express", new Error("lost"));
  outside.answer("free express, unknown", new Error("lost"));

  await begin(TWO_TRAINS);
  await stage.rest();

  expect(stage.stored(RUN)?.stuckAt).toEqual({ step: "seat", option: "express" });
  expect(storage.notes.at(-1)).toBe("stuck at seat");
  expect(outside.calls).not.toContain("take local");

  outside.answer("free express, unknown", "ok");
  await stage.runner.resume(RUN);
  expect(stage.stored(RUN)?.ended).toBe("completed");
});

test("a refusal that leaves no room for another option turns the run back", async () => {
  const { outside, begin } = openStage();
  outside.answer("take express", { refused: "strike" });

  const run = await begin(TWO_TRAINS);

  expect(run).toMatchObject({ ended: "undone", turned: { because: { refused: "strike" } } });
  expect(outside.calls).not.toContain("take local");
});

test("when every option refuses, the run turns back with the last one's reason", async () => {
  const { outside, begin } = openStage();
  outside.answer("take express", FULL);
  outside.answer("take local", { refused: "late" });

  const run = await begin(TWO_TRAINS);

  expect(run.turned?.because).toEqual({ refused: "late" });
  expect(outside.calls.at(-1)).toBe("leave room");
});

test("a call whose retries are spent above the pivot is undone as well", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("rent car", new Error("lost"));

  await begin();
  await stage.rest();

  const run = stage.stored(RUN);
  expect(run?.turned?.because).toEqual({ refused: "outcome_unknown", detail: { step: "car" } });
  expect(outside.calls.slice(-3)).toEqual(["return car", "free express, ok", "leave room"]);
});

test("above the pivot a call that a bug of ours stopped turns the run back, with nothing of it to undo", async () => {
  const { outside, begin } = openStage();
  outside.answer("rent car", new UnsentBug("Bug: a car without wheels"));

  const run = await begin();

  const because = { refused: "bug_before_sending", detail: { step: "car" } };
  expect(run).toMatchObject({ ended: "undone", turned: { because } });
  expect(outside.calls.slice(-3)).toEqual(["rent car", "free express, ok", "leave room"]);
});

test("a bug of ours after an attempt that may have arrived is undone like any doubt", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("rent car", new Error("lost"), new UnsentBug("Bug: a car without wheels"));

  await begin();
  await stage.rest();

  expect(stage.stored(RUN)?.turned?.because.refused).toBe("outcome_unknown");
  expect(outside.calls.slice(-4)).toEqual([
    ...["rent car", "return car", "free express, ok", "leave room"],
  ]);
});

test("an undo that fails is repeated, and may therefore run twice", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("rent car", { refused: "no_car" });
  outside.answer("leave room", new Error("answer lost"), "ok");

  await begin();
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("undone");
  expect(outside.calls.filter((call) => call === "leave room")).toHaveLength(2);
});

test("a cancel during a call is committed at once; the call comes in first and is undone", async () => {
  const { stage, storage, outside, begin } = openStage();
  const car = Promise.withResolvers();
  outside.answer("rent car", car.promise);
  const started = begin();
  await stage.idle();

  expect(stage.runner.turn(RUN, { refused: "cancelled" })).toBe("turning");
  expect(stage.stored(RUN)?.turned?.because).toEqual({ refused: "cancelled" });
  await stage.idle();
  expect(outside.calls.at(-1)).toBe("rent car");
  car.resolve("ok");
  await started;

  expect(outside.calls.slice(-3)).toEqual(["return car", "free express, ok", "leave room"]);
  expect(storage.notes.at(-1)).toBe("turned back: cancelled");
});

test("the value of a call that comes in after a turn is undone, never built on", async () => {
  const { stage, storage, outside, begin } = openStage();
  const room = Promise.withResolvers();
  outside.answer("book room", room.promise);
  const started = begin();
  await stage.idle();

  stage.runner.turn(RUN, { refused: "cancelled" });
  room.resolve("ok");
  await started;

  expect(storage.notes).toEqual(["turned back: cancelled"]);
});

test("a cancel after the pivot is refused, and the run goes on", async () => {
  const { stage, outside, begin } = openStage();
  const postcard = Promise.withResolvers();
  outside.answer("send postcard", postcard.promise);
  const started = begin();
  await stage.idle();

  expect(stage.runner.turn(RUN, { refused: "cancelled" })).toBe("too_late");
  postcard.resolve("ok");
  await started;

  expect(stage.stored(RUN)?.ended).toBe("completed");
  expect(stage.runner.turn(RUN, { refused: "cancelled" })).toBe("ended");
});

test("a cancel while a run only reads leaves nothing behind", async () => {
  const { stage, storage, outside } = openStage();
  const fare = Promise.withResolvers();
  outside.answer("fare", fare.promise);
  const started = stage.runner.start("trip", RUN, ONE_TRAIN, (tx) => tx.write("asked for"));
  await stage.idle();

  stage.runner.turn(RUN, { refused: "cancelled" });
  fare.resolve("ok");

  expect(await started).toMatchObject({ ended: "undone" });
  expect([stage.stored(RUN), storage.notes]).toEqual([undefined, []]);
});

test("a second cancel changes neither the reason nor what is undone", async () => {
  const { stage, outside, begin } = openStage();
  const car = Promise.withResolvers();
  outside.answer("rent car", car.promise);
  const started = begin();
  await stage.idle();

  stage.runner.turn(RUN, { refused: "cancelled" });
  stage.runner.turn(RUN, { refused: "changed_mind" });
  car.resolve("ok");
  await started;

  expect(stage.stored(RUN)?.turned?.because).toEqual({ refused: "cancelled" });
  expect(outside.calls.filter((call) => call === "return car")).toHaveLength(1);
});

test("an isolate that is born after a crash can cancel what the dead one began", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("rent car", new Promise(() => undefined));
  begin().catch(() => undefined);
  await stage.idle();

  stage.crash();
  expect(stage.runner.turn(RUN, { refused: "cancelled" })).toBe("turning");
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("undone");
  expect(outside.calls.slice(-3)).toEqual(["return car", "free express, ok", "leave room"]);
});

test("an isolate that dies while it undoes is followed by one that undoes the rest", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("rent car", { refused: "no_car" });
  outside.answer("free express, ok", new Promise(() => undefined), "ok");
  begin().catch(() => undefined);
  await stage.idle();

  stage.crash();
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("undone");
  expect(outside.calls.slice(-3)).toEqual(["free express, ok", "free express, ok", "leave room"]);
});

test("a run waits for its event and takes its payload along", async () => {
  const { stage, storage, begin } = openStage();
  const run = await begin(ON_REQUEST);
  expect(run.acts.at(-1)).toMatchObject({ step: "confirmation", state: "waiting" });

  await stage.runner.deliver(RUN, CONFIRMED);

  expect(stage.stored(RUN)?.ended).toBe("completed");
  expect(storage.notes).toContain("coach 7");
});

test("an event that comes before its wait is used by it", async () => {
  const { stage, outside, begin } = openStage();
  const seat = Promise.withResolvers();
  outside.answer("take express", seat.promise);
  const started = begin(ON_REQUEST);
  await stage.idle();

  const delivered = stage.runner.deliver(RUN, CONFIRMED);
  seat.resolve("ok");
  await Promise.all([started, delivered]);

  expect(stage.stored(RUN)?.ended).toBe("completed");
});

test("an event that came before a crash is used after it", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("take express", new Promise(() => undefined), "ok");
  begin(ON_REQUEST).catch(() => undefined);
  await stage.idle();

  stage.runner.deliver(RUN, CONFIRMED).catch(() => undefined);
  stage.crash();
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("completed");
});

test("an event with the key of an option that did not win is not ours", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("take express", FULL);
  await begin({ ...TWO_TRAINS, isOnRequest: true });

  await stage.runner.deliver(RUN, CONFIRMED);
  expect(stage.stored(RUN)?.acts.at(-1)?.state).toBe("waiting");

  const key = actKey(RUN, "seat", "local");
  await stage.runner.deliver(RUN, { ...CONFIRMED, key });
  expect(stage.stored(RUN)?.ended).toBe("completed");
});

test("an event of another name or a foreign key is stored and ignored", async () => {
  const { stage, begin } = openStage();
  await begin(ON_REQUEST);

  await stage.runner.deliver(RUN, { ...CONFIRMED, name: "seat.changed" });
  await stage.runner.deliver(RUN, { ...CONFIRMED, key: actKey("trip/2", "seat", "express") });

  expect(stage.stored(RUN)?.acts.at(-1)?.state).toBe("waiting");
  expect(stage.stored(RUN)?.events).toHaveLength(2);
});

test("the same event twice counts once", async () => {
  const { stage, storage, begin } = openStage();
  await begin(ON_REQUEST);

  await stage.runner.deliver(RUN, CONFIRMED);
  await stage.runner.deliver(RUN, { ...CONFIRMED, payload: { coach: 8 } });

  expect(storage.notes.filter((note) => note.startsWith("coach"))).toEqual(["coach 7"]);
});

test("an event that says no turns the run back", async () => {
  const { stage, outside, begin } = openStage();
  await begin(ON_REQUEST);

  await stage.runner.deliver(RUN, { ...CONFIRMED, payload: FULL });

  expect(stage.stored(RUN)).toMatchObject({ ended: "undone", turned: { because: FULL } });
  expect(outside.calls.slice(-2)).toEqual(["free express, ok", "leave room"]);
});

test("a wait that is over turns the run back, though isolates died meanwhile", async () => {
  const { stage, outside, begin } = openStage();
  await begin(ON_REQUEST);

  stage.crash();
  await stage.pass(WAIT_MS - 1);
  expect(stage.stored(RUN)?.turned).toBeUndefined();
  await stage.pass(1);

  expect(stage.stored(RUN)?.turned?.because).toEqual({ refused: "not_confirmed" });
  expect(stage.stored(RUN)?.ended).toBe("undone");
  expect(outside.calls.slice(-2)).toEqual(["free express, ok", "leave room"]);
});

test("an event that comes after the turn changes nothing", async () => {
  const { stage, outside, begin } = openStage();
  outside.answer("free express, ok", new Promise(() => undefined), "ok");
  await begin(ON_REQUEST);

  stage.runner.turn(RUN, { refused: "cancelled" });
  stage.runner.deliver(RUN, CONFIRMED).catch(() => undefined);
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("undone");
  expect(outside.calls).not.toContain("rent car");
});

test("a run ends on the version it began with, while new runs take the newest", async () => {
  const named = (version: number) =>
    Saga.named<object, Outside, Record<never, never>, Notes>("trip", {}, version)
      .step("room", { do: ({ deps }) => deps.call(`book v${version}`), undo: "nothing" })
      .pivot("leave", { commit: ({ tx }) => tx.write(`left v${version}`) });
  const old = openStage([named(1)]);
  old.outside.answer("book v1", new Promise(() => undefined));
  old.begin().catch(() => undefined);
  await old.stage.idle();
  const begun = old.stage.stored(RUN);

  const { stage, storage } = openStage([named(1), named(2)]);
  storage.transact(() => begun && storage.insert(begun, Date.now()));
  await stage.runner.wake();
  await stage.runner.start("trip", "trip/2", {});

  expect(storage.notes).toEqual(["left v1", "left v2"]);
  expect(stage.stored(RUN)).toMatchObject({ version: 1, ended: "completed" });
  expect(stage.stored("trip/2")?.version).toBe(2);
});

test("a run whose version is gone is reported once a minute, and the others are driven", async () => {
  const { stage, storage, begin } = openStage([tripSaga, letterSaga]);
  await begin(ON_REQUEST);
  const run = stage.stored(RUN);
  storage.transact(() => run && storage.insert({ ...run, runId: "x", version: 9 }, Date.now()));

  await stage.pass(WAIT_MS);
  await stage.pass(2 * MINUTE_MS);

  expect(String(stage.problems[0])).toContain("trip version 9 is still known");
  expect(stage.problems).toHaveLength(3);
  expect(stage.stored(RUN)?.ended).toBe("undone");
});
