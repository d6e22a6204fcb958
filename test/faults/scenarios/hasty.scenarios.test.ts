import { describe, expect, test } from "vitest";
import type { AnySaga } from "../../../durable-objects/saga/next-action.ts";
import { type Case, matrixOf, unbroken } from "../matrix/matrix.ts";
import { type HastyDeps, hastySaga } from "./hasty.saga.ts";
import { meals } from "./hasty.scenarios.ts";

const cases = await matrixOf(meals());

describe("a meal in a hurry ends with a clean slate or one guest fed, whatever breaks", () => {
  for (const each of cases) {
    test(each.name, async () => {
      expect(await each.play()).toEqual([]);
    });
  }
});

test("every step that calls outside is broken in every way", () => {
  expect(unbroken(hastySaga, cases)).toEqual([]);
});

test("a step that says wrongly that it lapses is caught", async () => {
  const found = await findings(await matrixOf(meals({ keepsTables: true })), "nobody asks again");

  expect(found.join("\n")).toMatch(/0 are to be taken, not .*\/table/);
});

test("a step that is written ahead wrongly, since what came before it changes its call, is caught", async () => {
  type Made = { deps: HastyDeps; key: string; done: { cook?: { kitchen: string } } };
  const saga = withStep("waiter", {
    do: ({ deps, key, done }: Made) => deps.sendWaiter(`${key}/${done.cook?.kitchen}`),
    undo: ({ deps, key, done }: Made) => deps.callWaiterBack(`${key}/${done.cook?.kitchen}`),
  });

  const found = await findings(await matrixOf(meals({ saga })), "it never answers again");

  expect(found.join("\n")).toMatch(/are to be taken, not .*\/waiter\/grill/);
});

test("a step that is written ahead wrongly, since it cannot be undone before it was done, is caught", async () => {
  type Undone = { deps: HastyDeps; key: string; value: unknown };
  const saga = withStep("waiter", {
    undo: async ({ deps, key, value }: Undone) => value && deps.callWaiterBack(key),
  });

  const found = await findings(await matrixOf(meals({ saga })), "called off when it is repeated");

  expect(found.join("\n")).toMatch(/0 are to be taken, not .*\/waiter/);
});

/** The saga with a step that keeps less than it says. */
function withStep(name: string, change: object): AnySaga {
  const steps = hastySaga.steps.map((step) => (step.name === name ? { ...step, ...change } : step));
  return { ...hastySaga, steps };
}

async function findings(played: readonly Case[], name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const each of played.filter((one) => one.name.includes(name))) {
    found.push(...(await each.play()));
  }
  return found;
}
