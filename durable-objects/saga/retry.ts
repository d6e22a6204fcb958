const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long and how eagerly a call of unknown outcome is repeated, with the same key. */
export type RetryPolicy = {
  readonly firstMs: number;
  readonly delayMaxMs: number;
  /** Counted from the first attempt. Once spent: undone above the pivot, stuck below it. */
  readonly budgetMs: number;
};

export const retry = {
  /** Our own objects: they come back within seconds or something is badly wrong. */
  briefly: { firstMs: 50, delayMaxMs: 2 * SECOND_MS, budgetMs: 30 * SECOND_MS },
  /** A provider while a shopper may still be looking at "processing". */
  patiently: { firstMs: 200, delayMaxMs: 15 * SECOND_MS, budgetMs: 10 * MINUTE_MS },
  /** What must happen in the end: push forward or undo for as long as providers keep keys. */
  persistently: { firstMs: 200, delayMaxMs: 5 * MINUTE_MS, budgetMs: 20 * HOUR_MS },
} as const satisfies Record<string, RetryPolicy>;

/** How long after the nth look for an event the next one follows: doubling, without jitter. */
export function lookAgainMs(
  pace: { readonly firstMs: number; readonly delayMaxMs: number },
  nth: number,
): number {
  return Math.min(pace.delayMaxMs, pace.firstMs * 2 ** Math.min(nth - 1, 30));
}

/**
 * When the next attempt is due after a fault: exponential, with full jitter.
 *
 * Units: milliseconds; `chance` is in [0, 1) and comes in so that this stays pure.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, chance: number): number {
  const ceilingMs = Math.min(policy.delayMaxMs, policy.firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.ceil(ceilingMs * chance);
}
