import type { Effect } from "./effect.ts";
import type { Entry } from "./log-pages.ts";

/** `last`: the offset of its last entry. `to`: where the reader stands after it. */
export type Part = { readonly part: readonly Entry[]; readonly last: number; readonly to: number };

/** What of an entry is the effect's business, if anything is. */
export function concerned(entry: Entry, { concerns }: Effect): readonly Entry[] {
  const changes = concerns ? entry.changes.filter(({ event }) => concerns(event)) : entry.changes;
  return changes.length === 0 ? [] : [{ offset: entry.offset, changes }];
}

type Cut = { readonly changesMax: number; readonly reached: number };

/**
 * Cuts a page into parts of at most so many changes; what is read at one offset is never cut, and a
 * part was read before as a whole or not at all.
 */
export function partsOf(
  entries: readonly Entry[],
  { changesMax, reached }: Cut,
): readonly (readonly Entry[])[] {
  const parts: Entry[][] = [];
  let changes = Number.POSITIVE_INFINITY;
  for (const [index, entry] of entries.entries()) {
    changes += entry.changes.length;
    const isNews = entry.offset > reached && (entries[index - 1]?.offset ?? 0) <= reached;
    if (changes > changesMax || isNews) {
      parts.push([]);
      changes = entry.changes.length;
    }
    parts.at(-1)?.push(entry);
  }
  return parts;
}
