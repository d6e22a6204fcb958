import { isDeepStrictEqual } from "node:util";
import type { Run } from "../../../durable-objects/saga/run.ts";
import type { Stage } from "../../../durable-objects/saga/testing/stage.ts";
import type { World } from "./scenario.ts";

/** What somebody else's events carry: no run may ever take it. */
export const FOREIGN = { isForeign: true };

/** What is wrong at rest, whatever the saga; the world adds what is wrong about itself. */
export function endFindings<D, T>(stage: Stage<D, T>, world: World<D, T>): readonly string[] {
  const runs = world.runs();
  const isOther = (run: Run) => !isDeepStrictEqual(plain(stage.runner.read(run.runId)), plain(run));
  const isFooled = ({ acts }: Run) => acts.some(({ value }) => isDeepStrictEqual(value, FOREIGN));
  return [
    ...runs.filter(({ ended }) => !ended).map((run) => `${run.runId} never ended: ${stateOf(run)}`),
    ...runs.filter(isOther).map(({ runId }) => `${runId} is another in memory than in storage`),
    ...runs.filter(isFooled).map(({ runId }) => `${runId} took somebody else's event`),
    ...stage.problems.map((problem) => `reported: ${problem}`),
    ...world.judge(stage.stored(world.runId)?.ended),
  ];
}

function stateOf({ stuckAt, acts, turned }: Run): string {
  if (stuckAt) return `stuck at ${stuckAt.step}`;
  const last = acts.at(-1);
  return `${last?.step} is ${last?.state}${turned ? `, turned by ${turned.because.refused}` : ""}`;
}

/** As storage would hold it. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
