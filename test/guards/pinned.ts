import type { Counts, Moment } from "../counting/counts.ts";
import type { CountedSale } from "./counted-sales.ts";

type Sums = Readonly<Record<string, number>>;

/** What the answer waited for: what had left by then, the commits, the statements. */
export type BeforeAnAnswer = {
  readonly departures: readonly string[];
  readonly commits: Sums;
  readonly statements: Sums;
};

/** A sale's costs as the pins tell them: everything that is the same each time. */
export type Pinned = {
  readonly beforeItsAnswers: readonly BeforeAnAnswer[];
  readonly departures: readonly string[];
} & { readonly [Group in (typeof groups)[number]]: Sums };

const groups = [
  "commits",
  "calls",
  "statements",
  "rowsRead",
  "rowsWritten",
  "alarms",
  "d1",
  "queues",
  "outside",
  "requests",
] as const;

/** An isolate tells how a provider answered once a second, for all its sales: no sale's own. */
const HEALTH = "ProviderHealthObject";
const HEALTH_CALL = "report";

export function pinned({ answered, over }: CountedSale): Pinned {
  const counts = ownCounts(over.counts);
  return {
    beforeItsAnswers: answered.map(beforeAnAnswer),
    departures: ownDepartures(over),
    ...counts,
    rowsRead: byObject(counts.rowsRead),
  };
}

function beforeAnAnswer(moment: Moment): BeforeAnAnswer {
  const { commits, statements } = ownCounts(moment.counts);
  return { departures: ownDepartures(moment), commits, statements };
}

function ownDepartures({ departures }: Moment): string[] {
  const own = (line: string) => line.split(" + ").filter((call) => call !== HEALTH_CALL);
  return departures.map((line) => own(line).join(" + ")).filter((line) => line !== "");
}

function ownCounts(counts: Counts): { readonly [Group in (typeof groups)[number]]: Sums } {
  const own = (sums: Sums) =>
    Object.fromEntries(Object.entries(sums).filter(([name]) => !name.startsWith(HEALTH)));
  const entries = groups.map((group) => [group, own(counts[group])]);
  // The rows that D1 reads grow a little with what is stored; the query plans are pinned elsewhere.
  const { rowsRead: _grows, ...d1 } = counts.d1;
  return { ...Object.fromEntries(entries), d1 };
}

function byObject(sums: Sums): Sums {
  const total: Record<string, number> = {};
  for (const [name, rows] of Object.entries(sums)) {
    const object = name.replace(/:.*$/, "");
    total[object] = (total[object] ?? 0) + rows;
  }
  return total;
}
