import { parseArgs } from "node:util";

export type BenchFlags = {
  /** A commit to measure beside this one. */
  readonly against: string | undefined;
  readonly rounds: number;
  readonly seconds: number;
  /** Also the heap after 10,000 sales. */
  readonly heap: boolean;
  /** This build beside itself with much stored. */
  readonly grown: boolean;
};

const USAGE =
  "Flags: --rounds N (default 2, with --grown 1), --seconds N of each round (default 30), --against COMMIT, " +
  "--heap (10,000 sales more), --grown (beside itself with much stored).";

/** Throws: a sentence about what is wrong with them. */
export function parseBenchFlags(args: readonly string[]): BenchFlags {
  const { values } = parseArgs({
    args: [...args],
    allowPositionals: false,
    options: {
      against: { type: "string" },
      rounds: { type: "string" },
      seconds: { type: "string", default: "30" },
      heap: { type: "boolean", default: false },
      grown: { type: "boolean", default: false },
    },
  });
  const { against, heap, grown } = values;
  if (grown && against !== undefined)
    throw new Error(`--grown measures this build alone. ${USAGE}`);
  // A grown side's open checkouts are not open for longer than one round and what follows takes.
  const rounds = Number(values.rounds ?? (grown ? 1 : 2));
  const seconds = Number(values.seconds);
  for (const [name, value] of Object.entries({ rounds, seconds })) {
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`--${name} takes a number. ${USAGE}`);
  }
  return { against, rounds, seconds, heap, grown };
}
