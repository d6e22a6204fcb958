import { expect, test } from "vitest";
import type { Checkout } from "./checkout.ts";
import { authorizationDueMs } from "./schedule.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const UNTIL_MS = Date.UTC(2026, 0, 8);

/** An order whose money is held until then and was not taken. */
function untaken(more: Partial<Checkout> = {}): Checkout {
  const order = { payment: "authorized", authorizedUntil: new Date(UNTIL_MS).toISOString() };
  const checkout: object = { status: "placed", order, ...more };
  return checkout as Checkout;
}

test("an authorization is looked at a day before it lapses, and then when it does", () => {
  expect(authorizationDueMs(untaken(), UNTIL_MS - 7 * DAY_MS)).toBe(UNTIL_MS - DAY_MS);
  const told = untaken({ isExpiryTold: true });
  expect(authorizationDueMs(told, UNTIL_MS - HOUR_MS)).toBe(UNTIL_MS);
});

test("one that should have lapsed, and of which the provider says nothing yet, rings ever less", () => {
  // Nobody could be told of one whose alarm rang late: it is past telling.
  for (const checkout of [untaken({ isExpiryTold: true }), untaken()]) {
    const waits = [0, HOUR_MS, 30 * DAY_MS].map((lateMs) => {
      const nowMs = UNTIL_MS + lateMs;
      return (authorizationDueMs(checkout, nowMs) ?? 0) - nowMs;
    });
    expect(waits).toEqual([60_000, HOUR_MS, 6 * HOUR_MS]);
  }
});

test("an authorization that is taken, or whose order is cancelled, is not looked at", () => {
  expect(authorizationDueMs(untaken({ cancelBecause: "requested" }), UNTIL_MS)).toBeUndefined();
  const amount = { amountMinor: 1, currency: "EUR" };
  const captures = [{ n: 1, amount, status: "sent", isLast: true }] as const;
  expect(authorizationDueMs(untaken({ captures }), UNTIL_MS)).toBeUndefined();
});
