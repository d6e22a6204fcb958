import * as z from "zod";
import { OrderId, ShopId } from "./ids.ts";
import { Order } from "./order.ts";
import { RegionCode } from "./regions.ts";

export const OrderEventType = z.enum([
  // the order exists: its money is held or taken
  "tender.order.placed.v1",
  // money of it was taken, in part or whole
  "tender.order.captured.v1",
  // the goods may be sent
  "tender.order.fulfillment_requested.v1",
  // its money could not be taken, or was taken back: it is cancelled, or an operator decides where goods have left
  "tender.order.capture_failed.v1",
  // money of it went back
  "tender.order.refunded.v1",
  // it is over: what was taken went back, its stock too
  "tender.order.cancelled.v1",
  // the provider has a capture and will decide
  "tender.order.capture_pending.v1",
  // in a day nobody can take its money any more
  "tender.order.authorization_expiring.v1",
  // a refund that was received or done came back
  "tender.order.refund_failed.v1",
  // the shopper's bank wants money back
  "tender.order.dispute_opened.v1",
  // and has decided
  "tender.order.dispute_closed.v1",
  // a parcel has left
  "tender.order.fulfillment_updated.v1",
  // one capture of a partly paid order was refused; the order stands
  "tender.order.capture_refused.v1",
  // the shopper withdrew from the contract, in part or whole
  "tender.order.withdrawn.v1",
  // goods that were withdrawn from came back, were refused or were never sent
  "tender.order.return_updated.v1",
]);
export type OrderEventType = z.infer<typeof OrderEventType>;

/**
 * A CloudEvents 1.0 envelope around the whole order (state transfer): whoever gets only the
 * latest one still knows everything. Per order, `sequence` is gapless from 1 (decision 6).
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export const OrderEvent = z.strictObject({
  specversion: z.literal("1.0"),
  id: z.string().describe("<orderId>/<sequence>: the same event always has the same id"),
  source: z.string(),
  type: OrderEventType,
  subject: OrderId,
  time: z.iso.datetime(),
  datacontenttype: z.literal("application/json"),
  shopid: ShopId,
  region: RegionCode,
  sequence: z.int().min(1),
  data: Order,
});
export type OrderEvent = z.infer<typeof OrderEvent>;

/** Digits of a `sequence` that leaves the house: as many as the greatest 32-bit integer has. */
const SEQUENCE_DIGITS = 10;

/**
 * The event as merchants get it. `sequence` is what CloudEvents' extension of that name wants: a
 * string, so padded that a comparison of strings finds the order. Inside it is a number.
 * Source: https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/sequence.md
 */
export const DeliveredEvent = OrderEvent.extend({
  sequence: z
    .string()
    .regex(new RegExp(`^\\d{${SEQUENCE_DIGITS}}$`))
    .describe("of its order, gapless from 0000000001: as text and as a number it sorts alike"),
});
export type DeliveredEvent = z.infer<typeof DeliveredEvent>;

export function delivered(event: OrderEvent): DeliveredEvent {
  return { ...event, sequence: String(event.sequence).padStart(SEQUENCE_DIGITS, "0") };
}

/** An event as the body of a call. Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#32-structured-content-mode */
export const EVENT_MEDIA_TYPE = "application/cloudevents+json";

/** Wraps an order's new state; its version is the event's sequence. */
export function orderEvent(type: OrderEventType, order: Order): OrderEvent {
  return {
    specversion: "1.0",
    id: `${order.orderId}/${order.version}`,
    source: `/shops/${order.shopId}/regions/${order.region}`,
    type,
    subject: order.orderId,
    time: order.updatedAt,
    datacontenttype: "application/json",
    shopid: order.shopId,
    region: order.region,
    sequence: order.version,
    data: order,
  };
}
