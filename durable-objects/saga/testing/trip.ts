import { isRefusal, type Refusal } from "../../../schema/outcome.ts";
import type { AnySaga } from "../next-action.ts";
import { retry } from "../retry.ts";
import { Saga } from "../saga.ts";
import { MemoryStorage, type Notes, Stage } from "./stage.ts";

/** What a call is answered: a value, a refusal, a fault to throw, or a promise of the test's own. */
type Scripted = unknown | Error | Promise<unknown> | (() => unknown);

/** The world outside of a trip. Calls are answered "ok" unless a test scripts them otherwise. */
export class Outside {
  /** Every call that was made, in order. */
  readonly calls: string[] = [];
  readonly #scripts = new Map<string, Scripted[]>();

  /** Answers the next calls of this name in turn; the last answer stays. */
  answer(name: string, ...answers: readonly Scripted[]): void {
    this.#scripts.set(name, [...answers]);
  }

  async call(name: string): Promise<string> {
    this.calls.push(name);
    const script = this.#scripts.get(name);
    const next = script && script.length > 1 ? script.shift() : script?.[0];
    const answer = typeof next === "function" ? await next() : await next;
    if (answer instanceof Error) throw answer;
    return (answer as string | undefined) ?? "ok";
  }

  /** As `call`, for what may say no. */
  async ask(name: string): Promise<string | Refusal> {
    const answer: unknown = await this.call(name);
    return isRefusal(answer) ? answer : String(answer);
  }
}

export type TripInput = {
  readonly trains: readonly string[];
  /** Whether the seat has to be confirmed by an event. */
  readonly isOnRequest?: boolean;
};
type TripEvents = { "seat.confirmed": { readonly coach: number } | Refusal };
export const WAIT_MS = 60_000;

const ending = {
  turnedBack: ({ tx, because }: { tx: Notes; because: Refusal }) =>
    tx.write(`turned back: ${because.refused}`),
  stuck: ({ tx, step }: { tx: Notes; step: string }) => tx.write(`stuck at ${step}`),
};

/** A saga with everything that the engine knows, and no word of commerce. */
export const tripSaga = Saga.named<TripInput, Outside, TripEvents, Notes>("trip", ending)
  .step("fare", { reads: true, do: ({ deps }) => deps.ask("fare") })
  .step("room", {
    do: ({ deps }) => deps.ask("book room"),
    undo: ({ deps }) => deps.call("leave room"),
    commit: ({ tx, value }) => tx.write(`room ${value}`),
  })
  .firstOf(
    "seat",
    ({ input }) => input.trains,
    (train) => ({
      do: ({ deps }) => deps.ask(`take ${train}`),
      undo: ({ deps, value }) => deps.call(`free ${train}, ${value ?? "unknown"}`),
      goesOn: ({ refused }) => refused !== "strike",
    }),
  )
  .waitFor("confirmation", "seat.confirmed", {
    from: "seat",
    unless: ({ input }) => !input.isOnRequest,
    until: ({ nowMs }) => nowMs + WAIT_MS,
    timeout: { refused: "not_confirmed" },
    commit: ({ tx, value }) => tx.write(`coach ${value.coach}`),
  })
  .step("car", {
    do: ({ deps }) => deps.ask("rent car"),
    undo: ({ deps }) => deps.call("return car"),
  })
  .pivot("leave", { commit: ({ tx }) => tx.write("left") })
  .step("postcard", {
    do: ({ deps }) => deps.call("send postcard"),
    retry: retry.persistently,
    commit: ({ tx, value, begin }) => {
      tx.write(`postcard ${value}`);
      if (value === "returned") begin("letter", "letter/1", { to: "home" });
    },
  })
  .step("album", { commit: ({ tx }) => tx.write("album") });

type LetterInput = { readonly to: string };

/** What a trip begins when its postcard comes back. */
export const letterSaga = Saga.named<LetterInput, Outside, Record<never, never>, Notes>("letter")
  .pivot("write", { commit: ({ tx, input }) => tx.write(`letter to ${input.to}`) })
  .step("send", { do: ({ deps }) => deps.call("send letter") });

export const RUN = "trip/1";
export const ONE_TRAIN: TripInput = { trains: ["express"] };
export const TWO_TRAINS: TripInput = { trains: ["express", "local"] };

/** A stage for trips, with its storage and its outside at hand. */
export function openStage(sagas: readonly AnySaga[] = [tripSaga, letterSaga]) {
  const storage = new MemoryStorage<Notes>((write) => ({ write }));
  const outside = new Outside();
  const stage = new Stage<Outside, Notes>({ sagas, deps: outside, storage });
  /** Begins the trip; the stage hears what it throws. */
  const begin = (input: TripInput = ONE_TRAIN) => {
    const started = stage.runner.start("trip", RUN, input);
    started.catch((problem) => stage.problems.push(problem));
    return started;
  };
  return { stage, storage, outside, begin };
}
