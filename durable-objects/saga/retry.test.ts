import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type RetryPolicy, retry, retryDelayMs } from "./retry.ts";

const policy: RetryPolicy = { firstMs: 100, delayMaxMs: 1000, budgetMs: 60_000 };
const policies = fc.constantFrom(...Object.values(retry));
const attempts = fc.integer({ min: 1, max: 10_000 });
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("the longest delay doubles with each attempt up to the policy's own", () => {
  const longest = [1, 2, 3, 4, 5, 6, 100].map((attempt) => retryDelayMs(policy, attempt, 1));

  expect(longest).toEqual([100, 200, 400, 800, 1000, 1000, 1000]);
});

test("full jitter spreads a delay over everything from nothing to the longest", () => {
  expect([0, 0.25, 0.5, 0.999].map((chance) => retryDelayMs(policy, 3, chance))).toEqual([
    0, 100, 200, 400,
  ]);
});

test("no attempt and no chance leads outside of the bounds", () => {
  void fc.assert(
    fc.property(policies, attempts, chances, (some, attempt, chance) => {
      const delayMs = retryDelayMs(some, attempt, chance);
      expect(Number.isSafeInteger(delayMs)).toBe(true);
      expect(delayMs).toBeGreaterThanOrEqual(0);
      expect(delayMs).toBeLessThanOrEqual(some.delayMaxMs);
    }),
  );
});

test("a budget allows for more than one attempt at the longest delay", () => {
  for (const { firstMs, delayMaxMs, budgetMs } of Object.values(retry)) {
    expect(firstMs).toBeLessThan(delayMaxMs);
    expect(delayMaxMs * 2).toBeLessThan(budgetMs);
  }
});
