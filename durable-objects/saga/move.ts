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
  type Heard,
  type Outcome,
  type PlannedCall,
  plannedCall,
  stepAhead,
} from "./planned-call.ts";
import {
  recordDone,
  recordDoubt,
  recordFault,
  recordForeseen,
  recordIntent,
  recordNotSent,
  recordRefused,
  recordSkipped,
  recordTurn,
  recordUndone,
  recordUnsent,
  recordWaiting,
} from "./record.ts";
import { retryDelayMs } from "./retry.ts";
import { type Act, actKey, doneValues, findAct, type Run } from "./run.ts";

/** After this the alarm takes over: the call timed out, or a crash took it. */
export const LEASE_SLACK_MS = 5_000;

/** A run as it stands at the end of a move. */
export type Planned = {
  readonly run: Run;
  readonly isNew: boolean;
  /** False while a new run has only read, or has what lapses out: its first commit is yet to come. */
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
  readonly #tx: T | undefined;
  readonly #nowMs: number;
  readonly #chance: () => number;
  readonly #begun: Run[] = [];

  /** Without a transaction it can only make moves that write nothing. */
  constructor(sagas: readonly AnySaga[], tx: T | undefined, nowMs: number, chance: () => number) {
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
    const lapses = isNew && this.#hasLapsingOut(run);
    if (lapses) alongside?.(run); // its outcome is written, and may build on the sale
    const changed = change(run);
    if (isNew && !lapses && this.#isAboutToWrite(changed)) alongside?.(changed);
    const first = this.#advance({ run, isNew }, changed, run);
    const others: Planned[] = [];
    for (let next = this.#begun.shift(); next; next = this.#begun.shift()) {
      others.push({ ...this.#advance({ run: next, isNew: true }, next, next), isWritten: true });
    }
    return [first, ...others];
  }

  /** The move of a new run that has only read and goes on so; undefined where it has to be written. */
  unwritten(run: Run, change: (run: Run) => Run): Planned | undefined {
    if (this.#hasLapsingOut(run)) return undefined;
    const changed = change(run);
    if (this.#isAboutToWrite(changed)) return undefined;
    return this.#advance({ run, isNew: true }, changed, run);
  }

  /** Journals what was heard since the last commit, in its order. */
  recordHeard(run: Run, heard: readonly Heard[]): Run {
    let next = run;
    for (const [index, { call, outcome, atMs }] of heard.entries()) {
      const { at, attempt, mode, plannedAtMs } = call;
      const isAhead = findAct(next, at.step, at.option)?.state === "foreseen";
      const out = isAhead ? recordIntent(next, mode, at, attempt, plannedAtMs) : next;
      const known = this.recordOutcome(out, call, outcome, atMs);
      const isLast = index === heard.length - 1;
      const unsent = isLast && mode === "do" && known !== out && this.#stepAhead(run, at.step);
      next = unsent ? recordNotSent(known, unsent) : known;
    }
    return next;
  }

  /** Journals how a call ended, with its commit; the attempt's fence comes first. */
  recordOutcome(run: Run, call: PlannedCall, outcome: Outcome, atMs = this.#nowMs): Run {
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
    return this.#done(run, at, outcome.value, atMs);
  }

  #stepAhead(run: Run, step: string): string | undefined {
    return stepAhead(sagaOf(this.#sagas, run), step);
  }

  #hasLapsingOut(run: Run): boolean {
    const saga = sagaOf(this.#sagas, run);
    return run.acts.some((act) => isLapsingOut(saga, act));
  }

  /** A new run that reads first, or is turned back while it only read, writes nothing. */
  #isAboutToWrite(run: Run): boolean {
    const saga = sagaOf(this.#sagas, run);
    const action = nextAction(saga, run, this.#nowMs);
    switch (action.act) {
      case "skip":
        return this.#isAboutToWrite(recordSkipped(run, action.step, this.#nowMs));
      case "call": {
        const { reads, lapses } = bodyOf(saga, action.at);
        return !reads && !lapses;
      }
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
    const own = recordIntent(run, mode, at, attempt, this.#nowMs);
    const ahead = mode === "do" ? stepAhead(saga, at.step) : undefined;
    const intended = ahead ? recordForeseen(own, ahead, this.#nowMs) : own;
    const call = plannedCall(saga, intended, action, this.#nowMs);
    const { timeoutMs } = call;
    return {
      run: intended,
      isNew,
      isWritten: !isNew || !isUntouched(saga, intended),
      call,
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

  #done(run: Run, at: At, value: unknown, atMs: number): Run {
    const body = bodyOf(sagaOf(this.#sagas, run), at);
    const key = actKey(run.runId, at.step, at.option);
    // A run that turned while the call was out will undo it: nothing is built on its value.
    if (!run.turned) {
      body.commit?.({ ...this.#context(run), done: doneValues(run), value, key });
    }
    return recordDone(run, at, value, atMs);
  }

  #refused(run: Run, at: At, refusal: Refusal): Run {
    const saga = sagaOf(this.#sagas, run);
    assert(!isPastPivot(saga, run), `${at.step} is below the pivot and cannot refuse`);
    return recordRefused(run, at, refusal, this.#nowMs);
  }

  #context(run: Run) {
    assert(this.#tx !== undefined, "what is committed stands in a transaction");
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

/** A run that has only read, or has out what lapses by itself, needs no row to be forgotten. */
function isUntouched(saga: AnySaga, run: Run): boolean {
  return run.acts.every((act) => {
    const step = saga.steps.find(({ name }) => name === act.step);
    const isReading = step?.kind === "step" && step.reads === true;
    return act.state === "skipped" || isReading || isLapsingOut(saga, act);
  });
}

/** Its first answer is still to come. From then on something of it may stand that is not its own end. */
function isLapsingOut(saga: AnySaga, { step: name, state, fault }: Act): boolean {
  const step = saga.steps.find((each) => each.name === name);
  const lapses = step?.kind === "step" && step.lapses === true;
  return lapses && state === "started" && fault === undefined;
}
