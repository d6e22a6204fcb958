import { expect, test } from "vitest";
import type { Refusal } from "../../schema/outcome.ts";
import { actKey } from "./run.ts";
import { endingAs, Saga } from "./saga.ts";
import type { Notes } from "./testing/stage.ts";
import { type Outside, openStage } from "./testing/trip.ts";

type Input = { readonly cooks: readonly string[]; readonly hasToPay?: true };
type Events = { "paid at the door": { readonly tip: number } | Refusal };

const RUN = "meal/1";
const ONE: Input = { cooks: ["grill"] };
const TWO: Input = { cooks: ["grill", "oven"] };

/** What lapses, what may be one of several, a wait that may be skipped, and what is written ahead. */
const mealSaga = Saga.named<Input, Outside, Events, Notes>(
  "meal",
  { turnedBack: ({ tx, because }) => tx.write(`turned back: ${because.refused}`) },
  2,
)
  .step("menu", { reads: true, do: ({ deps }) => deps.ask("menu") })
  .step("table", {
    do: ({ deps }) => deps.ask("keep table"),
    undo: ({ deps }) => deps.call("free table"),
    undoesRefusal: true,
    lapses: true,
    commit: ({ tx, value }) => tx.write(`table ${value}`),
  })
  .firstOf(
    "cook",
    ({ input }) => input.cooks,
    (cook) => ({
      do: ({ deps }) => deps.ask(`ask ${cook}`),
      undo: ({ deps }) => deps.call(`stop ${cook}`),
      commit: ({ tx, value }) => tx.write(`cooked ${value}`),
    }),
  )
  .waitFor("payment", "paid at the door", {
    from: "cook",
    unless: ({ input }) => !input.hasToPay,
  })
  .step("waiter", {
    do: ({ deps, attempt }) => deps.ask(`send waiter ${attempt}`),
    undo: ({ deps }) => deps.call("call waiter back"),
    undoesRefusal: true,
    ahead: true,
  })
  .pivot("bill", { commit: ({ tx }) => tx.write("billed") })
  .step("serve", { do: ({ deps }) => deps.call("serve") });

function openKitchen() {
  const { stage, storage, outside } = openStage([endingAs(mealSaga, 1), mealSaga]);
  const begin = (input: Input = ONE) => {
    const started = stage.runner.start("meal", RUN, input, (tx) => tx.write("ordered"));
    started.catch((problem) => stage.problems.push(problem));
    return started;
  };
  return { stage, storage, outside, begin };
}

const stateOf = (stage: ReturnType<typeof openKitchen>["stage"], step: string) =>
  stage.stored(RUN)?.acts.find((act) => act.step === step);

test("what lapses leaves before anything is written, and its answer is the first commit", async () => {
  const { stage, storage, outside, begin } = openKitchen();
  outside.answer("keep table", () => {
    expect([storage.commits, stage.stored(RUN)]).toEqual([0, undefined]);
    return "7";
  });
  outside.answer("ask grill", () => {
    expect(storage.commits).toBe(1);
    expect(stateOf(stage, "waiter")).toMatchObject({ state: "foreseen", attempt: 1 });
    return "a steak";
  });

  expect(await begin()).toMatchObject({ ended: "completed" });

  expect(storage.notes).toEqual(["ordered", "table 7", "cooked a steak", "billed"]);
  // Its table with cook's and waiter's intents; cooked, sent, billed with serve's intent; served.
  expect(storage.commits).toBe(3);
});

test("what was written ahead leaves before the answer that it follows is written", async () => {
  const { stage, storage, outside, begin } = openKitchen();
  outside.answer("send waiter 1", () => {
    expect(storage.commits).toBe(1);
    expect(stateOf(stage, "cook")).toMatchObject({ state: "started" });
    return "sent";
  });

  await begin();

  expect(stateOf(stage, "cook")).toMatchObject({ state: "done", value: "ok" });
  expect(stateOf(stage, "waiter")).toMatchObject({ state: "done", value: "sent", attempt: 1 });
});

test("a no of what lapses is written, and undone where something of it may stand", async () => {
  const { stage, storage, outside, begin } = openKitchen();
  outside.answer("keep table", { refused: "full" });

  await begin();

  expect(stage.stored(RUN)).toMatchObject({ ended: "undone" });
  expect(outside.calls).toEqual(["menu", "keep table", "free table"]);
  expect(storage.notes).toEqual(["ordered", "turned back: full"]);
});

test("a fault of what lapses is written, and it is asked again", async () => {
  const { stage, outside, begin } = openKitchen();
  outside.answer("keep table", new Error("lost"), "7");

  await begin();
  expect(stateOf(stage, "table")).toMatchObject({ state: "started", fault: "Error: lost" });
  await stage.rest();

  expect(stage.stored(RUN)).toMatchObject({ ended: "completed" });
});

test("a turn while what lapses is out undoes it when it is back", async () => {
  const { stage, outside, begin } = openKitchen();
  const table = Promise.withResolvers();
  outside.answer("keep table", table.promise);
  const started = begin();
  await stage.idle();

  expect(stage.runner.turn(RUN, { refused: "cancelled" })).toBe("turning");
  table.resolve("7");
  await started;

  expect(stage.stored(RUN)).toMatchObject({ ended: "undone" });
  expect(outside.calls).toEqual(["menu", "keep table", "free table"]);
});

test("an isolate that dies while what lapses is out leaves nothing, and it can be begun again", async () => {
  const { stage, storage, outside, begin } = openKitchen();
  outside.answer("keep table", new Promise(() => undefined), "7");
  begin().catch(() => undefined);
  await stage.idle();

  stage.crash();
  await stage.rest();
  expect([storage.commits, stage.runner.read(RUN)]).toEqual([0, undefined]);

  expect(await begin()).toMatchObject({ ended: "completed" });
});

test("a no before it drops what was foreseen: there is nothing of it to undo", async () => {
  const { stage, outside, begin } = openKitchen();
  outside.answer("ask grill", { refused: "closed" });

  await begin();

  expect(outside.calls).toEqual(["menu", "keep table", "ask grill", "free table"]);
  expect(stateOf(stage, "waiter")).toBeUndefined();
});

test("the next option foresees it anew, and it goes back first", async () => {
  const { stage, outside, begin } = openKitchen();
  outside.answer("ask grill", { refused: "closed" });
  outside.answer("send waiter 1", { refused: "nobody" });

  await begin(TWO);

  expect(stage.stored(RUN)?.ended).toBe("undone");
  expect(outside.calls.slice(-5)).toEqual([
    ...["ask oven", "send waiter 1", "call waiter back", "stop oven", "free table"],
  ]);
});

test("a fault of it is written with the answer that it followed", async () => {
  const { stage, storage, outside, begin } = openKitchen();
  outside.answer("send waiter 1", new Error("lost"));

  await begin();
  expect(stateOf(stage, "cook")).toMatchObject({ state: "done" });
  expect(stateOf(stage, "waiter")).toMatchObject({ state: "started", fault: "Error: lost" });
  expect(storage.notes).toContain("cooked ok");
  await stage.rest();

  expect(outside.calls.slice(-2)).toEqual(["send waiter 2", "serve"]);
});

test("where a wait comes first, it is dropped and has its own intent later", async () => {
  const { stage, outside, begin } = openKitchen();
  await begin({ ...ONE, hasToPay: true });
  expect(stateOf(stage, "payment")).toMatchObject({ state: "waiting" });
  expect(stateOf(stage, "waiter")).toBeUndefined();
  outside.answer("send waiter 1", () => {
    expect(stateOf(stage, "waiter")).toMatchObject({ state: "started" });
    return "sent";
  });

  const key = actKey(RUN, "cook", "grill");
  await stage.runner.deliver(RUN, { name: "paid at the door", key, payload: { tip: 1 } });

  expect(stage.stored(RUN)?.ended).toBe("completed");
});

test("an event and a turn between the two answers are kept, and neither answer is lost", async () => {
  const { stage, outside, begin } = openKitchen();
  const waiter = Promise.withResolvers();
  outside.answer("send waiter 1", waiter.promise);
  const started = begin();
  await stage.idle();

  const event = { name: "rang", key: "bell", payload: 1 };
  const delivered = stage.runner.deliver(RUN, event);
  stage.runner.turn(RUN, { refused: "cancelled" });
  expect(stage.stored(RUN)).toMatchObject({ events: [event], turned: {} });
  expect(stateOf(stage, "cook")).toMatchObject({ state: "started" });
  waiter.resolve("sent");
  await Promise.all([started, delivered]);

  expect(stage.stored(RUN)).toMatchObject({ events: [event], ended: "undone" });
  expect(outside.calls.slice(-3)).toEqual(["call waiter back", "stop grill", "free table"]);
  expect(stateOf(stage, "cook")).toMatchObject({ value: "ok" });
});

test("an isolate that dies between the two answers is followed by one that asks for both again", async () => {
  const { stage, outside, begin } = openKitchen();
  outside.answer("send waiter 1", new Promise(() => undefined));
  begin().catch(() => undefined);
  await stage.idle();

  stage.crash();
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("completed");
  // It is told that it may have been made before.
  expect(outside.calls.slice(-3)).toEqual(["ask grill", "send waiter 2", "serve"]);
});

test("what may have left before a crash is undone, though the call before it now says no", async () => {
  const { stage, outside, begin } = openKitchen();
  outside.answer("ask grill", "ok", { refused: "closed" });
  outside.answer("send waiter 1", new Promise(() => undefined));
  begin().catch(() => undefined);
  await stage.idle();

  stage.crash();
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("undone");
  expect(outside.calls.slice(-3)).toEqual(["ask grill", "call waiter back", "free table"]);
});

test("a commit that fails between takes both answers back, and both are asked for again", async () => {
  const { stage, storage, outside, begin } = openKitchen();
  outside.answer("send waiter 1", () => {
    const { transact } = storage;
    storage.transact = () => {
      storage.transact = transact;
      throw new Error("disk full");
    };
    return "sent";
  });

  await expect(begin()).rejects.toThrow("disk full");
  expect(stage.runner.read(RUN)).toEqual(stage.stored(RUN));
  await stage.rest();

  expect(stage.stored(RUN)?.ended).toBe("completed");
  expect(storage.notes.filter((note) => note === "cooked ok")).toHaveLength(1);
});

test("a run of the version before, whose call stands alone, ends on the same table", async () => {
  const { stage, storage, outside } = openKitchen();
  const atMs = { startedAtMs: Date.now(), attemptAtMs: Date.now(), attempt: 1 };
  const acts = [
    { ...atMs, step: "menu", state: "done", value: "ok" },
    { ...atMs, step: "table", state: "done", value: "7" },
    { ...atMs, step: "cook", option: "grill", state: "started" },
  ] as const;
  const old = { ...{ runId: RUN, saga: "meal", version: 1, input: ONE }, acts, events: [] };
  storage.transact(() => storage.insert({ ...old, startedAtMs: Date.now() }, Date.now()));

  await stage.runner.wake();

  expect(stage.stored(RUN)).toMatchObject({ version: 1, ended: "completed" });
  expect(outside.calls).toEqual(["ask grill", "send waiter 1", "serve"]);
});
