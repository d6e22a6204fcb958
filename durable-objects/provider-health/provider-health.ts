import {
  type Breaker,
  type BreakerChange,
  changesOf,
  closedBreaker,
  judged,
  stateOf,
  stateSinceMs,
  type Tally,
  WINDOW_MS,
} from "../../payments/health/circuit-breaker.ts";
import type { PairHealth, Sample } from "../../payments/health/health-watch.ts";
import type { PaymentMethod, ProviderName } from "../../schema/payment.ts";
import type { ProviderHealthView } from "../../schema/routing.ts";

const CALLS_MAX = 1000; // a busy minute's latest; a percentile needs no more
/** What is stored of them. A region with more than that in a minute does not fall asleep. */
const STORED_MAX = 100;

type Pair = { readonly provider: ProviderName; readonly method: PaymentMethod };
export type Call = {
  readonly atMs: number;
  readonly isFault: boolean;
  readonly durationMs: number;
};

/** What outlives an object that falls asleep, as it does after ten seconds without a call. */
export type StoredPair = Pair & { readonly breaker: Breaker; readonly calls: readonly Call[] };

/** How a pair has done lately, as operators see it. */
export type Figures = Omit<ProviderHealthView, "region">;

/** A breaker's change, and the counts that decided it. */
export type Change = BreakerChange & Tally & { readonly passed: number };

/** One provider and method in one region: its circuit, and the calls that the circuit judges. */
export class PairRecord {
  readonly pair: Pair;
  breaker: Breaker;
  #calls: readonly Call[];
  #lastFaultAtMs: number;
  #lastGoodAtMs: number;
  #changes: readonly Change[] = [];

  constructor({ breaker, calls, ...pair }: StoredPair) {
    this.pair = pair;
    this.breaker = breaker;
    this.#calls = calls;
    const lastOf = (isFault: boolean) =>
      Math.max(0, ...calls.filter((call) => call.isFault === isFault).map(({ atMs }) => atMs));
    this.#lastFaultAtMs = lastOf(true);
    this.#lastGoodAtMs = lastOf(false);
  }

  /** Answers whether it has to be stored: a minute without a fault can be forgotten. */
  take({ outcome, durationMs, ...sample }: Sample, nowMs: number): boolean {
    const isFault = outcome === "fault";
    const atMs = Math.min(sample.atMs, nowMs); // another machine's clock may be ahead
    if (isFault) this.#lastFaultAtMs = Math.max(this.#lastFaultAtMs, atMs);
    else this.#lastGoodAtMs = Math.max(this.#lastGoodAtMs, atMs);
    this.#calls = [...this.#recent(nowMs), { atMs, isFault, durationMs }].slice(-CALLS_MAX);
    const before = this.breaker;
    const faults = this.#calls.filter((call) => call.isFault).length;
    const tally = { calls: this.#calls.length, faults };
    const verdict = { isFault, atMs };
    this.breaker = judged(before, verdict, tally);
    // While it is half open the good answers decide, this one with them.
    const passed = before.passed + (before.isOpen && !isFault ? 1 : 0);
    const changes = changesOf(before, this.breaker, verdict);
    this.#changes = [...this.#changes, ...changes.map((each) => ({ ...each, ...tally, passed }))];
    // What was before the outage, and in it, says nothing about the provider that is back.
    if (before.isOpen && !this.breaker.isOpen) this.#calls = [];
    return this.breaker !== before || (faults > 0 && this.#calls.length <= STORED_MAX);
  }

  /** How its breaker has changed since somebody last asked. */
  changes(): readonly Change[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  stored(): StoredPair {
    return { ...this.pair, breaker: this.breaker, calls: this.#calls.slice(-STORED_MAX) };
  }

  health(): PairHealth {
    const { breaker } = this;
    const lastFaultAtMs = this.#lastFaultAtMs;
    return { ...this.pair, breaker, lastFaultAtMs, lastGoodAtMs: this.#lastGoodAtMs };
  }

  figures(nowMs: number): Figures {
    const calls = this.#recent(nowMs);
    const good = calls.filter(({ isFault }) => !isFault);
    const durations = good.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b);
    return {
      ...this.pair,
      breaker: stateOf(this.breaker, nowMs),
      since: new Date(stateSinceMs(this.breaker, nowMs)).toISOString(),
      calls: calls.length,
      successRate: calls.length === 0 ? null : good.length / calls.length,
      p50Ms: percentile(durations, 0.5),
      p95Ms: percentile(durations, 0.95),
    };
  }

  #recent(nowMs: number): readonly Call[] {
    return this.#calls.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
  }
}

/** Every pair of a region. */
export class RegionHealth {
  readonly #records = new Map<string, PairRecord>();

  constructor(stored: readonly StoredPair[]) {
    for (const pair of stored) this.#records.set(nameOf(pair), new PairRecord(pair));
  }

  /** Answers what has to be stored after these samples. */
  take(samples: readonly Sample[], nowMs: number): readonly PairRecord[] {
    const changed = new Set<PairRecord>();
    for (const sample of samples) {
      const record = this.#recordOf(sample, nowMs);
      if (record.take(sample, nowMs)) changed.add(record);
    }
    return [...changed];
  }

  snapshot(): readonly PairHealth[] {
    return [...this.#records.values()].map((record) => record.health());
  }

  figures(nowMs: number): readonly Figures[] {
    return [...this.#records.values()].map((record) => record.figures(nowMs));
  }

  #recordOf({ provider, method }: Pair, nowMs: number): PairRecord {
    const name = nameOf({ provider, method });
    const known = this.#records.get(name);
    if (known) return known;
    const breaker = closedBreaker(nowMs);
    const record = new PairRecord({ provider, method, breaker, calls: [] });
    this.#records.set(name, record);
    return record;
  }
}

function nameOf({ provider, method }: Pair): string {
  return `${provider}/${method}`;
}

/** By nearest rank, in whole milliseconds. */
function percentile(sorted: readonly number[], part: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  return value === undefined ? null : Math.round(value);
}
