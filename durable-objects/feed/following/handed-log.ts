import type { LoggedEvent } from "../../../orders/order-store.ts";
import type { EventLog, Handed } from "./log-pages.ts";

const KEPT_MAX = 400;

/** Some of the log, without a hole: all that follows `afterOffset`, as far as it goes. */
export type LogPart = {
  readonly afterOffset: number;
  readonly events: readonly LoggedEvent[];
  /** What the log had of the same orders before: an event can be there ahead of an earlier one. */
  readonly before: readonly LoggedEvent[];
};

/**
 * A region's log, whose newest part was handed over by whoever wrote it: one read then serves every
 * reader of every feed (decision 29). A reader that stands elsewhere asks the store. What is handed
 * over can be late, doubled or overtaken, so it is believed for the offsets that it holds and for
 * nothing else.
 */
export class HandedLog implements EventLog {
  readonly log: EventLog["log"];
  readonly logOf: EventLog["logOf"];
  readonly head: EventLog["head"];
  readonly events: EventLog["events"];
  readonly keepDeadLetters: EventLog["keepDeadLetters"];
  #part: LogPart | undefined;

  constructor(store: EventLog) {
    this.log = (page) => store.log(page);
    this.logOf = (orderIds) => store.logOf(orderIds);
    this.head = () => store.head();
    this.events = (shopId, page) => store.events(shopId, page);
    this.keepDeadLetters = (letters) => store.keepDeadLetters(letters);
  }

  /** Joins what is known already, or takes its place. */
  hand(part: LogPart): void {
    const known = this.#part;
    const end = known ? endOf(known) : -1;
    // An older one that comes late would send readers back to the store for what they have seen.
    if (endOf(part) <= end) return;
    const follows = known && part.afterOffset >= known.afterOffset && part.afterOffset <= end;
    this.#part = follows ? joined(known, part) : part;
  }

  /** Asks the store for everything again: something may have been said that was not heard. */
  forget(): void {
    this.#part = undefined;
  }

  handed(afterOffset: number): Handed | undefined {
    const part = this.#part;
    if (!part || afterOffset < part.afterOffset || afterOffset > endOf(part)) return undefined;
    const events = part.events.filter(({ offset }) => offset > afterOffset);
    return { events, known: ofOrdersIn(events, [...part.before, ...part.events]) };
  }
}

/** The two as one, its oldest events let go where it grew long. */
function joined(known: LogPart, next: LogPart): LogPart {
  const end = endOf(known);
  const all = [...known.events, ...next.events.filter(({ offset }) => offset > end)];
  const events = all.slice(-KEPT_MAX);
  const dropped = all.slice(0, all.length - events.length);
  const earlier = [...known.before, ...next.before, ...dropped];
  const byOffset = new Map(earlier.map((logged) => [logged.offset, logged]));
  for (const { offset } of events) byOffset.delete(offset);
  const before = ofOrdersIn(events, [...byOffset.values()]);
  return { afterOffset: dropped.at(-1)?.offset ?? known.afterOffset, events, before };
}

function ofOrdersIn(events: readonly LoggedEvent[], known: readonly LoggedEvent[]) {
  const orders = new Set(events.map(({ event }) => event.subject));
  return known.filter(({ event }) => orders.has(event.subject));
}

function endOf({ afterOffset, events }: LogPart): number {
  return events.at(-1)?.offset ?? afterOffset;
}
