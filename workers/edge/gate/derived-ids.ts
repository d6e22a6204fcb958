import { createHmac } from "node:crypto";
import {
  type CartId,
  type CheckoutId,
  cartIdFrom,
  checkoutIdFrom,
  type ShopId,
} from "../../../schema/ids.ts";
import type { RegionCode } from "../../../schema/regions.ts";

/** Whose create it is: the scope of an Idempotency-Key is shop, home region and route. */
export type Creation = {
  readonly shopId: ShopId;
  readonly region: RegionCode;
  readonly idempotencyKey: string;
};

/**
 * The id of what a create makes: a keyed hash, so that a retried create finds the same object from
 * any edge without a look-up, and nobody can guess one.
 */
export function checkoutIdFor(idKey: string, creation: Creation): CheckoutId {
  return checkoutIdFrom(creation.region, entropyOf(idKey, "checkout", creation));
}

export function cartIdFor(idKey: string, creation: Creation): CartId {
  return cartIdFrom(creation.region, entropyOf(idKey, "cart", creation));
}

function entropyOf(idKey: string, what: string, { shopId, region, idempotencyKey }: Creation) {
  const name = JSON.stringify([what, shopId, region, idempotencyKey]);
  return createHmac("sha256", idKey).update(name).digest();
}
