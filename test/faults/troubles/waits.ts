import type { AnySaga } from "../../../durable-objects/saga/next-action.ts";
import { actKey, doneAct, doneValues, type Run } from "../../../durable-objects/saga/run.ts";
import type { Target } from "./targets.ts";

export function waitsOf(saga: AnySaga) {
  return saga.steps.filter((step) => step.kind === "waitFor");
}

/** The key of the option that won in a step, or that will win once the target's turn has come. */
export function winningKey(
  saga: AnySaga,
  run: Run,
  from: string,
  target: Target | undefined,
): string {
  const winner = doneAct(run, from);
  if (winner) return actKey(run.runId, from, winner.option);
  if (target?.step === from) return actKey(run.runId, from, target.option);
  const step = saga.steps.find(({ name }) => name === from);
  if (step?.kind !== "firstOf") return actKey(run.runId, from);
  const [first] = step.options({ input: run.input, done: doneValues(run) });
  return actKey(run.runId, from, first);
}
