import { longestShopperMs } from "../../../payments/method-capabilities.ts";
import { CHECKOUT_OPEN_MS, DAY_MS, MINUTE_MS, SECOND_MS } from "../../../schema/durations.ts";
import { retry } from "../../saga/retry.ts";

/** To undo an attempt that was given up: voids at every provider that was asked. */
const UNDO_MS = 3 * MINUTE_MS;
/** What an attempt to pay takes besides the shopper's part: its authorize's retries, and their undo. */
export const RETRIES_MS = retry.patiently.budgetMs + UNDO_MS;
/** What the shopper's time is followed by: a confirmation at the last moment has to travel. */
export const SHOPPER_GRACE_MS = 2 * MINUTE_MS;
/** A hold outlives its open checkout by the longest attempt to pay, so that paying rarely extends it. */
export const HOLD_MS = CHECKOUT_OPEN_MS + longestShopperMs + RETRIES_MS;

/** A caller who waits for an answer hears "processing" after this rather than wait any longer. */
export const ANSWER_WITHIN_MS = 10 * SECOND_MS;

/** A sale with payments deletes itself so long after it was made: refunds and disputes refer to them. */
export const KEEP_PAID_MS = 548 * DAY_MS; // 18 months
