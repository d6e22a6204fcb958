import { UnsentBug } from "../../../schema/outcome.ts";
import type { Delayed } from "./delayed.ts";
import type { Target } from "./targets.ts";

/** What a fault may do with the play that it strikes in. */
export interface Stricken {
  /** The step's own "no". */
  readonly no: unknown;
  readonly isMended: boolean;
  readonly delayed: Delayed;
  cancel(): void;
  /** Who asked for the run does not ask again. */
  abandon(): void;
  /** So much time passes that everything has lapsed that does so by itself. */
  lapse(): void;
  crash(): Promise<never>;
  crowd(): Promise<void>;
  tell(payload?: unknown): Promise<void>;
  tellForeign(): Promise<void>;
  mend(expected?: { readonly mustBeStuck?: true }): Promise<void>;
  expectAlarm(): void;
  /** That a call of this number was made at all is wrong. */
  expectNoRepeat(nth: number): void;
}

type Effect = () => Promise<unknown>;
/** What happens to the nth call of the target, 1 for the first. */
type Handler = (play: Stricken, effect: Effect, nth: number) => Promise<unknown>;

/** Whether the target can say no at all, and whether its saga waits for events. */
type Traits = { readonly hasNo: boolean; readonly hasWait: boolean };

/** One way in which a call goes wrong. Handlers that are absent leave the call alone. */
export type Fault = {
  readonly name: string;
  readonly appliesTo: (target: Target, saga: Traits) => boolean;
  readonly do?: Handler;
  readonly undo?: Handler;
  /** Of the step that is written ahead of the target. */
  readonly ahead?: Handler;
  /** When everything has come to rest: what comes late, and what an operator mends. */
  readonly afterwards?: (play: Stricken) => Promise<void>;
};

export const isCall = ({ kind }: Target) => kind === "call";
export const isWritten = (target: Target) => isCall(target) && !target.isUnwritten;
export const isUndoable = (target: Target) => isCall(target) && target.canUndo;

export const hasAhead = (target: Target) => isCall(target) && target.ahead !== undefined;

export const never = () => new Promise<never>(() => undefined);
export const unsent = () => Promise.reject(new UnsentBug("Bug: it could not be put into words"));
export const lost = () => Promise.reject(new Error("the answer is lost"));

/** On the first call only; later ones go through. */
export const first =
  (handler: (play: Stricken, effect: Effect) => Promise<unknown>): Handler =>
  (play, effect, nth) =>
    nth === 1 ? handler(play, effect) : effect();

/** Takes effect, and the run is called off while it is out: it will be undone. */
export const cancelled = first(async (play, effect) => {
  const value = await effect();
  play.cancel();
  return value;
});
