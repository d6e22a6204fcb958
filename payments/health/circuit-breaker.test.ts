import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Breaker,
  closedBreaker,
  FAULTS_MIN,
  judged,
  PROBE_ALL_AFTER_MS,
  PROBES_MIN,
  probes,
  stateOf,
  stateSinceMs,
  type Tally,
  WAIT_FIRST_MS,
  WAIT_MAX_MS,
} from "./circuit-breaker.ts";

const T0 = 1_000_000;
const fault = (atMs: number) => ({ isFault: true, atMs });
const good = (atMs: number) => ({ isFault: false, atMs });
const tally = (calls: number, faults: number): Tally => ({ calls, faults });
const OPEN = judged(closedBreaker(0), fault(T0), tally(3, 3));

test.each([
  { faults: 1, calls: 1, state: "closed" },
  { faults: 2, calls: 2, state: "closed" },
  { faults: 3, calls: 3, state: "open" },
  { faults: 3, calls: 6, state: "open" },
  { faults: 3, calls: 7, state: "closed" },
  { faults: 49, calls: 100, state: "closed" },
  { faults: 50, calls: 100, state: "open" },
])("$faults faults in $calls calls of a minute leave it $state", ({ faults, calls, state }) => {
  const breaker = judged(closedBreaker(0), fault(T0), tally(calls, faults));

  expect(stateOf(breaker, T0)).toBe(state);
});

test("a good answer never opens it, whatever the minute held", () => {
  expect(judged(closedBreaker(0), good(T0), tally(9, 8))).toEqual(closedBreaker(0));
});

test.each([
  { afterMs: 0, state: "open", sinceMs: T0 },
  { afterMs: WAIT_FIRST_MS - 1, state: "open", sinceMs: T0 },
  { afterMs: WAIT_FIRST_MS, state: "half_open", sinceMs: T0 + WAIT_FIRST_MS },
])("$afterMs ms after it opened it is $state", ({ afterMs, state, sinceMs }) => {
  expect(stateOf(OPEN, T0 + afterMs)).toBe(state);
  expect(stateSinceMs(OPEN, T0 + afterMs)).toBe(sinceMs);
});

test("calls that were under way as it opened decide nothing", () => {
  expect(judged(OPEN, good(T0 + 1), tally(4, 3))).toBe(OPEN);
  expect(judged(OPEN, fault(T0 + 1), tally(4, 4))).toBe(OPEN);
});

test("three good probes close it; a fault among them opens it for twice as long", () => {
  const at = OPEN.probeAtMs;
  const twoPassed = [1, 2].reduce((b) => judged(b, good(at), tally(9, 3)), OPEN);
  const again = judged(twoPassed, fault(at), tally(9, 4));

  expect(stateOf(judged(twoPassed, good(at), tally(9, 3)), at)).toBe("closed");
  expect(again.probeAtMs - at).toBe(2 * WAIT_FIRST_MS);
  expect(again).toMatchObject({ passed: 0, sinceMs: T0 });
});

test("a tenth of the sales probe at first, and all of them a minute later", () => {
  const at = OPEN.probeAtMs;

  expect([0, 0.09, 0.1, 0.5].map((draw) => probes(OPEN, draw, at))).toEqual([
    ...[true, true, false, false],
  ]);
  expect(probes(OPEN, 0.999, at + PROBE_ALL_AFTER_MS)).toBe(true);
  expect(probes(OPEN, 0, at - 1)).toBe(false);
  expect(probes(closedBreaker(0), 0, at)).toBe(false);
});

/** Calls of one pair with the time between them. */
const callsOf = fc.array(
  fc.record({ isFault: fc.boolean(), afterMs: fc.integer({ min: 0, max: 90_000 }) }),
  { maxLength: 200 },
);

test("whatever happens: no opening without its faults, no wait over the longest, and three good probes bring it back", () => {
  fc.assert(
    fc.property(callsOf, (calls) => {
      let breaker: Breaker = closedBreaker(0);
      let nowMs = T0;
      let recent: { isFault: boolean; atMs: number }[] = [];
      for (const { isFault, afterMs } of calls) {
        nowMs += afterMs;
        const verdict = { isFault, atMs: nowMs };
        recent = [...recent, verdict].filter(({ atMs }) => atMs > nowMs - 60_000);
        const faults = recent.filter((call) => call.isFault).length;
        const before = breaker;
        breaker = judged(before, verdict, { calls: recent.length, faults });

        if (breaker.isOpen && !before.isOpen) {
          expect(isFault).toBe(true);
          expect(faults).toBeGreaterThanOrEqual(FAULTS_MIN);
        }
        if (breaker.isOpen) {
          expect(breaker.probeAtMs).toBeLessThanOrEqual(nowMs + WAIT_MAX_MS);
          expect(breaker.sinceMs).toBeLessThanOrEqual(nowMs);
        }
      }
      const laterMs = Math.max(nowMs, breaker.probeAtMs);
      for (let n = 0; n < PROBES_MIN; n++) breaker = judged(breaker, good(laterMs), tally(1, 0));
      expect(stateOf(breaker, laterMs)).toBe("closed");
    }),
  );
});
