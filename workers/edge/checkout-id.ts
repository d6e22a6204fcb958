import { createHmac } from "node:crypto";
import { type CheckoutId, checkoutIdFrom, type ShopId } from "../../schema/ids.ts";
import type { RegionCode } from "../../schema/regions.ts";

/**
 * The id of a new checkout: a keyed hash, so that a retried create finds the same object from any
 * edge without a look-up, and nobody can guess one.
 */
export function checkoutIdFor(
  idKey: string,
  shopId: ShopId,
  region: RegionCode,
  idempotencyKey: string,
): CheckoutId {
  const name = JSON.stringify(["checkout", shopId, region, idempotencyKey]);
  return checkoutIdFrom(region, createHmac("sha256", idKey).update(name).digest());
}
