import type { OrderStore } from "../../orders/order-store.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { ShopEvent } from "../../schema/shop-events.ts";
import { keepExpired } from "./abandoned.ts";

/** A message about a shop of this region and no order; undefined when it tells of else. */
export function readShopEvent(body: unknown, region: RegionCode): ShopEvent | undefined {
  const { data } = ShopEvent.safeParse(body);
  return data?.region === region ? data : undefined;
}

/**
 * Keeps them to be read and counted, each once; abandoned checkouts may be letters, too.
 *
 * Throws: when the store is away; safe to repeat.
 */
export async function keepShopEvents(
  events: readonly ShopEvent[],
  store: OrderStore,
): Promise<void> {
  await store.keepShopEvents(events);
  await keepExpired(
    events.filter((event) => event.type === "tender.checkout.reservation_expired.v1"),
    store,
  );
}
