import { type AnySaga, bodyOf } from "../../../durable-objects/saga/next-action.ts";
import { stepAhead } from "../../../durable-objects/saga/planned-call.ts";
import { doneValues, type Run } from "../../../durable-objects/saga/run.ts";

/** A place of a saga where something can go wrong: an outside call, or a wait. */
export type Target = {
  readonly kind: "call" | "wait";
  readonly step: string;
  readonly option?: string;
  /** Options that have to say no before this one is tried. */
  readonly before: readonly string[];
  readonly canUndo: boolean;
  /** Below the pivot nothing refuses and nothing is undone. */
  readonly isBelow: boolean;
  /** Nothing is written yet when it is called: it only reads, as did everything before it. */
  readonly isUnwritten: boolean;
  /** It lapses by itself, and left before anything was written. */
  readonly isLapsing: boolean;
  /** The step whose intent is written with this one's. */
  readonly ahead: string | undefined;
  readonly hasDeadline: boolean;
};

/** The places of a saga that a faultless run came by, and the options that it did not need. */
export function targetsOf(saga: AnySaga, run: Run): readonly Target[] {
  const pivot = saga.steps.findIndex(({ kind }) => kind === "pivot");
  return saga.steps.flatMap((step, index): readonly Target[] => {
    const isReached = run.acts.some((act) => act.step === step.name && act.state === "done");
    if (!isReached || step.kind === "pivot") return [];
    const place = {
      step: step.name,
      isBelow: pivot !== -1 && index > pivot,
      isUnwritten: saga.steps.slice(0, index + 1).every(isReading),
      isLapsing:
        isLapsing(step) && saga.steps.slice(0, index).every((each) => leavesNone(each, run)),
      ahead: stepAhead(saga, step.name),
    };
    if (step.kind === "waitFor") {
      const hasDeadline = step.until !== undefined;
      return [{ ...place, kind: "wait" as const, before: [], canUndo: false, hasDeadline }];
    }
    const call = { ...place, kind: "call" as const, hasDeadline: false };
    if (step.kind === "step") {
      return step.do ? [{ ...call, before: [], canUndo: canUndo(saga, step) }] : [];
    }
    const options = step.options({ input: run.input, done: doneValues(run) });
    return options.map((option, nth) => {
      const at = { step: step.name, option };
      return {
        ...call,
        option,
        before: options.slice(0, nth),
        canUndo: typeof bodyOf(saga, at).undo === "function",
      };
    });
  });
}

/** The steps that a scenario has to come by if they are to be broken at all. */
export function coverable(saga: AnySaga): readonly string[] {
  return saga.steps
    .filter((step) => step.kind === "firstOf" || step.kind === "waitFor" || hasCall(step))
    .map(({ name }) => name);
}

type Step = AnySaga["steps"][number];

function hasCall(step: Step): boolean {
  return step.kind === "step" && step.do !== undefined;
}

function isReading(step: Step): boolean {
  return step.kind === "step" && step.reads === true;
}

function isLapsing(step: Step): boolean {
  return step.kind === "step" && step.lapses === true;
}

/** Of this step nothing was written: it only read, or was left out. */
function leavesNone(step: Step, run: Run): boolean {
  const isSkipped = run.acts.some((act) => act.step === step.name && act.state === "skipped");
  return isReading(step) || isSkipped;
}

function canUndo(saga: AnySaga, { name }: Step): boolean {
  return typeof bodyOf(saga, { step: name }).undo === "function";
}
