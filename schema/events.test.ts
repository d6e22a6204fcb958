import { expect, test } from "vitest";
import { OrderEvent, OrderEventType, orderEvent } from "./events.ts";
import { Order } from "./order.ts";

const SUFFIX = "0123456789abcdefghjkmnpqrs";
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

const order = Order.parse({
  orderId: `ord_eu_${SUFFIX}`,
  checkoutId: `chk_eu_${SUFFIX}`,
  shopId: "demo",
  region: "eu",
  version: 2,
  status: "captured",
  payment: "captured",
  fulfilment: "none",
  dispute: "none",
  total: eur(1789),
  captured: eur(1789),
  refunded: eur(0),
  lines: [{ sku: "mug", quantity: 1, unitAmount: eur(1299) }],
  provider: "stripe",
  providerReference: "pi_1",
  customerReference: "cus_abc",
  createdAt: "2026-11-23T06:00:00.000Z",
  updatedAt: "2026-11-23T06:00:01.000Z",
});

test("an order's event is a CloudEvent that holds the whole order", () => {
  expect(orderEvent("tender.order.captured.v1", order)).toEqual({
    specversion: "1.0",
    id: `ord_eu_${SUFFIX}/2`,
    source: "/shops/demo/regions/eu",
    type: "tender.order.captured.v1",
    subject: order.orderId,
    time: order.updatedAt,
    datacontenttype: "application/json",
    shopid: "demo",
    region: "eu",
    sequence: 2,
    data: order,
  });
});

test("what is sent can be read, also after JSON", () => {
  for (const type of OrderEventType.options) {
    const event = orderEvent(type, order);
    expect(OrderEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
  }
});

test("the same version always has the same id; the next one has another", () => {
  const again = orderEvent("tender.order.captured.v1", order);
  expect(again.id).toBe(orderEvent("tender.order.captured.v1", order).id);
  const next = orderEvent("tender.order.captured.v1", { ...order, version: 3 });
  expect(next.id).not.toBe(again.id);
  expect(next.sequence).toBe(3);
});

test("an event with a field that we do not know is refused: no personal data slips through", () => {
  const event = orderEvent("tender.order.placed.v1", order);
  const withEmail = { ...event, data: { ...order, email: "ada@example.com" } };
  expect(OrderEvent.safeParse(withEmail).success).toBe(false);
  expect(OrderEvent.safeParse({ ...event, email: "ada@example.com" }).success).toBe(false);
});

test("an event without order, region, sequence or known type is refused", () => {
  const event = orderEvent("tender.order.placed.v1", order);
  const wrong = [
    { ...event, data: undefined },
    { ...event, region: "xx" },
    { ...event, sequence: 0 },
    { ...event, sequence: 1.5 },
    { ...event, specversion: "0.3" },
    { ...event, type: "tender.order.unheard.v1" },
    { ...event, subject: order.checkoutId },
    { ...event, time: "yesterday" },
  ];
  for (const each of wrong) expect(OrderEvent.safeParse(each).success).toBe(false);
});
