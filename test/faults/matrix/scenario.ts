import type { Journal } from "../../../durable-objects/saga/journal.ts";
import type { AnySaga } from "../../../durable-objects/saga/next-action.ts";
import type { Run } from "../../../durable-objects/saga/run.ts";
import type { Runner } from "../../../durable-objects/saga/runner.ts";
import type { StageStorage } from "../../../durable-objects/saga/testing/stage.ts";
import { assert } from "../../../schema/outcome.ts";

/** The parts of the product that a mutant breaks; a scenario is built from these. */
export type Build = {
  readonly Runner: typeof Runner;
  readonly Journal: typeof Journal;
  readonly inventory: object;
};

/** One way through a saga. Faults are planted into each of the calls that it makes. */
export type Scenario<D, T> = {
  /** "pay with two cards": the cases are named by it. */
  readonly name: string;
  /** The saga into whose calls faults are planted, and all that its object runs. */
  readonly saga: string;
  readonly sagas: readonly AnySaga[];
  open(build: Build): World<D, T>;
};

/** Everything around one object: fresh for each case. */
export type World<D, T> = {
  readonly storage: StageStorage<T>;
  readonly deps: D;
  /** Of the run into which faults are planted. */
  readonly runId: string;
  /** What has to have happened before; nothing breaks in it. */
  prepare?(runner: Runner<D, T>): Promise<unknown>;
  /** What the client asks for, and asks again when nothing came of it. */
  begin(runner: Runner<D, T>): Promise<unknown>;
  /** What the outside tells at last, by event name: each wait needs one. */
  readonly events?: { readonly [event: string]: unknown };
  /** How a step says no, where that is not just any refusal; below the pivot it is a value. */
  readonly noes?: { readonly [step: string]: unknown };
  runs(): readonly Run[];
  /** Whatever ends by itself has come to its end. */
  lapse?(): void;
  /** What is wrong with the world at rest, in sentences: money, stock, orders, answers. */
  judge(end: Run["ended"]): readonly string[];
};

/** The saga that a scenario breaks. */
export function sagaOf<D, T>({ name, saga, sagas }: Scenario<D, T>): AnySaga {
  const found = sagas.find((each) => each.name === saga);
  assert(found, `"${name}" is about one of its sagas`);
  return found;
}
