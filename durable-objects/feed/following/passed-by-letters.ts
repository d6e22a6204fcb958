import { type DeadLetter, letterIdOf } from "../../../orders/dead-letter.ts";
import type { FeedName } from "../../../schema/feeds.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import type { Entry } from "./log-pages.ts";

type PassedBy = {
  readonly place: { readonly region: RegionCode; readonly feed: FeedName };
  readonly entry: Entry;
  readonly problem: string;
  readonly tries: number;
  readonly nowMs: number;
};

/** The letters of events that a feed gave up on: `feed-<name>` is where a redrive takes them. */
export function lettersOf({ place, entry, ...how }: PassedBy): readonly DeadLetter[] {
  const queue = `feed-${place.feed}`;
  return entry.changes.map(({ event }) => ({
    letterId: letterIdOf(queue, event.id),
    queue,
    shopId: event.shopid,
    reference: event.subject,
    cause: `The feed ${place.feed} gave up: ${how.problem}`,
    body: JSON.stringify(event),
    attempts: how.tries,
    atMs: how.nowMs,
  }));
}
