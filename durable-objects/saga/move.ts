import { assert, type Refusal, Unrepeatable } from "../../schema/outcome.ts";
import {
  type Action,
  type AnySaga,
  type At,
  BUG_BEFORE_SENDING,
  bodyOf,
  isPastPivot,
  nextAction,
  policyOf,
} from "./next-action.ts";
import {
  recordDone,
  recordDoubt,
  recordFault,
  recordIntent,
  recordRefused,
  recordSkipped,
  recordTurn,
  recordUndone,
  recordUnsent,
  recordWaiting,
} from "./record.ts";
import { retryDelayMs } from "./retry.ts";
import { actKey, doneValues, findAct, type Run } from "./run.ts";
import type { Body } from "./step.ts";

export const CALL_TIMEOUT_MS = 10_000; // longer than any call should take; the outcome of one that hangs is unknown
/** After this the alarm takes over: the call timed out, or a crash took it. */
export const LEASE_SLACK_MS = 5_000;

/** A call whose intent is journaled and which may now leave the object. */
export type PlannedCall = {
  readonly mode: "do" | "undo";
  readonly at: At;
  readonly attempt: number;
  readonly key: string;
  readonly timeoutMs: number;
  readonly make: (deps: unknown, nowMs: number) => unknown;
};

/** How a call ended. A late one (its attempt is no longer the present one) changes nothing. */
export type Outcome =
  | { readonly is: "answer"; readonly value: unknown }
  | { readonly is: "refusal"; readonly refusal: Refusal }
  | { readonly is: "fault"; readonly fault: string; readonly cause: unknown }
  /** A mistake of ours: this attempt was never sent, and a repeat would not be either. */
  | { readonly is: "bug"; readonly fault: string; readonly cause: unknown };

/** A run as it stands at the end of a move. */
export type Planned = {
  readonly run: Run;
  readonly isNew: boolean;
  /** False while a new run has only read: nothing is written before its first intent. */
  readonly isWritten: boolean;
  readonly call?: PlannedCall;
  readonly dueAtMs?: number;
};

type Draft = { run: Run; isNew: boolean };

/**
 * One move of the engine, inside one transaction: what came in, every local step that follows
 * from it, and the intent of the next call. Runs begun on the way are part of the same move.
 */
export class Move<T> {
  readonly #sagas: readonly AnySaga[];
  readonly #tx: T;
  readonly #nowMs: number;
  readonly #chance: () => number;
  readonly #begun: Run[] = [];

  constructor(sagas: readonly AnySaga[], tx: T, nowMs: number, chance: () => number) {
    this.#sagas = sagas;
    this.#tx = tx;
    this.#nowMs = nowMs;
    this.#chance = chance;
  }

  /**
   * Advances a run, then the ones begun on the way; the first of the answer is the run itself.
   * `alongside` is called before a new run writes anything of its own, if it comes to that.
   */
  make(
    run: Run,
    isNew: boolean,
    change: (run: Run) => Run,
    alongside?: (run: Run) => void,
  ): readonly [Planned, ...Planned[]] {
    const changed = change(run);
    if (isNew && this.#isAboutToWrite(changed)) alongside?.(changed);
    const first = this.#advance({ run, isNew }, changed, run);
    const others: Planned[] = [];
    for (let next = this.#begun.shift(); next; next = this.#begun.shift()) {
      others.push({ ...this.#advance({ run: next, isNew: true }, next, next), isWritten: true });
    }
    return [first, ...others];
  }

  /** Journals how a call ended, with its commit; the attempt's fence comes first. */
  recordOutcome(run: Run, call: PlannedCall, outcome: Outcome): Run {
    const { at, mode } = call;
    const act = findAct(run, at.step, at.option);
    const state = mode === "do" ? "started" : "undoing";
    if (act?.state !== state || act.attempt !== call.attempt) return run;
    if (outcome.is === "bug") return this.#unsent(run, call, outcome.fault);
    if (outcome.is === "fault") {
      const isHopeless = mode === "do" && outcome.cause instanceof Unrepeatable;
      if (isHopeless && !isPastPivot(sagaOf(this.#sagas, run), run)) {
        return recordDoubt(recordFault(run, at, outcome.fault, this.#nowMs), at, this.#nowMs);
      }
      const policy = policyOf(bodyOf(sagaOf(this.#sagas, run), at), mode, run);
      const delayMs = retryDelayMs(policy, act.attempt, this.#chance());
      return recordFault(run, at, outcome.fault, this.#nowMs + delayMs);
    }
    if (mode === "undo") return recordUndone(run, at, this.#nowMs);
    if (outcome.is === "refusal") return this.#refused(run, at, outcome.refusal);
    return this.#done(run, at, outcome.value);
  }

  /** A new run that reads first, or is turned back while it only read, writes nothing. */
  #isAboutToWrite(run: Run): boolean {
    const saga = sagaOf(this.#sagas, run);
    const action = nextAction(saga, run, this.#nowMs);
    switch (action.act) {
      case "skip":
        return this.#isAboutToWrite(recordSkipped(run, action.step, this.#nowMs));
      case "call":
        return bodyOf(saga, action.at).reads !== true;
      case "turn":
      case "finish":
      case "rest":
        return !isUntouched(saga, run);
      default:
        return true;
    }
  }

  #advance(draft: Draft, changed: Run, before: Run): Planned {
    const saga = sagaOf(this.#sagas, changed);
    const { isNew } = draft;
    let run = changed;
    for (;;) {
      const action = nextAction(saga, run, this.#nowMs);
      if (action.act === "call") return this.#plan(saga, run, isNew, action);
      if (action.act === "rest") {
        const isWritten = isNew ? !isUntouched(saga, run) : run !== before;
        const due = action.untilMs === undefined ? {} : { dueAtMs: action.untilMs };
        return { run, isNew, isWritten, ...due };
      }
      run = this.#local(saga, run, isNew, action);
    }
  }

  #plan(
    saga: AnySaga,
    run: Run,
    isNew: boolean,
    action: Extract<Action, { act: "call" }>,
  ): Planned {
    const { mode, at, attempt } = action;
    const body = bodyOf(saga, at);
    const timeoutMs = body.timeoutMs ?? CALL_TIMEOUT_MS;
    const intended = recordIntent(run, mode, at, attempt, this.#nowMs);
    const key = actKey(run.runId, at.step, at.option);
    const make = callOf(body, intended, at, mode, key);
    return {
      run: intended,
      isNew,
      isWritten: !isNew || !isUntouched(saga, intended),
      call: { mode, at, attempt, key, timeoutMs, make },
      dueAtMs: this.#nowMs + timeoutMs + LEASE_SLACK_MS,
    };
  }

  #local(saga: AnySaga, run: Run, isNew: boolean, action: LocalAction): Run {
    const nowMs = this.#nowMs;
    switch (action.act) {
      case "skip":
        return recordSkipped(run, action.step, nowMs);
      case "wait":
        return recordWaiting(run, action.step, action.untilMs, nowMs);
      case "doubt":
        return recordDoubt(run, action.at, nowMs);
      case "turn":
        return recordTurn(run, action.because, nowMs);
      case "commit":
      case "take":
        return this.#committed(saga, run, action);
      case "stick":
        return this.#stuck(run, action.at, false);
      case "finish":
        if (action.end === "undone" && !(isNew && isUntouched(saga, run))) {
          assert(run.turned, "only a run that turned is undone");
          saga.ending.turnedBack?.({ ...this.#context(run), because: run.turned.because });
        }
        return { ...run, ended: action.end };
    }
  }

  /**
   * Nothing is repeated. Above the pivot the run turns back, and undoes the step only where an
   * earlier attempt of it may have arrived; below it, and in an undo, an operator has to look.
   */
  #unsent(run: Run, { at, mode, attempt }: PlannedCall, fault: string): Run {
    const known = recordFault(run, at, fault, this.#nowMs);
    if (mode === "undo") return this.#stuck(known, at, false);
    const isFirst = attempt === 1;
    const because = { refused: BUG_BEFORE_SENDING, detail: { step: at.step } };
    if (!isPastPivot(sagaOf(this.#sagas, run), run)) {
      return isFirst
        ? recordRefused(known, at, because, this.#nowMs)
        : recordDoubt(known, at, this.#nowMs);
    }
    const told = isFirst ? recordUnsent(known, at, because) : known;
    return this.#stuck(told, at, isFirst);
  }

  /** `isUnsent`: nothing of the step ever left, so nothing outside has to be waited for. */
  #stuck(run: Run, at: At, isUnsent: boolean): Run {
    const because = findAct(run, at.step, at.option)?.fault;
    const gaveUp = { step: at.step, because, isUnsent };
    sagaOf(this.#sagas, run).ending.stuck?.({ ...this.#context(run), ...gaveUp });
    return { ...run, stuckAt: at };
  }

  /** A step without a call: its commit is all of it. */
  #committed(saga: AnySaga, run: Run, action: Extract<LocalAction, { act: "commit" | "take" }>) {
    const step = saga.steps.find(({ name }) => name === action.step);
    assert(step && step.kind !== "firstOf", `${action.step} is local`);
    const value = action.act === "take" ? action.payload : undefined;
    const done = doneValues(run);
    const key = actKey(run.runId, action.step);
    step.commit?.({ ...this.#context(run), done, value, key });
    return recordDone(run, { step: action.step }, value, this.#nowMs);
  }

  #done(run: Run, at: At, value: unknown): Run {
    const body = bodyOf(sagaOf(this.#sagas, run), at);
    const key = actKey(run.runId, at.step, at.option);
    // A run that turned while the call was out will undo it: nothing is built on its value.
    if (!run.turned) {
      body.commit?.({ ...this.#context(run), done: doneValues(run), value, key });
    }
    return recordDone(run, at, value, this.#nowMs);
  }

  #refused(run: Run, at: At, refusal: Refusal): Run {
    const saga = sagaOf(this.#sagas, run);
    assert(!isPastPivot(saga, run), `${at.step} is below the pivot and cannot refuse`);
    return recordRefused(run, at, refusal, this.#nowMs);
  }

  #context(run: Run) {
    return {
      tx: this.#tx,
      input: run.input,
      runId: run.runId,
      nowMs: this.#nowMs,
      begin: (name: string, runId: string, input: unknown) => {
        const { version } = latest(this.#sagas, name);
        const startedAtMs = this.#nowMs;
        this.#begun.push({ runId, saga: name, version, input, startedAtMs, acts: [], events: [] });
      },
    };
  }
}

type LocalAction = Exclude<Action, { act: "call" } | { act: "rest" }>;

/** The version that a run began with, not the newest. */
export function sagaOf(sagas: readonly AnySaga[], run: Run): AnySaga {
  const saga = sagas.find(({ name, version }) => name === run.saga && version === run.version);
  assert(saga, `${run.saga} version ${run.version} is still known`);
  return saga;
}

export function latest(sagas: readonly AnySaga[], name: string): AnySaga {
  const saga = sagas
    .filter((candidate) => candidate.name === name)
    .toSorted((a, b) => b.version - a.version)[0];
  assert(saga, `there is a saga ${name}`);
  return saga;
}

/** A run that has only read left no trace outside: it needs no row to be forgotten. */
function isUntouched(saga: AnySaga, run: Run): boolean {
  return run.acts.every(({ step, state }) => {
    const definition = saga.steps.find(({ name }) => name === step);
    return state === "skipped" || (definition?.kind === "step" && definition.reads === true);
  });
}

function callOf(body: Body<unknown, unknown>, run: Run, at: At, mode: "do" | "undo", key: string) {
  const act = findAct(run, at.step, at.option);
  assert(act, "a call has its intent");
  const done = doneValues(run);
  const { input, startedAtMs } = run;
  const { value, attempt, startedAtMs: sinceMs } = act;
  return (deps: unknown, nowMs: number): unknown => {
    const ctx = { input, done, deps, key, nowMs, startedAtMs, sinceMs, attempt };
    if (mode === "do") return body.do?.(ctx);
    return typeof body.undo === "function" ? body.undo({ ...ctx, value }) : undefined;
  };
}
