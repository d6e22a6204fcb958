import { expect, test } from "vitest";
import { eventsSince, fetchEvent } from "./events.ts";
import { intentOf, name } from "./testing/payment-fixtures.ts";
import { all, list, nonsense, openWire } from "./testing/scripted-server.ts";

const wire = await openWire();
const metadata = {
  shop_id: name.shopId,
  checkout_id: name.checkoutId,
  payment_reference: name.paymentReference,
};
const event = (id: string, type: string, object: object) => ({
  object: "event",
  id,
  type,
  created: 1_700_000_000,
  data: { object },
});

test("an event that could not be routed is fetched again with its payment as it is now", async () => {
  wire.answer(
    event("evt_1", "payment_intent.succeeded", intentOf("succeeded")),
    intentOf("succeeded", { metadata }),
  );
  expect(await fetchEvent(wire.config, "evt_1")).toMatchObject({
    shopId: name.shopId,
    checkoutId: name.checkoutId,
    notice: { noticeId: "evt_1", kind: "authorization", reference: "pi_1" },
  });
  expect(wire.asked()).toEqual(["GET /v1/events/evt_1", "GET /v1/payment_intents/pi_1"]);
});

test("an event that is still nobody's stays unroutable", async () => {
  wire.answer(event("evt_2", "payout.paid", { object: "payout", id: "po_1" }));
  expect(await fetchEvent(wire.config, "evt_2")).toEqual({
    provider: "stripe",
    eventId: "evt_2",
    type: "payout.paid",
    reference: "po_1",
  });
});

test("an event that Stripe has no more is undefined; one that cannot be read now throws", async () => {
  const error = {
    type: "invalid_request_error",
    code: "resource_missing",
    message: "No such event",
  };
  wire.answer({ status: 404, body: JSON.stringify({ error }) });
  expect(await fetchEvent(wire.config, "evt_3")).toBeUndefined();
  for (const answer of nonsense) {
    wire.answer(answer);
    await expect(fetchEvent(wire.config, "evt_3"), answer.body).rejects.toThrow();
    wire.answer(event("evt_1", "payment_intent.succeeded", intentOf("succeeded")), answer);
    await expect(fetchEvent(wire.config, "evt_1"), answer.body).rejects.toThrow();
  }
});

test("an event of a payment that Stripe does not know is nobody's, and keeps no other back", async () => {
  const error = { type: "invalid_request_error", code: "resource_missing", message: "None" };
  const refund = { object: "refund", id: "re_1", payment_intent: "pi_gone" };
  wire.answer(
    list(
      event("evt_7", "refund.failed", refund),
      event("evt_6", "payment_intent.succeeded", intentOf("succeeded", { metadata })),
    ),
    { status: 404, body: JSON.stringify({ error }) },
  );
  expect(await all(eventsSince(wire.config, 1_700_000_000_000))).toMatchObject([
    { eventId: "evt_7", type: "refund.failed", reference: "re_1" },
    { notice: { noticeId: "evt_6" } },
  ]);
});

test("events that were lost are listed since a time, each with its sale", async () => {
  wire.answer(
    list(
      event("evt_5", "payment_intent.succeeded", intentOf("succeeded", { metadata })),
      event("evt_4", "charge.dispute.created", {
        object: "dispute",
        id: "dp_1",
        payment_intent: "pi_1",
      }),
    ),
    intentOf("succeeded", { metadata }),
  );
  const events = await all(eventsSince(wire.config, 1_700_000_000_000));
  expect(events).toMatchObject([
    { notice: { noticeId: "evt_5" } },
    { notice: { noticeId: "evt_4", kind: "dispute", about: "dp_1", reference: "pi_1" } },
  ]);
  expect(wire.asked()[0]).toContain(
    "GET /v1/events?created[gte]=1700000000&types[0]=payment_intent.",
  );
});
