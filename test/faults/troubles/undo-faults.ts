import { cancelled, type Fault, first, isUndoable, isWritten, lost, unsent } from "./fault.ts";

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
    name: "is undone, which a bug of ours stops until somebody mends it",
    appliesTo: isUndoable,
    do: cancelled,
    undo: async (play, effect, nth) => {
      if (play.isMended) return effect();
      play.expectNoRepeat(nth);
      return unsent();
    },
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
      play.delayed.effect(effect);
      play.cancel();
      return lost();
    },
    afterwards: (play) => play.delayed.arrive(),
  },
  {
    name: "answers while it is being undone",
    appliesTo: isUndoable,
    do: first(async (play, effect) => {
      play.cancel();
      return effect().then((value) => play.delayed.answer(value));
    }),
    undo: first(async (play, effect) => {
      await play.delayed.release();
      return effect();
    }),
  },
  {
    name: "arrives a second time when all is over",
    appliesTo: isWritten,
    do: first((play, effect) => {
      play.delayed.effect(effect);
      return lost();
    }),
    afterwards: (play) => play.delayed.arrive(),
  },
];
