import type { OrderEvent } from "../schema/events.ts";

/** Events as the log keeps them, each once: of two that say to be the same it is the first that counts. */
export function logRows(events: readonly OrderEvent[]) {
  const first = new Map<string, OrderEvent>();
  for (const event of events) {
    const name = `${event.subject}/${event.sequence}`;
    if (!first.has(name)) first.set(name, event);
  }
  return [...first.values()].map(logRow);
}

/** Its offset is given when it is written. */
function logRow(event: OrderEvent) {
  const { subject: orderId, sequence, shopid: shopId, type, time } = event;
  return { orderId, sequence, shopId, type, atMs: Date.parse(time), envelope: event };
}
