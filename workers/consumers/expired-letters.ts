import { type DeadLetter, letterIdOf } from "../../orders/dead-letter.ts";
import type { ReservationExpired } from "../../schema/reservation.ts";

const QUEUE = "reservation-expired";

/**
 * Where somebody had tried to pay before the checkout was left alone, an operator gets a letter: a
 * shopper wanted to buy, and a provider may know more than we were told.
 */
export function lettersOfExpired(expired: readonly ReservationExpired[]): readonly DeadLetter[] {
  return expired.filter(({ data }) => data.attempts.length > 0).map(letterOf);
}

/** Each abandoned checkout is a log event. */
export function logExpired({ shopid, region, subject, data }: ReservationExpired): void {
  const attempts = data.attempts.length;
  console.log({
    event: "reservation.expired",
    shopId: shopid,
    region,
    checkout: subject,
    attempts,
  });
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
