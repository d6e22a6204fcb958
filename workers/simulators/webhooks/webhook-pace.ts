/** When webhooks leave, and when they come again. */

import type { Control } from "../control/faults.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Gaps between attempts; after the last the event is given up, as Stripe does after three days. */
const RETRY_GAPS_MS = [
  1 * SECOND_MS,
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  1 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
  24 * HOUR_MS,
];

const BATCH_MS = 50; // events gather this long, so that one alarm serves many
const REORDER_MS = 500; // long enough for an authorization and its capture to meet in one batch

/** When an event of this moment leaves, or null when it never does. */
export function dueAfter(type: string, realNowMs: number, { webhooks }: Control): number | null {
  if (webhooks.mode === "off" || webhooks.mode === "lost") return null;
  if (webhooks.events !== null && !webhooks.events.includes(type)) return null;
  const gather = webhooks.mode === "reordered" ? REORDER_MS : BATCH_MS;
  return realNowMs + gather + webhooks.delayMs;
}

/** How far ahead a batch reaches: to be sent in another order, events must be taken together. */
export function reachMs({ webhooks }: Control): number {
  return webhooks.mode === "reordered" ? REORDER_MS : 0;
}

/** Null when there is no further attempt. */
export function retryAt(realNowMs: number, attempts: number): number | null {
  const gap = RETRY_GAPS_MS[attempts];
  return gap === undefined ? null : realNowMs + gap;
}
