import type { Refusal } from "../../schema/outcome.ts";
import type { RetryPolicy } from "./retry.ts";

type Read<I, Done> = { readonly input: I; readonly done: Done };
type ReadAt<I, Done> = Read<I, Done> & { readonly nowMs: number };
type Call<I, D, Done> = ReadAt<I, Done> & {
  readonly deps: D;
  /** The same on every attempt and in undo. */
  readonly key: string;
  /** When the run began, epoch ms: no call of it is older. Providers forget keys. */
  readonly startedAtMs: number;
  /** When this `do` or `undo` was first made, epoch ms: no call of the other one is younger. */
  readonly sinceMs: number;
  /** 1 for the first of this `do` or `undo`: none was ever made before it. */
  readonly attempt: number;
};
type Undo<I, D, Done, R> = Call<I, D, Partial<Done>> & {
  /** Absent when the answer never came: undo then works from the key alone. */
  readonly value: Exclude<Awaited<R>, Refusal> | undefined;
};
type Commit<I, T, Done> = ReadAt<I, Done> & {
  readonly tx: T;
  readonly runId: string;
  /** Begins another run in this very transaction. */
  readonly begin: Begin;
};
type CommitValue<I, T, Done, R> = Commit<I, T, Done> & {
  readonly value: Exclude<Awaited<R>, Refusal>;
  readonly key: string;
};

/** A commit ends with its transaction, so it is no promise: "undefined" keeps async ones out. */
// biome-ignore lint/suspicious/noConfusingVoidType: a bare void would take any function
type Committed = void | undefined;

export type Begin = (saga: string, runId: string, input: unknown) => void;

type Pace<I, Done> = {
  /** May depend on what the run is about. */
  readonly retry?: RetryPolicy | ((ctx: Read<I, Done>) => RetryPolicy);
  /** A later answer is ignored by its fence. */
  readonly timeoutMs?: number;
};

/** Answers a value, refuses (nothing happened), or throws (unknown: again with the same key). */
type Do<I, D, Done, R> = (ctx: Call<I, D, Done>) => R;

type Usual = { readonly lapses?: never; readonly ahead?: never }; // an intent of its own, in time

type Undoable<I, T, Done, R> = Pace<I, Done> & {
  /** Runs synchronously in the transaction that journals the value. */
  readonly commit?: (ctx: CommitValue<I, T, Done, R>) => Committed;
  /** Several were asked and only some said no: a refusal leaves a part behind to be undone. */
  readonly undoesRefusal?: true;
  readonly undoRetry?: RetryPolicy;
  readonly reads?: never;
};

/** Works twice, and before its `do` arrives. */
type UndoCall<I, D, Done, R> = (ctx: Undo<I, D, Done, R>) => Promise<unknown>;

export type UndoableStep<I, D, T, Done, R> = Undoable<I, T, Done, R> &
  Usual & {
    readonly unless?: (ctx: ReadAt<I, Done>) => boolean;
    readonly do: Do<I, D, Done, R>;
    /** `"nothing"` needs a reason beside it. */
    readonly undo: "nothing" | UndoCall<I, D, Done, R>;
  };

/**
 * Its effect ends by itself at its own deadline, and is named by a function of the input. Of a new run
 * it leaves before anything is written (decision 27): nobody knows how often it was made, or since when.
 */
export type LapsingStep<I, D, T, Done, R> = Undoable<I, T, Done, R> & {
  readonly unless?: (ctx: ReadAt<I, Done>) => boolean;
  readonly lapses: true;
  readonly do: (ctx: Omit<Call<I, D, Done>, "attempt" | "startedAtMs" | "sinceMs">) => R;
  readonly undo: UndoCall<I, D, Done, R>;
  readonly ahead?: never;
};

/**
 * Its intent is written with that of the call before it, so that it leaves as soon as that answers
 * (decision 28). It is the same whatever came before: it has no `done`, and is never left out.
 */
export type AheadStep<I, D, T, Done, R> = Undoable<I, T, Done, R> & {
  readonly unless?: never;
  readonly ahead: true;
  readonly do: (ctx: Omit<Call<I, D, Done>, "done">) => R;
  readonly undo: UndoCall<I, D, Done, R>;
  readonly lapses?: never;
};

/** Changes nothing outside, so it needs neither intent nor undo. */
export type ReadingStep<I, D, Done, R> = Pace<I, Done> &
  Usual & {
    readonly unless?: (ctx: ReadAt<I, Done>) => boolean;
    readonly reads: true;
    readonly do: Do<I, D, Done, R>;
    /** It may be read before anything is written: what it found is journaled with the next intent. */
    readonly commit?: never;
    readonly undo?: never;
  };

export type Option<I, D, T, Done, R> = Omit<UndoableStep<I, D, T, Done, R>, "unless"> & {
  /** Whether this refusal leaves room for the next option; always, when absent. */
  readonly goesOn?: (refusal: Refusal) => boolean;
};

export type Wait<I, T, Done, V> = {
  /** The step whose winning key an event must carry. */
  readonly from: keyof Done & string;
  readonly unless?: (ctx: ReadAt<I, Done>) => boolean;
  /** When waiting ends, epoch ms, and what the run turns back with then. */
  readonly until?: (ctx: ReadAt<I, Done>) => number;
  readonly timeout?: Refusal;
  readonly commit?: (ctx: CommitValue<I, T, Done, V>) => Committed;
};

/**
 * Below the pivot nothing turns back: the event's payload is the answer, whatever it says, and
 * there is no deadline. A lost event is found by looking: the run comes due again and again (decision 18).
 */
export type ForwardWait<I, T, Done, V> = {
  readonly from: keyof Done & string;
  readonly unless?: (ctx: ReadAt<I, Done>) => boolean;
  /** How eagerly whoever drives the run is woken to look for the event. */
  readonly lookAgain: LookAgain;
  readonly commit?: (ctx: CommitValue<I, T, Done, V>) => Committed;
};

export type LookAgain = { readonly firstMs: number; readonly delayMaxMs: number };

export type Pivot<I, _D, T, Done> = { readonly commit: (ctx: Commit<I, T, Done>) => Committed };

export type ForwardStep<I, D, T, Done, R> = Pace<I, Done> &
  Usual & {
    readonly unless?: (ctx: ReadAt<I, Done>) => boolean;
    /** Absent: a local step, which happens in its commit alone. */
    readonly do?: Do<I, D, Done, R>;
    readonly commit?: (ctx: CommitValue<I, T, Done, R>) => Committed;
    readonly undo?: never;
  };

/** Below the pivot a definite no is a value that begins a named follow-up saga. */
export type NoRefusal<R> =
  Extract<Awaited<R>, Refusal> extends never
    ? unknown
    : { readonly do: "a step below the pivot cannot refuse: answer a value, begin a follow-up" };

/** What happens in the transaction that ends a run in another way than completing it. */
export type Ending<I, T> = {
  /** Everything that was done is undone. */
  readonly turnedBack?: (
    ctx: Omit<Commit<I, T, never>, "done"> & { readonly because: Refusal },
  ) => Committed;
  /** Retries are spent where nothing may be dropped; an operator has to look. */
  readonly stuck?: (
    ctx: Omit<Commit<I, T, never>, "done"> & {
      readonly step: string;
      /** What it was that went wrong last, for people. */
      readonly because: string | undefined;
      /** A mistake of ours stopped the call before it was ever sent: nothing outside happened. */
      readonly isUnsent: boolean;
    },
  ) => Committed;
};

/** A step as the engine sees it: the chain's types are checked and forgotten. */
export type Body<D, T> = Pace<unknown, unknown> & {
  readonly do?: Do<unknown, D, unknown, unknown>;
  readonly commit?: (ctx: CommitValue<unknown, T, unknown, unknown>) => Committed;
  readonly undo?: "nothing" | ((ctx: Undo<unknown, D, unknown, unknown>) => Promise<unknown>);
  readonly undoesRefusal?: true;
  readonly undoRetry?: RetryPolicy;
  readonly reads?: true;
  readonly lapses?: true;
  readonly ahead?: true;
  readonly goesOn?: (refusal: Refusal) => boolean;
};

export type StepDefinition<D, T> =
  | ({ readonly kind: "step"; readonly name: string; readonly unless?: Unless } & Body<D, T>)
  | {
      readonly kind: "firstOf";
      readonly name: string;
      readonly options: (ctx: Read<unknown, unknown>) => readonly string[];
      readonly option: (option: string) => Body<D, T>;
    }
  | ({
      readonly kind: "waitFor";
      readonly name: string;
      readonly event: string;
      readonly unless?: Unless;
      readonly lookAgain?: LookAgain;
    } & Omit<Wait<unknown, T, Record<string, unknown>, unknown>, "unless">)
  | { readonly kind: "pivot"; readonly name: string; readonly commit: PivotCommit<T> };

type Unless = (ctx: ReadAt<unknown, unknown>) => boolean;
type PivotCommit<T> = (ctx: Commit<unknown, T, unknown>) => Committed;
