import { expect, test } from "vitest";
import { countsOf, summary } from "./tiers.ts";

const report = (part: object) =>
  JSON.stringify({
    ...{ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 },
    ...{ testResults: [], ...part },
  });

test("the last line adds the tiers up and mentions the skipped only when there are any", () => {
  const unit = countsOf(report({ numPassedTests: 40, numFailedTests: 1 }));
  const stories = countsOf(report({ numPassedTests: 2, numTodoTests: 1, numPendingTests: 1 }));

  expect(summary([unit])).toBe("40 passed, 1 failed");
  expect(summary([unit, stories])).toBe("42 passed, 1 failed, 2 skipped");
});

test("a file that cannot be loaded counts as a failure, though it holds no failed test", () => {
  const testResults = [
    { status: "failed", assertionResults: [] },
    { status: "passed", assertionResults: [{}] },
  ];

  expect(countsOf(report({ numPassedTests: 1, testResults }))).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
  });
});
