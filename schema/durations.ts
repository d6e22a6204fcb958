/**
 * How long things last that more than one layer leans on, in milliseconds. A duration that leans on
 * another one is computed from it, here or where it lies; where it cannot be (in wrangler.toml, or
 * where imports do not lead), `test/durations.test.ts` holds the two against each other.
 */
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/**
 * From its quote on a checkout can be paid as it is shown: long enough to find a card. Its stock is
 * held for longer, by what is computed from this.
 */
export const CHECKOUT_OPEN_MS = 15 * MINUTE_MS;

/** A caller who watches a sale hears after this that nothing moved, which proves the line alive. */
export const WATCH_QUIET_MS = 15 * SECOND_MS;

/** An outbox first sends again what nobody applied: a queue that lost everything costs seconds. */
export const RESEND_AFTER_MS = 15 * SECOND_MS;
/**
 * What came to the queue so long after it happened was sent again. An outbox sends within a second, and again
 * after `RESEND_AFTER_MS`: two thirds of it are far from both.
 */
export const SENT_AGAIN_FROM_MS = (2 * RESEND_AFTER_MS) / 3;

/**
 * No call about a hold or a promotion's use is under way any more so long after its end: the mark
 * that refuses late ones may go. Longer than any call of a saga is repeated.
 */
export const LATE_CALLS_MS = 24 * HOUR_MS;
