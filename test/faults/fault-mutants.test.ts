import { expect, test, vi } from "vitest";
import { buildWith, mutants } from "./fault-mutants.ts";
import { lateAnswers } from "./late-answers.ts";
import { type Case, matrixOf } from "./matrix/matrix.ts";
import type { Build } from "./matrix/scenario.ts";
import { sales } from "./scenarios/checkout.scenarios.ts";
import { meals } from "./scenarios/hasty.scenarios.ts";

vi.spyOn(console, "warn").mockImplementation(() => undefined);
vi.spyOn(console, "error").mockImplementation(() => undefined);

const MINUTE_MS = 60_000;
const SHOWN = [
  "opening",
  "paying with a card that two providers may charge",
  "paying with a card that asks its owner",
];
const cases = [
  ...(await matrixOf(sales.filter(({ name }) => SHOWN.includes(name)))),
  ...(await matrixOf(meals())),
];

type Catch = { readonly name: string; readonly findings: readonly string[] };

async function caughtIn(build: Build, played: readonly Case[]): Promise<readonly Catch[]> {
  const caught: Catch[] = [];
  for (const { name, play } of played) {
    const findings = await play(build);
    if (findings.length > 0) caught.push({ name, findings });
  }
  return caught;
}

test.each(mutants)("$name is caught", { timeout: MINUTE_MS }, async (mutant) => {
  const named = cases.filter(({ name }) => name.includes(mutant.caughtBy));

  const caught = await caughtIn(await buildWith(mutant.edits), named);

  expect(caught.flatMap(({ findings }) => findings).join("\n")).toMatch(mutant.finding);
});

test("the copy that mutants are made from is sound by itself", { timeout: MINUTE_MS }, async () => {
  expect(await caughtIn(await buildWith([]), cases)).toEqual([]);
});

test("an answer that is late and delivered all the same is stopped by the fence", async () => {
  const late = cases.filter(({ name }) => name.includes("answers w"));

  expect(late.length).toBeGreaterThan(0);
  expect(await caughtIn(await buildWith(lateAnswers), late)).toEqual([]);
});
