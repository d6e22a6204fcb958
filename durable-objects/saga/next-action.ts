import { assert, isRefusal, type Refusal } from "../../schema/outcome.ts";
import { lookAgainMs, type RetryPolicy, retry } from "./retry.ts";
import { type Act, actKey, doneAct, doneValues, findAct, type Run, type RunEnd } from "./run.ts";
import type { Saga } from "./saga.ts";
import type { Body, StepDefinition } from "./step.ts";

/** What a run does next. Everything but `call` and `rest` is local and happens at once. */
export type Action =
  | {
      readonly act: "call";
      readonly mode: "do" | "undo";
      readonly at: At;
      readonly attempt: number;
    }
  | { readonly act: "commit"; readonly step: string }
  | { readonly act: "skip"; readonly step: string }
  | { readonly act: "wait"; readonly step: string; readonly untilMs?: number }
  | { readonly act: "take"; readonly step: string; readonly payload: unknown }
  | { readonly act: "doubt"; readonly at: At }
  | { readonly act: "turn"; readonly because: Refusal }
  | { readonly act: "stick"; readonly at: At }
  | { readonly act: "finish"; readonly end: RunEnd }
  | { readonly act: "rest"; readonly untilMs?: number };

export type At = { readonly step: string; readonly option?: string };

/** Why a run turns back when its retries are spent; the commerce above words it for people. */
export const OUTCOME_UNKNOWN = "outcome_unknown";
export const WAIT_TIMED_OUT = "wait_timed_out";
/** A mistake of ours kept the call from being sent: nothing happened, and nobody said no. */
export const BUG_BEFORE_SENDING = "bug_before_sending";

// A saga whose own types do not matter here.
// biome-ignore lint/suspicious/noExplicitAny: inputs differ from saga to saga, variance forbids unknown
export type AnySaga = Saga<any, any, any>;
type AnyStep = StepDefinition<unknown, unknown>;
type AnyBody = Body<unknown, unknown>;

/** A pure function of (saga, journal, now): the fault matrix runs it without a server. */
export function nextAction(saga: AnySaga, run: Run, nowMs: number): Action {
  if (run.stuckAt || run.ended) return { act: "rest" };
  if (run.turned) return unwind(saga, run, nowMs);

  for (const step of saga.steps) {
    const action = forward(saga, step, run, nowMs);
    if (action) return action;
  }
  return { act: "finish", end: "completed" };
}

/** Whether the run passed its point of no return; from then on it cannot be turned back. */
export function isPastPivot(saga: AnySaga, run: Run): boolean {
  const pivot = saga.steps.find((step) => step.kind === "pivot");
  return pivot !== undefined && doneAct(run, pivot.name) !== undefined;
}

/** The functions behind an act: a step's own, or those of one of its options. */
export function bodyOf(saga: AnySaga, at: At): AnyBody {
  const step = saga.steps.find(({ name }) => name === at.step);
  assert(step, `${saga.name} has a step ${at.step}`);
  if (step.kind === "firstOf" && at.option !== undefined) return step.option(at.option);
  assert(step.kind === "step", `${at.step} of ${saga.name} makes calls`);
  return step;
}

export function policyOf(body: AnyBody, mode: "do" | "undo", run: Run): RetryPolicy {
  if (mode === "undo") return body.undoRetry ?? retry.persistently;
  const { retry: policy = retry.briefly } = body;
  return typeof policy === "function"
    ? policy({ input: run.input, done: doneValues(run) })
    : policy;
}

function forward(saga: AnySaga, step: AnyStep, run: Run, nowMs: number): Action | undefined {
  const ctx = { input: run.input, done: doneValues(run), nowMs };
  if (step.kind === "firstOf") return firstOf(saga, step, run, nowMs);
  const act = findAct(run, step.name);
  if (act?.state === "done" || act?.state === "skipped") return undefined;
  if (step.kind === "pivot") return { act: "commit", step: step.name };
  if (!act && step.unless?.(ctx)) return { act: "skip", step: step.name };
  if (step.kind === "waitFor") return awaitEvent(step, run, act, nowMs);
  if (!step.do) return { act: "commit", step: step.name };
  return call(saga, run, { step: step.name }, act, nowMs) ?? turnBecauseOf(act);
}

/** Begins, repeats or gives up a `do`; undefined when its act has an answer to decide by. */
function call(saga: AnySaga, run: Run, at: At, act: Act | undefined, nowMs: number) {
  const first = { act: "call", mode: "do", at, attempt: act?.attempt ?? 1 } as const;
  if (!act || act.state === "foreseen") return first;
  if (act.state !== "started") return undefined;
  if (nowMs - act.startedAtMs > policyOf(bodyOf(saga, at), "do", run).budgetMs) {
    return isPastPivot(saga, run)
      ? ({ act: "stick", at } as const)
      : ({ act: "doubt", at } as const);
  }
  return again("do", at, act, nowMs);
}

function again(mode: "do" | "undo", at: At, act: Act, nowMs: number): Action {
  const { retryAtMs } = act;
  if (retryAtMs !== undefined && retryAtMs > nowMs) return { act: "rest", untilMs: retryAtMs };
  return { act: "call", mode, at, attempt: act.attempt + 1 };
}

function firstOf(
  saga: AnySaga,
  step: Extract<AnyStep, { kind: "firstOf" }>,
  run: Run,
  nowMs: number,
): Action | undefined {
  if (doneAct(run, step.name)) return undefined;
  let because: Refusal = { refused: "no_option", detail: { step: step.name } };
  for (const option of step.options({ input: run.input, done: doneValues(run) })) {
    const at = { step: step.name, option };
    const act = findAct(run, step.name, option);
    const action = call(saga, run, at, act, nowMs);
    if (action) return action;
    assert(act, "an option without an action has an act");
    // Money may stand there: nothing else is tried before this is known to be undone.
    if (act.state === "unknown" || act.state === "undoing") return undo(saga, run, act, nowMs);
    because = reasonOf(act);
    if (act.state === "refused" && step.option(option).goesOn?.(because) === false) break;
  }
  return { act: "turn", because };
}

function awaitEvent(
  step: Extract<AnyStep, { kind: "waitFor" }>,
  run: Run,
  act: Act | undefined,
  nowMs: number,
): Action {
  const winner = doneAct(run, step.from);
  assert(winner, `${step.name} waits for what ${step.from} began`);
  const key = actKey(run.runId, winner.step, winner.option);
  const event = run.events.find((stored) => stored.name === step.event && stored.key === key);
  const isForward = step.lookAgain !== undefined;
  if (event && !isForward && isRefusal(event.payload)) {
    return { act: "turn", because: event.payload };
  }
  if (event) return { act: "take", step: step.name, payload: event.payload };
  if (step.lookAgain) return look(step.name, step.lookAgain, act, nowMs);
  if (!act) {
    const untilMs = step.until?.({ input: run.input, done: doneValues(run), nowMs });
    return { act: "wait", step: step.name, ...(untilMs === undefined ? {} : { untilMs }) };
  }
  if (act.retryAtMs !== undefined && act.retryAtMs <= nowMs) {
    return { act: "turn", because: step.timeout ?? { refused: WAIT_TIMED_OUT } };
  }
  return { act: "rest", ...(act.retryAtMs === undefined ? {} : { untilMs: act.retryAtMs }) };
}

/** Waits on, and comes due again ever more rarely: whoever drives the run then looks for the event. */
function look(
  step: string,
  pace: { firstMs: number; delayMaxMs: number },
  act: Act | undefined,
  nowMs: number,
): Action {
  const dueAtMs = act?.retryAtMs;
  if (dueAtMs !== undefined && dueAtMs > nowMs) return { act: "rest", untilMs: dueAtMs };
  return { act: "wait", step, untilMs: nowMs + lookAgainMs(pace, (act?.attempt ?? 0) + 1) };
}

function turnBecauseOf(act: Act | undefined): Action {
  assert(act, "a step without an action has an act");
  return { act: "turn", because: reasonOf(act) };
}

function reasonOf(act: Act): Refusal {
  if (act.refusal) return act.refusal;
  return { refused: OUTCOME_UNKNOWN, detail: { step: act.step } };
}

/** Newest first. A step that was begun is undone whether or not its answer ever came. */
function unwind(saga: AnySaga, run: Run, nowMs: number): Action {
  for (const act of run.acts.toReversed()) {
    if (!needsUndo(saga, act)) continue;
    return undo(saga, run, act, nowMs);
  }
  return { act: "finish", end: "undone" };
}

function needsUndo(saga: AnySaga, act: Act): boolean {
  const step = saga.steps.find(({ name }) => name === act.step);
  if (step?.kind === "waitFor") return false;
  const began = ["foreseen", "started", "done", "unknown", "undoing"].includes(act.state);
  if (!began && act.state !== "refused") return false;
  const body = bodyOf(saga, act);
  return typeof body.undo === "function" && (began || body.undoesRefusal === true);
}

function undo(saga: AnySaga, run: Run, act: Act, nowMs: number): Action {
  const at = act.option === undefined ? { step: act.step } : { step: act.step, option: act.option };
  if (act.state !== "undoing") return { act: "call", mode: "undo", at, attempt: 1 };
  if (nowMs - act.startedAtMs > policyOf(bodyOf(saga, at), "undo", run).budgetMs) {
    return { act: "stick", at };
  }
  return again("undo", at, act, nowMs);
}
