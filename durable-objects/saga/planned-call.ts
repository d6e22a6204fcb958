import { assert, type Refusal } from "../../schema/outcome.ts";
import { type AnySaga, type At, bodyOf, nextAction } from "./next-action.ts";
import { recordDone, recordIntent, recordSkipped } from "./record.ts";
import { actKey, doneValues, findAct, type Run } from "./run.ts";
import type { Body } from "./step.ts";

export const CALL_TIMEOUT_MS = 10_000; // longer than any call should take; the outcome of one that hangs is unknown

/** A call whose intent is journaled, or which needs none, and which may now leave the object. */
export type PlannedCall = {
  readonly mode: "do" | "undo";
  readonly at: At;
  readonly attempt: number;
  readonly plannedAtMs: number;
  readonly key: string;
  readonly timeoutMs: number;
  /** Its effect lapses by itself. */
  readonly lapses: boolean;
  readonly make: (deps: unknown, nowMs: number) => unknown;
};

/** How a call ended. A late one (its attempt is no longer the present one) changes nothing. */
export type Outcome =
  | { readonly is: "answer"; readonly value: unknown }
  | { readonly is: "refusal"; readonly refusal: Refusal }
  | { readonly is: "fault"; readonly fault: string; readonly cause: unknown }
  /** A mistake of ours: this attempt was never sent, and a repeat would not be either. */
  | { readonly is: "bug"; readonly fault: string; readonly cause: unknown };

/** What a call came to, and when, epoch ms; not journaled yet. */
export type Heard = {
  readonly call: PlannedCall;
  readonly outcome: Outcome;
  readonly atMs: number;
};

type Intent = {
  readonly mode: "do" | "undo";
  readonly at: At;
  readonly attempt: number;
};

/** The step whose intent is written with this one's: only waits, which may be skipped, lie between. */
export function stepAhead(saga: AnySaga, name: string): string | undefined {
  const at = saga.steps.findIndex((step) => step.name === name);
  const own = saga.steps[at];
  // What is not written itself has no commit to share.
  if (own?.kind === "step" && (own.reads || own.lapses)) return undefined;
  const next = saga.steps.slice(at + 1).find(({ kind }) => kind !== "waitFor");
  return next?.kind === "step" && next.ahead ? next.name : undefined;
}

/** The call of an intent that stands in `run`. */
export function plannedCall(saga: AnySaga, run: Run, intent: Intent, nowMs: number): PlannedCall {
  const { mode, at, attempt } = intent;
  const body = bodyOf(saga, at);
  const key = actKey(run.runId, at.step, at.option);
  return {
    ...{ mode, at, attempt },
    plannedAtMs: nowMs,
    key,
    timeoutMs: body.timeoutMs ?? CALL_TIMEOUT_MS,
    lapses: body.lapses === true,
    make: callOf(body, run, intent, key),
  };
}

/**
 * What may leave before that which was heard is written: the call whose intent was written ahead, if it is
 * the very next thing to do. Pure: what was heard is recorded upon `run` when this call is back.
 */
export function foreseenCall(
  saga: AnySaga,
  run: Run,
  { call, outcome }: Heard,
  nowMs: number,
): PlannedCall | undefined {
  if (call.mode === "undo" || outcome.is !== "answer" || run.turned) return undefined;
  const { at } = call;
  const step = stepAhead(saga, at.step);
  if (!step || findAct(run, step)?.state !== "foreseen") return undefined;
  const act = findAct(run, at.step, at.option);
  if (act?.state !== "started" || act.attempt !== call.attempt) return undefined;
  let next = recordDone(run, at, outcome.value, nowMs);
  let action = nextAction(saga, next, nowMs);
  while (action.act === "skip") {
    next = recordSkipped(next, action.step, nowMs);
    action = nextAction(saga, next, nowMs);
  }
  if (action.act !== "call" || action.at.step !== step) return undefined;
  const intended = recordIntent(next, "do", action.at, action.attempt, nowMs);
  return plannedCall(saga, intended, action, nowMs);
}

function callOf(body: Body<unknown, unknown>, run: Run, { at, mode }: Intent, key: string) {
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
