import type { OrderEvent } from "../schema/events.ts";

/** An event as the log keeps it; its offset is given when it is written. */
export function logRow(event: OrderEvent) {
  const { subject: orderId, sequence, shopid: shopId, type, time } = event;
  return { orderId, sequence, shopId, type, atMs: Date.parse(time), envelope: event };
}
