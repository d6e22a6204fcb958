import type { Stricken } from "./fault.ts";
import type { Target } from "./targets.ts";

type WaitHandler = (play: Stricken) => Promise<void>;

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
  { name: "is told no", whenWaiting: (play) => play.tell(play.no), isSilent: true },
  {
    name: "is cancelled too late, while it waits",
    appliesTo: ({ isBelow }) => isBelow,
    whenWaiting: async (play) => play.cancel(),
  },
  {
    name: "is cancelled while it waits",
    appliesTo: ({ isBelow }) => !isBelow,
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
