import type { Accepted } from "../../schema/outcome.ts";
import { assert } from "../../schema/outcome.ts";
import type {
  AheadStep,
  Ending,
  ForwardStep,
  ForwardWait,
  LapsingStep,
  NoRefusal,
  Option,
  Pivot,
  ReadingStep,
  StepDefinition,
  UndoableStep,
  Wait,
} from "./step.ts";

/**
 * A finished saga: a name, a version and a table of steps. `I` is a run's input, `D` what steps
 * call, `T` what commits write to. How to write one: docs/sagas.md.
 */
export interface Saga<I, D, T> {
  readonly name: string;
  readonly version: number;
  readonly steps: readonly StepDefinition<D, T>[];
  readonly ending: Ending<I, T>;
}

/** The table of an older version that its runs may end on: the same steps under the older number. */
export function endingAs<I, D, T>({ name, steps, ending }: Saga<I, D, T>, version: number) {
  return { name, version, steps, ending } satisfies Saga<I, D, T>;
}

type StepAbove<I, D, T, Done, R> =
  | UndoableStep<I, D, T, Done, R>
  | LapsingStep<I, D, T, Done, R>
  | AheadStep<I, D, T, Done, R>
  | ReadingStep<I, D, Done, R>;

/** The chain before its pivot: every step can be undone, so any step may say no. */
export interface AbovePivot<I, D, E, T, Done> extends Saga<I, D, T> {
  step<N extends string, R>(
    name: Fresh<N, Done>,
    spec: StepAbove<I, D, T, Done, R> & { unless?: never },
  ): AbovePivot<I, D, E, T, Done & { readonly [K in N]: Accepted<Awaited<R>> }>;
  step<N extends string, R>(
    name: Fresh<N, Done>,
    spec: StepAbove<I, D, T, Done, R>,
  ): AbovePivot<I, D, E, T, Done & { readonly [K in N]: Accepted<Awaited<R>> | undefined }>;

  /** Tries the options in order until one is done; an unknown one is undone before the next. */
  firstOf<N extends string, O extends string, R>(
    name: Fresh<N, Done>,
    options: (ctx: { readonly input: I; readonly done: Done }) => readonly O[],
    option: (option: O) => Option<I, D, T, Done, R>,
  ): AbovePivot<I, D, E, T, Done & { readonly [K in N]: Accepted<Awaited<R>> }>;

  /** Waits for an event that carries the key of the option that won in `from`. */
  waitFor<N extends string, K extends keyof E & string>(
    name: Fresh<N, Done>,
    event: K,
    spec: Wait<I, T, Done, Accepted<E[K]>>,
  ): AbovePivot<I, D, E, T, Done & { readonly [P in N]: Accepted<E[K]> | undefined }>;

  /** The point of no return. It is local: one commit, no outside call. */
  pivot<N extends string>(
    name: Fresh<N, Done>,
    spec: Pivot<I, D, T, Done>,
  ): BelowPivot<I, D, E, T, Done & { readonly [K in N]: undefined }>;
}

/** The chain after its pivot: pushed forward until it is done. A "no" is a value here. */
export interface BelowPivot<I, D, E, T, Done> extends Saga<I, D, T> {
  step<N extends string, R = undefined>(
    name: Fresh<N, Done>,
    spec: ForwardStep<I, D, T, Done, R> & NoRefusal<R>,
  ): BelowPivot<I, D, E, T, Done & { readonly [K in N]: Awaited<R> }>;

  /** Waits for the outcome of what the step `from` set going; what it says is a value. */
  waitFor<N extends string, K extends keyof E & string>(
    name: Fresh<N, Done>,
    event: K,
    spec: ForwardWait<I, T, Done, E[K]> & NoRefusal<E[K]>,
  ): BelowPivot<I, D, E, T, Done & { readonly [P in N]: E[K] | undefined }>;
}

/** A step's name is its journal entry: using one twice does not compile. */
type Fresh<N extends string, Done> = N extends keyof Done ? never : N;

/** Begins a chain: `Saga.named<Input, Deps, Events, Tx>("pay", ending).step(…)…`. */
export const Saga = {
  named<I, D, E, T>(
    name: string,
    ending: Ending<I, T> = {},
    version = 1,
  ): AbovePivot<I, D, E, T, Record<never, never>> {
    return new Chain<I, D, E, T, Record<never, never>>(name, version, ending, []);
  },
};

/** One class behind both faces; the faces say what may be called when. */
class Chain<I, D, E, T, Done> implements Saga<I, D, T> {
  readonly name: string;
  readonly version: number;
  readonly ending: Ending<I, T>;
  readonly steps: readonly StepDefinition<D, T>[];

  constructor(
    name: string,
    version: number,
    ending: Ending<I, T>,
    steps: readonly StepDefinition<D, T>[],
  ) {
    this.name = name;
    this.version = version;
    this.ending = ending;
    this.steps = steps;
  }

  step(name: string, spec: object) {
    return this.#with<never>({ ...spec, kind: "step", name } as StepDefinition<D, T>);
  }

  firstOf(name: string, options: unknown, option: unknown) {
    return this.#with<never>({ kind: "firstOf", name, options, option } as StepDefinition<D, T>);
  }

  waitFor(name: string, event: string, spec: object) {
    return this.#with<never>({ ...spec, kind: "waitFor", name, event } as StepDefinition<D, T>);
  }

  pivot(name: string, spec: object) {
    assert(!this.steps.some((step) => step.kind === "pivot"), `${this.name} has one pivot`);
    return this.#with<never>({ ...spec, kind: "pivot", name } as StepDefinition<D, T>);
  }

  /** The one place where a step's own types are forgotten; the faces above have checked them. */
  #with<Face>(step: StepDefinition<D, T>): Face {
    const taken = this.steps.some((other) => other.name === step.name);
    assert(!taken, `${this.name} has one step ${step.name}`);
    const steps = [...this.steps, step];
    return new Chain<I, D, E, T, Done>(this.name, this.version, this.ending, steps) as Face;
  }
}
