import type { Play } from "./play.ts";
import type { Target } from "./targets.ts";

type Effect = () => Promise<unknown>;
/** What happens to the nth call of the target, 1 for the first. */
type Handler = (play: Play, effect: Effect, nth: number) => Promise<unknown>;

/** Whether the target can say no at all, and whether its saga waits for events. */
type Traits = { readonly hasNo: boolean; readonly hasWait: boolean };

/** One way in which a call goes wrong. Handlers that are absent leave the call alone. */
export type Fault = {
  readonly name: string;
  readonly appliesTo: (target: Target, saga: Traits) => boolean;
  readonly do?: Handler;
  readonly undo?: Handler;
  /** When everything has come to rest: what comes late, and what an operator mends. */
  readonly afterwards?: (play: Play) => Promise<void>;
};

const isCall = ({ kind }: Target) => kind === "call";
const isWritten = (target: Target) => isCall(target) && !target.isUnwritten;
const isUndoable = (target: Target) => isCall(target) && target.canUndo;

const never = () => new Promise<never>(() => undefined);
const lost = () => Promise.reject(new Error("the answer is lost"));

/** On the first call only; later ones go through. */
const first =
  (handler: (play: Play, effect: Effect) => Promise<unknown>): Handler =>
  (play, effect, nth) =>
    nth === 1 ? handler(play, effect) : effect();

/** Takes effect, and the run is called off while it is out: it will be undone. */
const cancelled = first(async (play, effect) => {
  const value = await effect();
  play.cancel();
  return value;
});

export const callFaults: readonly Fault[] = [
  {
    name: "goes well",
    appliesTo: isCall,
  },
  {
    name: "refuses",
    appliesTo: (target, { hasNo }) => isCall(target) && (!target.isBelow || hasNo),
    do: first(async (play) => play.no),
  },
  {
    name: "throws before its effect",
    appliesTo: isCall,
    do: first(lost),
  },
  {
    name: "throws after its effect",
    appliesTo: isCall,
    do: first((_play, effect) => effect().then(lost)),
  },
  {
    name: "hangs after its effect",
    appliesTo: isCall,
    do: first((_play, effect) => effect().then(never)),
  },
  {
    name: "hangs and never arrives",
    appliesTo: isCall,
    do: first(never),
  },
  {
    name: "takes effect and never answers, until somebody mends it",
    appliesTo: isCall,
    do: async (play, effect, nth) => {
      if (play.isMended) return effect();
      return nth === 1 ? effect().then(lost) : lost();
    },
    afterwards: (play) => play.mend({ mayBeStuck: true }),
  },
  {
    name: "is aborted right after its effect",
    appliesTo: isCall,
    do: first((play, effect) => effect().then(() => play.crash())),
  },
  {
    name: "is aborted before its effect",
    appliesTo: isCall,
    do: first((play) => play.crash()),
  },
  {
    name: "is aborted in mid-alarm",
    appliesTo: isWritten,
    do: async (play, effect, nth) => {
      if (nth === 1) return lost();
      if (nth > 2) return effect();
      play.expectAlarm();
      await effect();
      return play.crash();
    },
  },
  {
    name: "is repeated in parallel",
    appliesTo: isCall,
    do: first(async (play, effect) => {
      await play.crowd();
      const value = await effect();
      await play.crowd();
      return value;
    }),
  },
  {
    name: "answers when it was given up and another attempt is out",
    appliesTo: isCall,
    do: async (play, effect, nth) => {
      if (nth === 1) return effect().then((value) => play.hold(value));
      if (nth === 2) await play.release();
      return effect();
    },
  },
  {
    name: "is cancelled while it is out",
    appliesTo: isCall,
    do: cancelled,
  },
  {
    name: "is cancelled before it arrives",
    appliesTo: isCall,
    do: first(async (play, effect) => {
      play.cancel();
      return effect();
    }),
  },
  {
    name: "crashes, and is then cancelled",
    appliesTo: isWritten,
    do: first(async (play, effect) => {
      await effect();
      const dead = play.crash();
      play.cancel();
      return dead;
    }),
  },
  {
    name: "is told of before it answers",
    appliesTo: (target, { hasWait }) => isCall(target) && hasWait,
    do: first(async (play, effect) => {
      await play.tell();
      return effect();
    }),
  },
  {
    name: "is told of somebody else's event",
    appliesTo: isCall,
    do: first(async (play, effect) => {
      await play.tellForeign();
      return effect();
    }),
  },
];

export const undoFaults: readonly Fault[] = [
  {
    name: "is undone, which throws once",
    appliesTo: isUndoable,
    do: cancelled,
    undo: first(lost),
  },
  {
    name: "is undone, and the answer to that is lost",
    appliesTo: isUndoable,
    do: cancelled,
    undo: first((_play, effect) => effect().then(lost)),
  },
  {
    name: "is undone, which throws for good until somebody mends it",
    appliesTo: isUndoable,
    do: cancelled,
    undo: (play, effect) => (play.isMended ? effect() : lost()),
    afterwards: (play) => play.mend({ mustBeStuck: true }),
  },
  {
    name: "is undone, and aborted right after that",
    appliesTo: isUndoable,
    do: cancelled,
    undo: first((play, effect) => effect().then(() => play.crash())),
  },
  {
    name: "arrives late, after its undo",
    appliesTo: isUndoable,
    do: async (play, effect) => {
      play.later(effect);
      play.cancel();
      return lost();
    },
    afterwards: (play) => play.arriveLate(),
  },
  {
    name: "answers while it is being undone",
    appliesTo: isUndoable,
    do: first(async (play, effect) => {
      play.cancel();
      return effect().then((value) => play.hold(value));
    }),
    undo: first(async (play, effect) => {
      await play.release();
      return effect();
    }),
  },
  {
    name: "arrives a second time when all is over",
    appliesTo: isWritten,
    do: first((play, effect) => {
      play.later(effect);
      return lost();
    }),
    afterwards: (play) => play.arriveLate(),
  },
];

type WaitHandler = (play: Play) => Promise<void>;

/** What happens the first time that the run waits; after it the awaited event comes. */
export type WaitFault = {
  readonly name: string;
  readonly appliesTo?: (target: Target) => boolean;
  readonly whenWaiting: WaitHandler;
  /** The awaited event never comes. */
  readonly isSilent?: boolean;
};

export const waitFaults: readonly WaitFault[] = [
  { name: "gets its event", whenWaiting: async () => undefined },
  { name: "gets its event twice", whenWaiting: (play) => play.tell().then(() => play.tell()) },
  { name: "gets somebody else's event first", whenWaiting: (play) => play.tellForeign() },
  {
    name: "waits in vain",
    appliesTo: ({ hasDeadline }) => hasDeadline,
    whenWaiting: async () => undefined,
    isSilent: true,
  },
  { name: "is told no", whenWaiting: (play) => play.tell({ refused: "told_no" }), isSilent: true },
  {
    name: "is cancelled while it waits",
    whenWaiting: async (play) => play.cancel(),
    isSilent: true,
  },
  {
    name: "is cancelled, and then gets its event",
    whenWaiting: async (play) => {
      play.cancel();
      await play.tell();
    },
    isSilent: true,
  },
  {
    name: "is aborted while it waits",
    whenWaiting: async (play) => void play.crash(),
  },
  {
    name: "gets its event and is aborted",
    whenWaiting: async (play) => {
      await play.tell();
      void play.crash();
    },
    isSilent: true,
  },
];
