import { type OrderEvent, type OrderEventType, orderEvent } from "../../schema/events.ts";
import { type CheckoutId, checkoutIdFrom, orderIdOf, ShopId } from "../../schema/ids.ts";
import { Order } from "../../schema/order.ts";
import type { RegionCode } from "../../schema/regions.ts";

export const START_MS = Date.parse("2026-11-23T06:00:00.000Z");
export const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

export const demo = ShopId.parse("demo");

let checkouts = 0;

export function newCheckoutId(region: RegionCode = "eu"): CheckoutId {
  const entropy = new Uint8Array(17);
  new DataView(entropy.buffer).setUint32(0, ++checkouts);
  return checkoutIdFrom(region, entropy);
}

/** An order as its object would have committed it; `version` grows with each event. */
export function orderOf(change: Partial<Order> = {}): Order {
  const checkoutId = change.checkoutId ?? newCheckoutId();
  return Order.parse({
    orderId: orderIdOf(checkoutId),
    checkoutId,
    shopId: demo,
    region: "eu",
    version: 1,
    status: "placed",
    payment: "authorized",
    fulfilment: "none",
    dispute: "none",
    total: eur(1789),
    captured: eur(0),
    refunded: eur(0),
    lines: [{ sku: "mug", quantity: 1, unitAmount: eur(1299) }],
    provider: "stripe",
    providerReference: "pi_1",
    customerReference: "cus_abc",
    createdAt: new Date(START_MS).toISOString(),
    updatedAt: new Date(START_MS).toISOString(),
    ...change,
  });
}

/** The three events of a plain sale, version by version. */
export function lifeOf(order: Order): readonly [OrderEvent, OrderEvent, OrderEvent] {
  const step = (type: OrderEventType, version: number, change: Partial<Order>) =>
    orderEvent(type, { ...order, ...change, version });
  const captured = { payment: "captured", captured: order.total } as const;
  return [
    step("tender.order.placed.v1", 1, {}),
    step("tender.order.captured.v1", 2, { ...captured, status: "captured" }),
    step("tender.order.fulfillment_requested.v1", 3, {
      ...captured,
      fulfilment: "requested",
      status: "fulfillment_requested",
    }),
  ];
}

/** An order of a shop that was made so many seconds after the others. */
export function orderAt(second: number, change: Partial<Order> = {}): Order {
  const at = new Date(START_MS + second * 1000).toISOString();
  return orderOf({ createdAt: at, updatedAt: at, ...change });
}

export function placed(order: Order): OrderEvent {
  return orderEvent("tender.order.placed.v1", order);
}
