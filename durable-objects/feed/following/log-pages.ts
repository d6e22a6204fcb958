import type { LoggedEvent, OrderStore } from "../../../orders/order-store.ts";
import type { OrderEvent } from "../../../schema/events.ts";
import type { OrderId, ShopId } from "../../../schema/ids.ts";
import type { Order } from "../../../schema/order.ts";

/** What a feed reads of its region's order store, and where it leaves what it gives up on. */
export type EventLog = Pick<OrderStore, "log" | "logOf" | "head" | "events" | "keepDeadLetters"> & {
  /** What follows this offset, where that is known without a read; see `HandedLog`. */
  readonly handed?: (afterOffset: number) => Handed | undefined;
};

export type Handed = {
  /** All that follows, as far as it is known. */
  readonly events: readonly LoggedEvent[];
  /** All that the log had of their orders by then. */
  readonly known: readonly LoggedEvent[];
};

/**
 * What one event changed of its order; every event before it is in the log as well. `before`: the order
 * as the event before it left it, absent for the first.
 */
export type OrderChange = { readonly event: OrderEvent; readonly before?: Order };
export type Entry = { readonly offset: number; readonly changes: readonly OrderChange[] };
export type Page = {
  readonly entries: readonly Entry[];
  /** Where a reader stands that has been through them. */
  readonly end: number;
  /** There was no more when it was read. */
  readonly isLast: boolean;
};

export type PageRequest = {
  readonly afterOffset: number;
  readonly limit: number;
  /** Only this shop's entries. */
  readonly shopId?: ShopId | undefined;
};

/**
 * The log after an offset, each order's events in their own order. The log has them as they came, and
 * a queue may bring the third before the second: then the third is read at the second's offset, right
 * after it. That is a function of the log alone, so that nothing has to be remembered, and a replay
 * tells the same story (decision 15).
 */
export async function pageAfter(log: EventLog, request: PageRequest): Promise<Page> {
  const { afterOffset, limit } = request;
  const { logged, head, known } = await loggedAfter(log, request);
  const changes = changesAt(known ?? (await knownOf(log, logged)));
  const entries = logged.map(({ offset }) => ({ offset, changes: changes.get(offset) ?? [] }));
  const last = logged.at(-1)?.offset ?? afterOffset;
  const isLast = logged.length < limit;
  return { entries, end: isLast ? Math.max(head, last) : last, isLast };
}

/** At most `limit` events, and the log's head where it may lie beyond the last of them. */
async function loggedAfter(log: EventLog, { afterOffset, limit, shopId }: PageRequest) {
  const handed = log.handed?.(afterOffset);
  if (handed) {
    const { events, known } = handed;
    const mine = events.filter(({ event }) => !shopId || event.shopid === shopId);
    const head = events.at(-1)?.offset ?? afterOffset;
    return { logged: mine.slice(0, limit), head, known };
  }
  if (!shopId) return { logged: await log.log({ afterOffset, limit }), head: 0 };
  // Asked first: what comes meanwhile is for the next page.
  const head = await log.head();
  if (head <= afterOffset) return { logged: [], head };
  return { logged: await log.events(shopId, { afterOffset, limit, sinceMs: 0 }), head };
}

/** One event of an order, from the log. */
export async function eventOf(
  log: EventLog,
  orderId: OrderId,
  sequence: number,
): Promise<LoggedEvent | undefined> {
  return (await log.logOf([orderId])).find(({ event }) => event.sequence === sequence);
}

/** One event with the order before it. */
export async function changeOf(
  log: EventLog,
  name: { readonly orderId: OrderId; readonly sequence: number },
): Promise<OrderChange | undefined> {
  const changes = [...changesOf(await log.logOf([name.orderId]))];
  return changes.find(({ change }) => change.event.sequence === name.sequence)?.change;
}

/** All that the log has of the orders that these events are about. */
async function knownOf(log: EventLog, logged: readonly LoggedEvent[]) {
  const orderIds = [...new Set(logged.map(({ event }) => event.subject))];
  return orderIds.length === 0 ? [] : log.logOf(orderIds);
}

function changesAt(known: readonly LoggedEvent[]) {
  const changes = new Map<number, OrderChange[]>();
  for (const events of Map.groupBy(known, ({ event }) => event.subject).values()) {
    for (const { at, change } of changesOf(events))
      changes.set(at, [...(changes.get(at) ?? []), change]);
  }
  return changes;
}

/** What each of one order's events changed, and the offset at which it is read. */
function* changesOf(events: readonly LoggedEvent[]): Iterable<{ at: number; change: OrderChange }> {
  let at = 0;
  let before: Order | undefined;
  const inOrder = events.toSorted((a, b) => a.event.sequence - b.event.sequence);
  for (const [index, { offset, event }] of inOrder.entries()) {
    // An event is missing here: this one, and what follows, is read at the missing one's offset.
    if (event.sequence !== index + 1) return;
    at = Math.max(at, offset);
    yield { at, change: before ? { event, before } : { event } };
    before = event.data;
  }
}
