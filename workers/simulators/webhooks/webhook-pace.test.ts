import { expect, test } from "vitest";
import { retryAt } from "./webhook-pace.ts";

test("an undelivered event is tried again after ever longer gaps and given up after three days", () => {
  const gaps = Array.from({ length: 20 }, (_, attempts) => retryAt(0, attempts)).filter(
    (gap) => gap !== null,
  );
  expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
  const days = gaps.reduce((sum, gap) => sum + gap, 0) / 86_400_000;
  expect(days).toBeGreaterThan(2.5);
  expect(days).toBeLessThan(3.5);
});
