import type { RegionCode } from "../../../schema/regions.ts";
import type { DeliveryView } from "../../../schema/webhook-endpoints.ts";
import { meaningOf } from "./deliver.ts";
import type { Delivery } from "./endpoint.store.ts";

/** A delivery as merchants see it; one that is not stored yet has the id 0. */
export function deliveryView(
  region: RegionCode,
  delivery: Delivery & { readonly deliveryId?: number },
): DeliveryView {
  const { deliveryId, eventId, type, nthTry, atMs, durationMs, status, problem } = delivery;
  return {
    deliveryId: String(deliveryId ?? 0),
    region,
    eventId,
    type,
    attempt: nthTry,
    at: new Date(atMs).toISOString(),
    durationMs,
    ...(status === undefined ? {} : { status }),
    ...(problem === undefined ? {} : { problem }),
    delivered: meaningOf(delivery) === "delivered",
  };
}
