import type { Refusal } from "../../schema/outcome.ts";

/**
 * One step (or one option of a step) of one run, as far as it came. It stands in the journal
 * before its call leaves the object.
 */
export type Act = {
  readonly step: string;
  readonly option?: string;
  readonly state: ActState;
  /** Of the present `do` or `undo`; an outcome that names another attempt is too late. */
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly attemptAtMs: number;
  readonly endedAtMs?: number;
  /** Set between attempts. Absent in `started` and `undoing`: a call is out, or a crash took it. */
  readonly retryAtMs?: number;
  readonly value?: unknown;
  readonly refusal?: Refusal;
  /** The latest fault's text, for people; nothing decides by it. */
  readonly fault?: string;
};

/**
 * `unknown`: the retries are spent without a definite answer, so it has to be undone.
 * `waiting`: for an event. `foreseen`: an intent written ahead, with that of the call before it
 * (decision 28). The others are what they say.
 */
export type ActState =
  | "foreseen"
  | "started"
  | "done"
  | "refused"
  | "unknown"
  | "skipped"
  | "waiting"
  | "undoing"
  | "undone";

/** An event is stored first and matched later: it may come before the wait for it. */
export type StoredEvent = {
  readonly name: string;
  /** The key of the act that it answers; an event with another key is not ours. */
  readonly key: string;
  readonly payload: unknown;
  readonly atMs: number;
};

/** Why a run went back; once stored, only undo happens. */
export type Turn = { readonly because: Refusal; readonly atMs: number };

export type RunEnd = "completed" | "undone";

export type Run = {
  readonly runId: string;
  readonly saga: string;
  /** A run ends on the version it began with. */
  readonly version: number;
  readonly input: unknown;
  readonly startedAtMs: number;
  readonly acts: readonly Act[];
  readonly events: readonly StoredEvent[];
  readonly turned?: Turn;
  /** Gave up at this act; an operator may resume it. */
  readonly stuckAt?: { readonly step: string; readonly option?: string };
  readonly ended?: RunEnd;
};

/** The same on every attempt and for undo; providers get a hash of it. */
export function actKey(runId: string, step: string, option?: string): string {
  return option === undefined ? `${runId}/${step}` : `${runId}/${step}/${option}`;
}

export function findAct(run: Run, step: string, option?: string): Act | undefined {
  return run.acts.find((act) => act.step === step && act.option === option);
}

/** The act that stands for a step as a whole: with options, the one that won. */
export function doneAct(run: Run, step: string): Act | undefined {
  return run.acts.find((act) => act.step === step && act.state === "done");
}

/** The values of all finished steps by name: what later steps read as `done`. */
export function doneValues(run: Run): Record<string, unknown> {
  const done: Record<string, unknown> = {};
  for (const act of run.acts) if (act.state === "done") done[act.step] = act.value;
  return done;
}
