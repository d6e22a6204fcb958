import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { buildWith, mutants } from "./model-mutants.ts";
import { load } from "./platform/build.ts";
import { adyen, adyenFirst, calm, idealAtStripe, sales, worded } from "./sales/model-sales.ts";
import { played, search } from "./search/search.ts";

vi.spyOn(console, "warn").mockImplementation(() => undefined);
afterAll(() => vi.unstubAllGlobals());

const real = await load(join(import.meta.dirname, "../.."));

for (const sale of sales) {
  test(`every state of ${sale.name} (${worded(sale)}) is sound and comes to rest`, async ({
    annotate,
    task,
  }) => {
    const { findings, states, moves, rests } = await search(real, sale.bounds);

    Object.assign(task.meta, { states, moves, rests });
    await annotate(`${states} states, ${moves} moves, ${rests} at rest`);
    expect(findings).toEqual([]);
    expect(states).toBeGreaterThanOrEqual(sale.statesMin);
  });
}

test.each(mutants)("the search finds $name", async ({ edit, bounds, finding }) => {
  const { findings } = await search(await buildWith([edit]), bounds);

  expect(findings.flatMap(({ wrong }) => wrong).join("\n")).toMatch(finding);
});

test("the copy that mistakes are planted in is sound by itself", async () => {
  const bounds = { ...calm, attempts: [adyenFirst], troubles: 1 };

  expect((await search(await buildWith([]), bounds)).findings).toEqual([]);
});

test("a sale that is called off while its payment goes back for another reason ends", async () => {
  const attempts = [idealAtStripe];
  const path = [
    ...["pays", "stripe: authorize 1: answers", "time passes"],
    ...["stripe: shopperOutcome: answers", "cancel is asked for"],
  ];

  expect(await played(real, { ...calm, attempts, cancels: 1 }, path)).toEqual([]);
});

test("a cancel that is asked for while a refund is received waits for it", async () => {
  const attempts = [adyen];
  const path = [
    ...["pays", "adyen: authorize 1: answers", "adyen: CAPTURE 1_c1: answers"],
    ...["adyen: AUTHORISATION 1: told", "adyen: CAPTURE 1_c1: done", "refund is asked for"],
    ...["adyen: REFUND 1_r1: answers", "cancelOrder is asked for"],
    "adyen: REFUND 1_r1: done",
  ];

  expect(await played(real, { ...calm, attempts, refunds: 1, orderCancels: 1 }, path)).toEqual([]);
});

test("late money that goes back leaves an attempt alone that paid at another provider", async () => {
  const attempts = [adyenFirst];
  const cancelled = "adyen: TECHNICAL_CANCEL 1: answers";
  const notFound = "adyen: TECHNICAL_CANCEL 1: refused";
  // Until nothing that was sent before can be on its way any more, and a second cancel is told apart.
  const meanwhile = Array.from({ length: 6 }, () => ["time passes", cancelled]).flat();
  const path = [
    ...["pays", "adyen: authorize 1: hangs, and is silent for long"],
    ...[cancelled, notFound, cancelled, "time passes", ...meanwhile, notFound],
    ...["stripe: authorize 1: answers", "stripe: capture: answers"],
  ];

  expect(await played(real, { ...calm, troubles: 1, attempts }, path)).toEqual([]);
});
