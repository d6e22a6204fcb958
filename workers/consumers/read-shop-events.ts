import type { OrderStore } from "../../orders/order-store.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { ShopEvent } from "../../schema/shop-events.ts";
import { lettersOfExpired, logExpired } from "./expired-letters.ts";
import { letterOfGivenUp } from "./given-up-letter.ts";

/** A message about a shop of this region and no order; undefined when it tells of else. */
export function readShopEvent(body: unknown, region: RegionCode): ShopEvent | undefined {
  const { data } = ShopEvent.safeParse(body);
  return data?.region === region ? data : undefined;
}

/**
 * Keeps them to be read and counted, each once. Abandoned checkouts may be letters, too; webhooks
 * that their sale gave up always are.
 *
 * Throws: when the store is away; safe to repeat.
 */
export async function keepShopEvents(
  events: readonly ShopEvent[],
  store: OrderStore,
): Promise<void> {
  const givenUp = events.filter((event) => event.type === "tender.checkout.webhook_given_up.v1");
  const expired = events.filter((event) => event.type === "tender.checkout.reservation_expired.v1");
  const letters = [...givenUp.map(letterOfGivenUp), ...lettersOfExpired(expired)];
  await store.keepShopEvents(events);
  if (letters.length > 0) await store.keepDeadLetters(letters);
  for (const event of expired) logExpired(event);
}
