import { inventoryActs } from "../../../durable-objects/inventory/testing/acts.ts";
import { Journal } from "../../../durable-objects/saga/journal.ts";
import type { AnySaga } from "../../../durable-objects/saga/next-action.ts";
import { Runner } from "../../../durable-objects/saga/runner.ts";
import { assert } from "../../../schema/outcome.ts";
import { callFaults } from "../troubles/call-faults.ts";
import { coverable, type Target, targetsOf } from "../troubles/targets.ts";
import { undoFaults } from "../troubles/undo-faults.ts";
import { waitFaults } from "../troubles/wait-faults.ts";
import { type Plan, Play } from "./play.ts";
import { type Build, type Scenario, sagaOf } from "./scenario.ts";

/** The product as it is. */
export const product: Build = { Runner, Journal, inventory: inventoryActs };

export type Case = {
  readonly name: string;
  readonly saga: string;
  readonly step: string;
  /** Answers what was wrong about the way and the end; nothing when the promise holds. */
  play(build?: Build): Promise<readonly string[]>;
};

/**
 * Every fault at every place that a scenario comes by. The places come from the saga's own steps,
 * so that a new step is broken in every way as soon as it is there.
 */
async function casesOf<D, T>(scenario: Scenario<D, T>): Promise<readonly Case[]> {
  const saga = sagaOf(scenario);
  const clean = new Play(scenario, product, undefined);
  const findings = await clean.toTheEnd();
  assert(findings.length === 0, `"${scenario.name}" goes well by itself: ${findings.join("; ")}`);
  assert(clean.run, `"${scenario.name}" makes its run`);
  return targetsOf(saga, clean.run).flatMap((target) => casesAt(scenario, saga, target));
}

/** All cases of several scenarios; one after the other, for they share the test's clock. */
export async function matrixOf<D, T>(
  scenarios: readonly Scenario<D, T>[],
): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const scenario of scenarios) cases.push(...(await casesOf(scenario)));
  return cases;
}

/** The steps that none of the cases breaks: a saga whose scenarios leave some out is not tested. */
export function unbroken(saga: AnySaga, cases: readonly Case[]): readonly string[] {
  return coverable(saga).filter((step) => !cases.some((each) => each.step === step));
}

function casesAt<D, T>(scenario: Scenario<D, T>, saga: AnySaga, target: Target): readonly Case[] {
  const { step, option, kind } = target;
  const place = option === undefined ? step : `${step}/${option}`;
  const hasNo = scenario.open(product).noes?.[step] !== undefined;
  const hasWait = saga.steps.some((each) => each.kind === "waitFor");
  const faults =
    kind === "wait"
      ? waitFaults.filter((fault) => fault.appliesTo?.(target) ?? true)
      : [...callFaults, ...undoFaults].filter((fault) =>
          fault.appliesTo(target, { hasNo, hasWait }),
        );
  return faults.map((fault) => {
    const plan: Plan = { target, fault };
    return {
      name: `${scenario.name}: ${place} ${fault.name}`,
      ...{ saga: saga.name, step },
      play: (build = product) => new Play(scenario, build, plan).toTheEnd(),
    };
  });
}
