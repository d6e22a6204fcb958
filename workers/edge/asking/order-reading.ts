import type { Caller } from "../../../durable-objects/checkout/sale/calls.ts";
import { checkoutStub } from "../../../durable-objects/placement.ts";
import { orderStoreOf } from "../../../orders/region-order-store.ts";
import { checkoutIdOf, type OrderId, regionOf } from "../../../schema/ids.ts";
import type { OrderDetails } from "../../../schema/order-details.ts";
import { isRefusal, type Refusal } from "../../../schema/outcome.ts";
import { ask } from "./ask.ts";

/**
 * An order with all that its caller may know. The sale's own object is asked: it is never behind,
 * only it knows whose secret opens the order, and it alone has the personal data (I10). Where it is
 * away or has forgotten the sale, a merchant reads what the store has, and that it is not all.
 *
 * Refuses: not_found.  Throws: when neither can be asked, and to a shopper when the object cannot.
 */
export async function orderFor(
  env: Env,
  caller: Caller,
  orderId: OrderId,
): Promise<OrderDetails | Refusal<"not_found">> {
  const checkout = checkoutStub(env, caller.shopId, checkoutIdOf(orderId));
  const { details, fault } = await attempted(() => ask(() => checkout.order(caller)));
  if (details && !isRefusal(details)) return details;
  const store = orderStoreOf(env, regionOf(orderId));
  const stored = caller.isMerchant ? await store.order(caller.shopId, orderId) : undefined;
  if (stored) return { ...stored, detailsLeftOut: details ? "sale_forgotten" : "sale_away" };
  if (details) return details;
  throw fault;
}

async function attempted<T>(read: () => Promise<T>) {
  try {
    return { details: await read() };
  } catch (fault) {
    console.error({ event: "edge.sale_away", problem: String(fault) });
    return { fault };
  }
}
