import { expect, test } from "vitest";
import { openWire } from "./testing/scripted-server.ts";
import { routeThinEvent, ThinEvent } from "./thin-events.ts";

const wire = await openWire();

const metadata = {
  ...{ shop_id: "demo", checkout_id: "chk_eu_0123456789abcdefghjkmnpqrs" },
  payment_reference: "demo_chk_eu_0123456789abcdefghjkmnpqrs_1",
};
const charge = { id: "ch_1", object: "charge", amount_refunded: 400 };
const intent = {
  ...{ id: "pi_1", object: "payment_intent", status: "succeeded", metadata, currency: "eur" },
  ...{ amount_received: 1000, latest_charge: charge, capture_method: "manual" },
};

function thin(type: string, id: string, more: object = {}): ThinEvent {
  const kind = id.startsWith("re_") ? "refund" : "payment_intent";
  return ThinEvent.parse({
    ...{ object: "v2.core.event", id: "evt_test_1", type, created: "2023-11-14T22:13:19.000Z" },
    related_object: { id, type: kind, url: `/v1/${kind}s/${id}` },
    ...more,
  });
}

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

test("a thin event is routed by the object that it names, as that stands now", async () => {
  wire.answer(intent);
  const event = thin("v1.payment_intent.succeeded", "pi_1", { snapshot_event: "evt_1" });

  expect(await routeThinEvent(wire.config, event)).toEqual({
    ...{ shopId: "demo", checkoutId: metadata.checkout_id },
    notice: {
      ...{ provider: "stripe", noticeId: "evt_1", type: "payment_intent.succeeded" },
      ...{ kind: "capture", success: true, reference: "pi_1", about: "pi_1" },
      ourReference: metadata.payment_reference,
      told: { captured: eur(1000), refunded: eur(400) },
      createdAtMs: 1_699_999_999_000,
    },
  });
  expect(wire.asked()).toEqual(["GET /v1/payment_intents/pi_1?expand[0]=latest_charge"]);
});

test("a thin event of a refund names the refund, and is told of its payment", async () => {
  wire.answer(
    { id: "re_1", object: "refund", status: "succeeded", payment_intent: "pi_1" },
    intent,
  );

  expect(await routeThinEvent(wire.config, thin("v1.refund.created", "re_1"))).toMatchObject({
    notice: { noticeId: "evt_test_1", kind: "refund", about: "re_1", reference: "pi_1" },
  });
});

test("a thin event of an object that Stripe has no more is kept by its id", async () => {
  const error = { type: "invalid_request_error", code: "resource_missing", message: "No such." };
  wire.answer({ status: 404, body: JSON.stringify({ error }) });

  expect(await routeThinEvent(wire.config, thin("v1.refund.created", "re_9"))).toEqual({
    ...{ provider: "stripe", eventId: "evt_test_1", type: "refund.created", reference: "re_9" },
  });
});
