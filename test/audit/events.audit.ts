import { type Finding, unfinished, violation, type World } from "./audited-world.ts";
import type { EventRow, FeedRow, OrderRow } from "./dumps.ts";

/**
 * I8: per order a gapless sequence from 1, stored once; the row stands where the log ends, and so
 * does every feed.
 */
export function* gaplessEvents(world: World): Iterable<Finding> {
  for (const feed of world.feeds) yield* caughtUp(feed);
  for (const [orderId, events] of world.eventsOf) yield* oneOfEach(orderId, events);
  for (const order of world.orders) {
    const events = world.eventsOf.get(order.orderId) ?? [];
    yield* noGap(order, events);
    yield* rowAtLogsEnd(order, events);
  }
  const known = new Set(world.orders.map(({ orderId }) => orderId));
  for (const orderId of world.eventsOf.keys()) {
    if (!known.has(orderId)) yield unfinished(orderId, "has events and no order row.");
  }
}

/** A feed that somebody paused is late for a reason; whoever audits has to resume it first. */
function* caughtUp({ region, feed, state, offset, end }: FeedRow): Iterable<Finding> {
  const name = `feed ${region}/${feed}`;
  if (offset > end) yield violation(name, `stands at ${offset}, and its log ends at ${end}.`);
  if (offset < end) yield unfinished(name, `is ${state} at ${offset} of ${end}.`);
}

function* oneOfEach(orderId: string, events: readonly EventRow[]): Iterable<Finding> {
  for (const [sequence, same] of Map.groupBy(events, (event) => event.sequence)) {
    if (same.length > 1) yield violation(orderId, `has event ${sequence} ${same.length} times.`);
    if (sequence < 1) yield violation(orderId, `has an event numbered ${sequence}.`);
  }
}

function* noGap(order: OrderRow, events: readonly EventRow[]): Iterable<Finding> {
  if (events.length === 0) {
    yield unfinished(order.orderId, "has no event in the log.");
    return;
  }
  const present = new Set(events.map(({ sequence }) => sequence));
  const last = Math.max(...present);
  for (let sequence = 1; sequence < last; sequence += 1) {
    // Not a violation: a lost message is sent again until it is applied, and may come last.
    if (!present.has(sequence)) {
      yield unfinished(order.orderId, `lacks event ${sequence} and has event ${last}.`);
    }
  }
}

function* rowAtLogsEnd(order: OrderRow, events: readonly EventRow[]): Iterable<Finding> {
  const last = events.reduce<EventRow | undefined>(
    (latest, event) => (latest && latest.sequence > event.sequence ? latest : event),
    undefined,
  );
  if (last === undefined || order.version === undefined) return;
  if (order.version < last.sequence) {
    yield unfinished(order.orderId, `stands at ${order.version}; its log at ${last.sequence}.`);
  } else if (order.version > last.sequence) {
    yield unfinished(order.orderId, `stands at ${order.version}, which its log has not reached.`);
  } else if (last.data.status !== order.status) {
    yield violation(order.orderId, `is ${order.status}; its last event says ${last.data.status}.`);
  }
}
