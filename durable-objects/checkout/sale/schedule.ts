import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../schema/durations.ts";
import { checkoutCan } from "../../../schema/states.ts";
import type { Checkout } from "./checkout.ts";
import { isUntaken } from "./checkout.ts";
import { KEEP_PAID_MS } from "./durations.ts";

const ASK_AGAIN_MS = 5 * SECOND_MS;
const ASK_DELAY_MAX_MS = 6 * HOUR_MS; // a provider may be away for a day
const LAPSE_ASK_AGAIN_MS = MINUTE_MS;
const LAPSE_ASK_DELAY_MAX_MS = 6 * HOUR_MS; // providers let holds go hours late, and may be away
const KEEP_UNPAID_MS = DAY_MS; // nobody asks for it any more
const LOOK_AFTER_MS = HOUR_MS; // what is late by less has its webhook on the way
const LOOK_BEFORE_MS = 7 * DAY_MS; // a provider that is down by then will be back
const LOOK_AGAIN_MS = HOUR_MS;

/** When an open checkout's time is up; undefined while an attempt is alive or it has ended. */
export function expiryMs(checkout: Checkout): number | undefined {
  return checkoutCan.expire(checkout.status) ? checkout.expiresAtMs : undefined;
}

/** When an authorization that is about to lapse is told of; undefined when nobody has to look. */
export function expiryTellsAtMs(authorizedUntilMs: number): number {
  return authorizedUntilMs - DAY_MS;
}

/**
 * When an order's untaken authorization wants to be looked at; undefined when it does not. Once it
 * should have lapsed, ever less eagerly, until the provider says that it has.
 */
export function authorizationDueMs(checkout: Checkout, nowMs: number): number | undefined {
  const until = checkout.order?.authorizedUntil;
  if (!until || checkout.cancelBecause || !isUntaken(checkout)) return undefined;
  const untilMs = Date.parse(until);
  if (nowMs >= untilMs) {
    return nowMs + clamped(nowMs - untilMs, LAPSE_ASK_AGAIN_MS, LAPSE_ASK_DELAY_MAX_MS);
  }
  return checkout.isExpiryTold ? untilMs : expiryTellsAtMs(untilMs);
}

function clamped(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** How long after a try that failed a notice is looked into again: ever less eagerly. */
export function noticeGapMs(attempts: number): number {
  return Math.min(ASK_DELAY_MAX_MS, ASK_AGAIN_MS * 2 ** (attempts - 1));
}

/** When a look has to be taken: soon, unless all notices that are left were tried in vain. */
export function noticesDueMs(
  { unread = [] }: Checkout,
  newNotices: number,
  nowMs: number,
): number | undefined {
  if (newNotices === 0) return undefined;
  if (newNotices > unread.length) return nowMs + ASK_AGAIN_MS;
  return Math.min(...unread.map(({ dueAtMs }) => dueAtMs));
}

/**
 * When the providers are asked once more for money of attempts that ended without any: after the
 * sale's end, and before it is forgotten. Undefined when there is no such attempt, or it was done.
 */
export function lastLookMs(checkout: Checkout): number | undefined {
  const { endedAtMs, order, payments, paidBy, createdAtMs, lastLooks } = checkout;
  const endMs = endedAtMs ?? (order && Date.parse(order.createdAt));
  const isPaidInFull = payments.every(
    ({ attempt, method }) => method === "none" || attempt === paidBy?.attempt,
  );
  if (endMs === undefined || isPaidInFull) return undefined;
  const { done = 0, failedAtMs } = lastLooks ?? {};
  const looksMs = [endMs + LOOK_AFTER_MS, createdAtMs + KEEP_PAID_MS - LOOK_BEFORE_MS];
  const dueMs = looksMs[done];
  if (dueMs === undefined || failedAtMs === undefined) return dueMs;
  return Math.max(dueMs, failedAtMs + LOOK_AGAIN_MS);
}

/** When the object deletes itself. */
export function purgeAtMs({ endedAtMs, createdAtMs, payments }: Checkout): number | undefined {
  if (payments.length > 0) return createdAtMs + KEEP_PAID_MS;
  return endedAtMs === undefined ? undefined : endedAtMs + KEEP_UNPAID_MS;
}

/** When the alarm has to ring: for the sale's own times, or for what else is due. */
export function earliest(
  checkout: Checkout,
  nowMs: number,
  due: readonly (number | undefined)[],
): number | undefined {
  const own = [
    ...[expiryMs(checkout), authorizationDueMs(checkout, nowMs)],
    ...[lastLookMs(checkout), purgeAtMs(checkout)],
  ];
  const times = [...due, ...own];
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
