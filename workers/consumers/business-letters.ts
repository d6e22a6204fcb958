import { type DeadLetter, letterIdOf } from "../../orders/dead-letter.ts";
import type { OrderEvent, OrderEventType } from "../../schema/events.ts";

/** What happened for good and needs a person, though every message of it was delivered. */
const businessLetters: {
  readonly [Type in OrderEventType]?: { readonly queue: string; readonly cause: string };
} = {
  "tender.order.capture_failed.v1": {
    queue: "payment-capture-failed",
    cause: "The payment of a placed order could not be captured.",
  },
};

/** The letters that events bring along: the same event brings the same letter. */
export function lettersOf(events: readonly OrderEvent[]): readonly DeadLetter[] {
  return events.flatMap((event) => {
    const letter = businessLetters[event.type];
    if (!letter) return [];
    return {
      ...letter,
      letterId: letterIdOf(letter.queue, event.id),
      shopId: event.shopid,
      reference: event.subject,
      body: JSON.stringify(event),
      attempts: 1,
      atMs: Date.parse(event.time),
    };
  });
}
