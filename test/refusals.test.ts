import { expect, test } from "vitest";
import { refusals } from "../schema/refusals.ts";
import { isTest, readSources } from "./architecture/sources.ts";

/** Codes that no test meets, each with the reason. */
const unmet: Readonly<Record<string, string>> = {};

const own = "test/refusals.test.ts";
const tests = readSources().filter(({ path }) => isTest(path) && path !== own);

test("every refusal that a caller can meet is met by a test, or listed with the reason", () => {
  const isNamed = (code: string) => tests.some(({ text }) => text.includes(`"${code}"`));
  const untested = Object.keys(refusals).filter((code) => !isNamed(code));

  expect(untested.toSorted()).toEqual(Object.keys(unmet).toSorted());
});
