import { expect, test } from "vitest";
import { isPastPivot, nextAction } from "./next-action.ts";
import type { Act, ActState, Run, StoredEvent } from "./run.ts";
import { actKey } from "./run.ts";
import { Saga } from "./saga.ts";
import { START_MS } from "./testing/stage.ts";
import { ONE_TRAIN, RUN, type TripInput, TWO_TRAINS, tripSaga, WAIT_MS } from "./testing/trip.ts";

const act = (step: string, state: ActState, more: Partial<Act> = {}): Act => ({
  step,
  state,
  attempt: 1,
  startedAtMs: START_MS,
  attemptAtMs: START_MS,
  ...more,
});
const seat = (state: ActState, more: Partial<Act> = {}) =>
  act("seat", state, { option: "express", ...more });
const done = (step: string) => act(step, "done", { value: "ok" });
const SEATED = [done("fare"), done("room"), seat("done", { value: "ok" })];
const ARRIVED = [...SEATED, act("confirmation", "skipped"), done("car")];

function run(acts: readonly Act[], more: Partial<Run> = {}, input: TripInput = ONE_TRAIN): Run {
  const begun = { runId: RUN, saga: "trip", version: 1, startedAtMs: START_MS, events: [] };
  return { ...begun, input, acts, ...more };
}

const next = (of: Run, nowMs = START_MS) => nextAction(tripSaga, of, nowMs);
const turned = { because: { refused: "cancelled" }, atMs: START_MS };

test("a run begins with its first step", () => {
  expect(next(run([]))).toEqual({ act: "call", mode: "do", at: { step: "fare" }, attempt: 1 });
});

test("what is done is passed over", () => {
  expect(next(run([done("fare")]))).toMatchObject({ act: "call", at: { step: "room" } });
});

test("a call that began and has no answer is made again", () => {
  const asked = run([done("fare"), act("room", "started", { attempt: 4 })]);

  expect(next(asked)).toEqual({ act: "call", mode: "do", at: { step: "room" }, attempt: 5 });
});

test("between two attempts there is a rest", () => {
  const waiting = run([done("fare"), act("room", "started", { retryAtMs: START_MS + 50 })]);

  expect(next(waiting)).toEqual({ act: "rest", untilMs: START_MS + 50 });
  expect(next(waiting, START_MS + 50)).toMatchObject({ act: "call", attempt: 2 });
});

test("an outcome that stays unknown is in doubt above the pivot and stuck below it", () => {
  const aboveMs = START_MS + 30_001;
  const belowMs = START_MS + 20 * 3_600_000 + 1;
  const above = run([done("fare"), act("room", "started")]);
  const below = run([...ARRIVED, done("leave"), act("postcard", "started")]);

  expect(next(above, aboveMs)).toEqual({ act: "doubt", at: { step: "room" } });
  expect(next(below, belowMs)).toEqual({ act: "stick", at: { step: "postcard" } });
});

test("a refusal turns the run back with its reason", () => {
  const refusal = { refused: "full" };

  expect(next(run([done("fare"), act("room", "refused", { refusal })]))).toEqual({
    act: "turn",
    because: refusal,
  });
});

test("a refused option gives way to the next one", () => {
  const acts = [done("fare"), done("room"), seat("refused", { refusal: { refused: "full" } })];

  expect(next(run(acts, {}, TWO_TRAINS))).toMatchObject({ at: { step: "seat", option: "local" } });
});

test("an option in doubt is undone, and only then gives way to the next one", () => {
  const at = (state: ActState) => run([done("fare"), done("room"), seat(state)], {}, TWO_TRAINS);

  expect(next(at("unknown"))).toMatchObject({ mode: "undo", at: { option: "express" } });
  expect(next(at("undoing"))).toMatchObject({ mode: "undo", at: { option: "express" } });
  expect(next(at("undone"))).toMatchObject({ mode: "do", at: { option: "local" } });
});

test("no options at all turn the run back", () => {
  expect(next(run([done("fare"), done("room")], {}, { trains: [] }))).toEqual({
    act: "turn",
    because: { refused: "no_option", detail: { step: "seat" } },
  });
});

test("a wait that is not needed is skipped", () => {
  expect(next(run(SEATED))).toEqual({ act: "skip", step: "confirmation" });
});

test("a wait begins with its deadline, rests until then, and turns the run back", () => {
  const untilMs = START_MS + WAIT_MS;
  const input = { ...ONE_TRAIN, isOnRequest: true };
  const waiting = run(
    [...SEATED, act("confirmation", "waiting", { retryAtMs: untilMs })],
    {},
    input,
  );

  expect(next(run(SEATED, {}, input))).toEqual({ act: "wait", step: "confirmation", untilMs });
  expect(next(waiting)).toEqual({ act: "rest", untilMs });
  expect(next(waiting, untilMs)).toEqual({ act: "turn", because: { refused: "not_confirmed" } });
});

test("a wait takes the event with the key of the option that won, whenever it came", () => {
  const event = (key: string): StoredEvent => ({
    name: "seat.confirmed",
    key,
    payload: { coach: 7 },
    atMs: START_MS,
  });
  const input = { ...ONE_TRAIN, isOnRequest: true };
  const ours = { events: [event(actKey(RUN, "seat", "express"))] };
  const theirs = { events: [event(actKey(RUN, "seat", "local"))] };

  expect(next(run(SEATED, ours, input))).toMatchObject({ act: "take", payload: { coach: 7 } });
  expect(next(run(SEATED, theirs, input))).toMatchObject({ act: "wait" });
});

test("the pivot and steps without a call are commits", () => {
  expect(next(run(ARRIVED))).toEqual({ act: "commit", step: "leave" });
  expect(next(run([...ARRIVED, done("leave"), done("postcard")]))).toEqual({
    act: "commit",
    step: "album",
  });
});

test("a run whose steps are all done is completed", () => {
  const all = [...ARRIVED, done("leave"), done("postcard"), done("album")];

  expect(next(run(all))).toEqual({ act: "finish", end: "completed" });
});

test("a turned run only undoes, newest first, and what never answered as well", () => {
  const acts = [...SEATED, act("confirmation", "waiting"), act("car", "started")];
  const undone = (count: number) =>
    acts.map((each, index) =>
      index >= acts.length - count ? { ...each, state: "undone" as const } : each,
    );

  expect(next(run(acts, { turned }))).toMatchObject({ mode: "undo", at: { step: "car" } });
  expect(next(run(undone(1), { turned }))).toMatchObject({ mode: "undo", at: { step: "seat" } });
  expect(next(run(undone(3), { turned }))).toMatchObject({ mode: "undo", at: { step: "room" } });
  expect(next(run(undone(4), { turned }))).toEqual({ act: "finish", end: "undone" });
});

test("an undo that began is repeated until its budget is spent, then the run is stuck", () => {
  const undoing = run([done("fare"), act("room", "undoing", { attempt: 2 })], { turned });
  const at = { step: "room" };

  expect(next(undoing)).toEqual({ act: "call", mode: "undo", at, attempt: 3 });
  expect(next(undoing, START_MS + 20 * 3_600_000 + 1)).toEqual({ act: "stick", at });
});

test("a run that is stuck or has ended rests for good", () => {
  expect(next(run([], { stuckAt: { step: "room" } }))).toEqual({ act: "rest" });
  expect(next(run([], { ended: "undone" }))).toEqual({ act: "rest" });
});

test("a run is past its pivot when the pivot is done", () => {
  expect(isPastPivot(tripSaga, run(ARRIVED))).toBe(false);
  expect(isPastPivot(tripSaga, run([...ARRIVED, done("leave")]))).toBe(true);
});

test("a refusal is undone too where several were asked and a part may have said yes", () => {
  const asking = { do: () => ({ refused: "full" }), undo: () => Promise.resolve() };
  const refused = run([act("tables", "refused", { refusal: { refused: "full" } })], { turned });
  const dinner = Saga.named<TripInput, object, object, object>("dinner");

  const one = dinner.step("tables", asking);
  const several = dinner.step("tables", { ...asking, undoesRefusal: true });

  expect(nextAction(one, refused, START_MS)).toEqual({ act: "finish", end: "undone" });
  expect(nextAction(several, refused, START_MS)).toMatchObject({ act: "call", mode: "undo" });
});
