import { type DeadLetter, letterIdOf } from "../../orders/dead-letter.ts";
import type { WebhookGivenUp } from "../../schema/webhook-given-up.ts";

const QUEUE = "sale-webhooks";

/** What an operator decides about: the same webhook of a sale is the same letter. */
export function letterOfGivenUp(event: WebhookGivenUp): DeadLetter {
  const { cause, attempts, firstAt } = event.data;
  return {
    letterId: letterIdOf(QUEUE, event.id),
    queue: QUEUE,
    shopId: event.shopid,
    reference: event.subject,
    cause: `The sale could not look into this webhook of a provider: ${cause}`,
    body: JSON.stringify(event),
    attempts,
    atMs: Date.parse(event.time),
    firstAtMs: Date.parse(firstAt),
  };
}
