import type { Refusal } from "../../schema/outcome.ts";
import type { At } from "./next-action.ts";
import { type Act, findAct, type Run, type StoredEvent } from "./run.ts";

/** Pure moves of a journal: each answers the run as it stands after one thing happened. */

/** An intent: written before its call leaves the object. */
export function recordIntent(
  run: Run,
  mode: "do" | "undo",
  at: At,
  attempt: number,
  nowMs: number,
) {
  const before = findAct(run, at.step, at.option);
  const state = mode === "do" ? "started" : "undoing";
  const again = before?.state === state;
  return withAct(run, {
    ...at,
    state,
    attempt,
    startedAtMs: again ? before.startedAtMs : nowMs,
    attemptAtMs: nowMs,
    // What undo works from, and what an operator wants to see.
    ...(before?.value === undefined ? {} : { value: before.value }),
    ...(before?.fault === undefined ? {} : { fault: before.fault }),
    ...(before?.refusal === undefined ? {} : { refusal: before.refusal }),
  });
}

/**
 * An intent of what follows, written with the intent before it. One that stands there already was
 * there when an isolate died: its call may have left, which its attempt tells from now on.
 */
export function recordForeseen(run: Run, step: string, nowMs: number): Run {
  const before = findAct(run, step);
  if (before && before.state !== "foreseen") return run;
  const attempt = (before?.attempt ?? 0) + 1;
  const startedAtMs = before?.startedAtMs ?? nowMs;
  return withAct(run, { step, state: "foreseen", attempt, startedAtMs, attemptAtMs: nowMs });
}

/** What was foreseen has not left and will not now: it needs no undo. */
export function recordNotSent(run: Run, step: string): Run {
  const act = findAct(run, step);
  if (act?.state !== "foreseen" || act.attempt > 1) return run;
  return { ...run, acts: run.acts.filter((each) => each !== act) };
}

export function recordDone(run: Run, at: At, value: unknown, nowMs: number): Run {
  const before = findAct(run, at.step, at.option);
  return withAct(run, { ...ended(before, at, nowMs), state: "done", value });
}

export function recordRefused(run: Run, at: At, refusal: Refusal, nowMs: number): Run {
  const before = findAct(run, at.step, at.option);
  return withAct(run, { ...ended(before, at, nowMs), state: "refused", refusal });
}

export function recordUndone(run: Run, at: At, nowMs: number): Run {
  return withAct(run, { ...ended(findAct(run, at.step, at.option), at, nowMs), state: "undone" });
}

/** Why a call was never sent, which no repeat changes; the act stays open for an operator. */
export function recordUnsent(run: Run, at: At, refusal: Refusal): Run {
  const before = findAct(run, at.step, at.option);
  return before ? withAct(run, { ...before, refusal }) : run;
}

/** No definite answer: the same attempt's act stays open until `retryAtMs`. */
export function recordFault(run: Run, at: At, fault: string, retryAtMs: number): Run {
  const before = findAct(run, at.step, at.option);
  return before ? withAct(run, { ...before, fault, retryAtMs }) : run;
}

export function recordDoubt(run: Run, at: At, nowMs: number): Run {
  return withAct(run, { ...ended(findAct(run, at.step, at.option), at, nowMs), state: "unknown" });
}

export function recordSkipped(run: Run, step: string, nowMs: number): Run {
  return withAct(run, { ...ended(undefined, { step }, nowMs), state: "skipped" });
}

export function recordWaiting(run: Run, step: string, untilMs: number | undefined, nowMs: number) {
  const until = untilMs === undefined ? {} : { retryAtMs: untilMs };
  const before = findAct(run, step);
  const startedAtMs = before?.startedAtMs ?? nowMs;
  const attempt = (before?.attempt ?? 0) + 1;
  const act = { step, attempt, startedAtMs, attemptAtMs: nowMs, ...until };
  return withAct(run, { ...act, state: "waiting" });
}

export function recordEvent(run: Run, event: StoredEvent): Run {
  const known = run.events.some(({ name, key }) => name === event.name && key === event.key);
  return known ? run : { ...run, events: [...run.events, event] };
}

export function recordTurn(run: Run, because: Refusal, nowMs: number): Run {
  return run.turned ? run : { ...run, turned: { because, atMs: nowMs } };
}

/** Something outside moved: what waits for its next attempt need not wait any longer. */
export function recordNudge(run: Run, nowMs: number): Run {
  const acts = run.acts.map((act) => {
    const isBetweenAttempts = act.state === "started" || act.state === "undoing";
    return isBetweenAttempts && act.retryAtMs !== undefined ? { ...act, retryAtMs: nowMs } : act;
  });
  return { ...run, acts };
}

/** Gives a stuck run a fresh budget for the act at which it gave up. */
export function recordResumed(run: Run, nowMs: number): Run {
  const { stuckAt, ...rest } = run;
  if (!stuckAt) return run;
  const act = findAct(rest, stuckAt.step, stuckAt.option);
  if (!act) return rest;
  const { refusal, ...again } = act;
  // Why a call was not sent is past; what a step refused is what its undo works from.
  const kept = refusal && act.state === "undoing" ? { refusal } : {};
  return withAct(rest, { ...again, ...kept, startedAtMs: nowMs, retryAtMs: nowMs });
}

function ended(before: Act | undefined, at: At, nowMs: number): Omit<Act, "state"> {
  const { retryAtMs: _retryAtMs, ...kept } = before ?? {
    attempt: 1,
    startedAtMs: nowMs,
    attemptAtMs: nowMs,
  };
  return { ...kept, ...at, endedAtMs: nowMs };
}

function withAct(run: Run, act: Act): Run {
  const index = run.acts.findIndex(
    ({ step, option }) => step === act.step && option === act.option,
  );
  const acts = index === -1 ? [...run.acts, act] : run.acts.with(index, act);
  return { ...run, acts };
}
