import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  isBrokenCircuitError,
  isTaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";

export const DEADLINE_MS = 250; // a shopper waits for the quote; most answers take a fifth of it
const FAILURES_MAX = 3; // in a row, then it is left alone
const REST_MS = 10_000; // and asked again after this, by one sale
const UNDER_WAY_MAX = 16; // calls at once; further sales do without it

/** Why a service's answer is missing, as a quote says it. */
export type LeftOut = "slow" | "broken" | "resting" | "busy";

/** Who is asked when: `kind` is what the log calls it. */
type Asked = {
  readonly kind: "carrier" | "duties";
  readonly name: string;
  readonly nowMs: number;
};

/** Asks one service within its deadline; one that does not answer is left alone. Per isolate. */
export class ServiceBreaker {
  #circuit = circuit();
  #triedAtMs = 0;
  /** When each call that is under way began. */
  readonly #underWay = new Map<symbol, number>();

  /** The answer, or why there is none; the fault itself is logged. */
  async ask<T>(
    { kind, name, nowMs }: Asked,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | { readonly leftOut: LeftOut }> {
    if (this.#circuit.breaker.state === CircuitState.HalfOpen) {
      // One sale tries whether it is back; the others must not await that request's promise.
      if (nowMs - this.#triedAtMs < REST_MS) return { leftOut: "resting" };
      // The sale that tried was cut off and will tell nothing: the next one tries.
      this.#circuit = circuit();
    }
    if (this.#isBusy(nowMs)) return { leftOut: "busy" };
    this.#triedAtMs = nowMs;
    const own = Symbol(name);
    this.#underWay.set(own, nowMs);
    try {
      return await this.#circuit.policy.execute(({ signal }) => call(signal));
    } catch (problem) {
      if (isBrokenCircuitError(problem)) return { leftOut: "resting" };
      console.warn({ event: `${kind}.left_out`, [kind]: name, problem: String(problem) });
      return { leftOut: isTaskCancelledError(problem) ? "slow" : "broken" };
    } finally {
      this.#underWay.delete(own);
    }
  }

  /** A call whose request was cut off never reaches `finally`: after a rest it no longer counts. */
  #isBusy(nowMs: number): boolean {
    for (const [own, beganAtMs] of this.#underWay) {
      if (nowMs - beganAtMs >= REST_MS) this.#underWay.delete(own);
    }
    return this.#underWay.size >= UNDER_WAY_MAX;
  }
}

function circuit() {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: REST_MS,
    breaker: new ConsecutiveBreaker(FAILURES_MAX),
  });
  return { breaker, policy: wrap(breaker, timeout(DEADLINE_MS, TimeoutStrategy.Aggressive)) };
}
