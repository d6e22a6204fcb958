import { type DeadLetter, letterIdOf } from "../../orders/dead-letter.ts";
import type { OrderStore } from "../../orders/order-store.ts";
import type { ReservationExpired } from "../../schema/reservation.ts";

const QUEUE = "reservation-expired";

/**
 * Logs abandoned checkouts, as log events. Where somebody had tried to pay, an operator gets a
 * letter: a shopper wanted to buy, and a provider may know more than we were told.
 *
 * Throws: when the store is away; safe to repeat.
 */
export async function keepExpired(
  expired: readonly ReservationExpired[],
  store: OrderStore,
): Promise<void> {
  const tried = expired.filter(({ data }) => data.attempts.length > 0);
  if (tried.length > 0) await store.keepDeadLetters(tried.map(letterOf));
  for (const { shopid, region, subject, data } of expired) {
    const attempts = data.attempts.length;
    console.log({
      event: "reservation.expired",
      shopId: shopid,
      region,
      checkout: subject,
      attempts,
    });
  }
}

function letterOf(event: ReservationExpired): DeadLetter {
  const tries = event.data.attempts.length;
  return {
    letterId: letterIdOf(QUEUE, event.id),
    queue: QUEUE,
    shopId: event.shopid,
    reference: event.subject,
    cause: `The checkout expired after ${tries} ${tries === 1 ? "attempt" : "attempts"} to pay.`,
    body: JSON.stringify(event),
    attempts: 1,
    atMs: Date.parse(event.time),
  };
}
