import { assert } from "../../../../schema/outcome.ts";
import type { FulfilmentFact } from "../../../../schema/states.ts";
import type { Checkout } from "../../sale/checkout.ts";
import { leftOver, lineAccounts } from "./line-accounts.ts";

/**
 * How the order's goods stand once pieces of it have left or were cancelled: it is fulfilled when the
 * rest has left. A parcel that is still on its way out may yet be refused for want of pieces.
 */
export function fulfilmentAfter(checkout: Checkout): FulfilmentFact {
  const { order } = checkout;
  assert(order, "only an order is sent");
  const accounts = lineAccounts(checkout, "done");
  if (order.fulfilment === "cancelled" || accounts.every(({ sent }) => sent === 0)) {
    return order.fulfilment;
  }
  return leftOver(accounts).length === 0 ? "fulfilled" : "partial";
}
