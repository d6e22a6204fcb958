import {
  cancelled,
  type Fault,
  first,
  hasAhead,
  isCall,
  isWritten,
  lost,
  never,
  unsent,
} from "./fault.ts";

/** What was written ahead takes effect, and nobody hears of it, nor of what came before it. */
const diesAhead = first((play, effect) => effect().then(() => play.crash()));

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
    afterwards: (play) => play.mend(),
  },
  {
    name: "is kept from being sent by a bug of ours, until somebody mends it",
    appliesTo: isWritten,
    do: async (play, effect, nth) => {
      if (play.isMended) return effect();
      play.expectNoRepeat(nth);
      return unsent();
    },
    afterwards: (play) => play.mend(),
  },
  {
    name: "takes effect unheard, and is then kept from being repeated by a bug of ours",
    appliesTo: isWritten,
    do: async (play, effect, nth) => {
      if (play.isMended) return effect();
      return nth === 1 ? effect().then(lost) : unsent();
    },
    afterwards: (play) => play.mend(),
  },
  {
    name: "is aborted right after its effect",
    appliesTo: isCall,
    do: first((play, effect) => effect().then(() => play.crash())),
  },
  {
    name: "is aborted right after its effect, and nobody asks again",
    appliesTo: ({ isLapsing }) => isLapsing,
    do: first((play, effect) =>
      effect().then(() => {
        play.abandon();
        return play.crash();
      }),
    ),
    afterwards: async (play) => play.lapse(),
  },
  {
    name: "answers, what follows is aborted after its effect, and it is called off when it is repeated",
    appliesTo: hasAhead,
    ahead: diesAhead,
    do: async (play, effect, nth) => {
      const value = await effect();
      if (nth === 2) play.cancel();
      return value;
    },
  },
  {
    name: "answers, what follows is aborted after its effect, and it never answers again",
    appliesTo: hasAhead,
    ahead: diesAhead,
    do: (_play, effect, nth) => (nth === 1 ? effect() : lost()),
  },
  {
    name: "answers, and is called off before what follows arrives",
    appliesTo: hasAhead,
    ahead: first(async (play, effect) => {
      play.cancel();
      return effect();
    }),
  },
  {
    name: "answers, and what follows refuses",
    appliesTo: hasAhead,
    ahead: first(async () => ({ refused: "refused_in_test" })),
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
      if (nth === 1) return effect().then((value) => play.delayed.answer(value));
      if (nth === 2) await play.delayed.release();
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
