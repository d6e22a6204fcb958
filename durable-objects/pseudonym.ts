import { createHmac } from "node:crypto";
import type { ShopId } from "../schema/ids.ts";

/**
 * The name by which orders and events know a customer: the same for the same `customerId` (or the
 * email of a guest), and without the key it leads back to nobody.
 */
export function customerReferenceOf(idKey: string, shopId: ShopId, customer: string): string {
  const name = `customer/${shopId}/${customer}`;
  return `cus_${createHmac("sha256", idKey).update(name).digest("base64url").slice(0, 22)}`;
}
