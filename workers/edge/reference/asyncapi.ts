import * as z from "zod";
import { DeliveredEvent, EVENT_MEDIA_TYPE, OrderEventType } from "../../../schema/events.ts";
import { order } from "./examples/sale-examples.ts";

/** What happened, in a sentence. */
const sentences: { readonly [Type in OrderEventType]: string } = {
  "tender.order.placed.v1": "A shopper bought: the money is authorized, the stock is theirs.",
  "tender.order.capture_pending.v1":
    "The provider was told to take the money and confirms it later.",
  "tender.order.captured.v1": "Money was taken: `captured` is the sum so far.",
  "tender.order.capture_failed.v1": "The money could not be taken, for good: do not send anything.",
  "tender.order.capture_refused.v1":
    "A capture of yours that was being decided was refused; `captured` is what it was.",
  "tender.order.authorization_expiring.v1": "What is authorized and not captured lapses soon.",
  "tender.order.fulfillment_requested.v1": "The goods are to be sent.",
  "tender.order.fulfillment_updated.v1": "Goods were sent, in part or all of them.",
  "tender.order.refunded.v1": "Money went back: `refunded` is the sum so far.",
  "tender.order.refund_failed.v1":
    "A refund that was told of did not arrive: `refunded` is less again.",
  "tender.order.dispute_opened.v1": "The shopper disputes the payment with their bank.",
  "tender.order.dispute_closed.v1": "The dispute is decided: `dispute` says for whom.",
  "tender.order.withdrawn.v1":
    "The shopper withdrew from the contract: `withdrawals` says from which pieces, and when.",
  "tender.order.return_updated.v1":
    "You told what became of withdrawn pieces; a refund that is due is told of by itself.",
  "tender.order.cancelled.v1": "The order is off: its money and its stock go back.",
};

const headers = {
  type: "object",
  required: ["content-type", "webhook-id", "webhook-timestamp", "webhook-signature"],
  properties: {
    "content-type": { const: EVENT_MEDIA_TYPE },
    "webhook-id": { type: "string", description: "The event's `id`, the same at every try." },
    "webhook-timestamp": { type: "string", description: "When this try was made, in seconds." },
    "webhook-signature": { type: "string", description: "One `v1,…` per secret that is good." },
  },
};

export const eventTypes = OrderEventType.options.map((type) => ({
  type,
  sentence: sentences[type],
}));

/** A captured order's event, as a merchant's server gets it. */
export const exampleEvent = {
  specversion: "1.0",
  id: `${order.orderId}/3`,
  source: "/shops/demo/regions/eu",
  type: "tender.order.fulfillment_requested.v1",
  subject: order.orderId,
  time: order.updatedAt,
  datacontenttype: "application/json",
  shopid: "demo",
  region: "eu",
  sequence: "0000000003",
  data: order,
};

/**
 * Every event that leaves Tender, made of the schema that it is parsed with.
 * Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function asyncApi() {
  const { $schema, ...schema } = z.toJSONSchema(DeliveredEvent, { target: "draft-7" });
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Tender's events",
      version: "1",
      description:
        "CloudEvents 1.0, as its HTTP binding sends a whole event (structured mode), around the order as " +
        "it is after the event, without personal data. `sequence` is CloudEvents' Sequence extension: per " +
        "order gapless from 0000000001, in ten digits, so that strings sort as numbers do. Events come at least once and in an order's own order; " +
        "the same `id` is the same event. A type's version (`.v1`) changes when a reader of the old one " +
        "could break; new fields do not change it.",
    },
    defaultContentType: EVENT_MEDIA_TYPE,
    channels: {
      orderEvents: {
        address: null,
        title: "A merchant's webhook endpoint",
        description:
          "Registered by `POST /v1/webhook-endpoints`, signed as Standard Webhooks says.",
        messages: Object.fromEntries(
          eventTypes.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]),
        ),
      },
    },
    operations: {
      sendOrderEvent: {
        action: "send",
        channel: { $ref: "#/channels/orderEvents" },
        summary: "Tender sends, the merchant's server answers with 2xx within 15 seconds.",
        messages: eventTypes.map(({ type }) => ({
          $ref: `#/channels/orderEvents/messages/${type}`,
        })),
      },
    },
    components: {
      messages: Object.fromEntries(
        eventTypes.map(({ type, sentence }) => [type, messageOf(type, sentence)]),
      ),
      schemas: { OrderEvent: schema },
    },
  };
}

function messageOf(type: OrderEventType, summary: string) {
  const named = { type: "object", properties: { type: { const: type } } };
  return {
    name: type,
    title: type,
    summary,
    contentType: EVENT_MEDIA_TYPE,
    headers,
    payload: { allOf: [{ $ref: "#/components/schemas/OrderEvent" }, named] },
  };
}
