import type { BreakerState } from "../../schema/routing.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** What is judged: long enough for a few calls of a quiet shop, short enough to forget a hiccup. */
export const WINDOW_MS = MINUTE_MS;
/** One lost answer is chance and two can be; each one more leaves a shopper at "processing". */
export const FAULTS_MIN = 3;
/** With more good answers than faults, leaving the provider out would lose more than it saves. */
export const FAULT_SHARE_MIN = 0.5;
/** A restart at a provider takes seconds; nobody has to be sent elsewhere for long after one. */
export const WAIT_FIRST_MS = 10 * SECOND_MS;
/** However long an outage lasts, its end is noticed within this and a few sales. */
export const WAIT_MAX_MS = 2 * MINUTE_MS;
/** Good answers in a row that bring a provider back: one may be luck, more cost sales their speed. */
export const PROBES_MIN = 3;
/** The share of sales that probe at first: if the provider is still down, few are caught by it. */
export const PROBE_SHARE_MIN = 0.1;
/** After so long without a verdict every sale probes: a quiet shop has no ten sales to wait for. */
export const PROBE_ALL_AFTER_MS = MINUTE_MS;

/** The circuit of one provider and method in one region. Plain data: it travels and is stored. */
export type Breaker = {
  readonly isOpen: boolean;
  /** When it opened, or closed again, epoch ms. */
  readonly sinceMs: number;
  /** While open: from then on a share of sales probes, epoch ms. */
  readonly probeAtMs: number;
  /** How often it has opened since it was last closed; each waits twice as long. */
  readonly opened: number;
  /** While probing: good answers since the last fault. */
  readonly passed: number;
};

/** How one call went, as health sees it: a bank's no is a good answer of the provider. */
export type Verdict = { readonly isFault: boolean; readonly atMs: number };

/** What the last `WINDOW_MS` held, this verdict included. */
export type Tally = { readonly calls: number; readonly faults: number };

export function closedBreaker(sinceMs: number): Breaker {
  return { isOpen: false, sinceMs, probeAtMs: 0, opened: 0, passed: 0 };
}

export function stateOf(breaker: Breaker, nowMs: number): BreakerState {
  if (!breaker.isOpen) return "closed";
  return nowMs < breaker.probeAtMs ? "open" : "half_open";
}

/** When it came into the state that it is in now, epoch ms. */
export function stateSinceMs(breaker: Breaker, nowMs: number): number {
  return stateOf(breaker, nowMs) === "half_open" ? breaker.probeAtMs : breaker.sinceMs;
}

/** The breaker after a call. While it is open, calls that were under way before decide nothing. */
export function judged(breaker: Breaker, verdict: Verdict, tally: Tally): Breaker {
  const { isFault, atMs } = verdict;
  switch (stateOf(breaker, atMs)) {
    case "closed":
      return isFault && isTooMuch(tally) ? reopened(breaker, atMs) : breaker;
    case "open":
      return breaker;
    case "half_open":
      if (isFault) return reopened(breaker, atMs);
      if (breaker.passed + 1 >= PROBES_MIN) return closedBreaker(atMs);
      return { ...breaker, passed: breaker.passed + 1 };
  }
}

export type BreakerChange = { readonly from: BreakerState; readonly to: BreakerState };

/**
 * What a call changed, in order. That a breaker is half open is known by the clock, and a change
 * with the first answer that comes then.
 */
export function changesOf(
  before: Breaker,
  after: Breaker,
  { atMs }: Verdict,
): readonly BreakerChange[] {
  const from = stateOf(before, atMs);
  const to = stateOf(after, atMs);
  const isFirstProbe = from === "half_open" && before.passed === 0;
  return [
    ...(isFirstProbe ? [{ from: "open", to: "half_open" } as const] : []),
    ...(from === to ? [] : [{ from, to }]),
  ];
}

function isTooMuch({ calls, faults }: Tally): boolean {
  return faults >= FAULTS_MIN && faults >= calls * FAULT_SHARE_MIN;
}

function reopened({ isOpen, sinceMs, opened }: Breaker, atMs: number): Breaker {
  const waitMs = Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** Math.min(opened, 30));
  return {
    isOpen: true,
    sinceMs: isOpen ? sinceMs : atMs, // an outage is as old as its first opening
    probeAtMs: atMs + waitMs,
    opened: opened + 1,
    passed: 0,
  };
}

/** Whether a sale with this draw, in [0, 1), is one of those that try a half-open provider. */
export function probes(breaker: Breaker, draw: number, nowMs: number): boolean {
  const share = PROBE_SHARE_MIN + (nowMs - breaker.probeAtMs) / PROBE_ALL_AFTER_MS;
  return stateOf(breaker, nowMs) === "half_open" && draw < share;
}
