import Stripe from "stripe";
import { expect, test } from "vitest";
import { readStripeWebhook } from "./webhook.ts";

/** Nothing listens here: a test that asks Stripe fails. */
const nowhere = { apiBase: "http://127.0.0.1:1", secretKey: "sk_test_local" };
const SECRET = "whsec_test_secret";
const SENT_AT_S = 1_700_000_000;
const BODY = '{"id":"evt_test"}';
const SIGNATURE = "13941114bb88ac44a76abcfddea5b92aa6182a4b63d8be3aae908a616083bd7e";
const ROTATED = "d0001db3834c2baad591ad5bcedb5b7eb7b4188a25490294180cc7b1dbd1fc67";

type Sent = {
  readonly body?: string;
  readonly header: string;
  readonly secret?: string;
  readonly nowS?: number;
};

async function accepts({ body = BODY, header, secret = SECRET, nowS = SENT_AT_S }: Sent) {
  const config = { ...nowhere, webhookSecret: secret };
  return (await readStripeWebhook(config, body, header, nowS * 1000)).is === "verified";
}

const signed = (body: string, atS = SENT_AT_S) =>
  Stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET, timestamp: atS });

test.each([
  ["the plain body", { header: `t=${SENT_AT_S},v1=${SIGNATURE}` }],
  [
    "one blank more, with its own signature",
    {
      body: '{"id": "evt_test"}',
      header: `t=${SENT_AT_S},v1=e984bd41c45a1f1ef349e5b5ecd272fcc342c4d1f84f05f9f0b61cdf1e0c6470`,
    },
  ],
  [
    "letters beyond ASCII",
    {
      body: '{"id":"evt_1","amount":2599,"name":"Zoë €"}',
      header: `t=${SENT_AT_S},v1=f398cf9d27dcd28d36046fe4fe3708eb973d6c0c0a9316e3a5fcbb7f3fb083c2`,
    },
  ],
  ["another secret", { secret: "whsec_rotated", header: `t=${SENT_AT_S},v1=${ROTATED}` }],
  ["a rotation, by the old secret", { header: `t=${SENT_AT_S},v1=${ROTATED},v1=${SIGNATURE}` }],
  [
    "a rotation, by the new secret",
    { secret: "whsec_rotated", header: `t=${SENT_AT_S},v1=${ROTATED},v1=${SIGNATURE}` },
  ],
  [
    "two secrets of ours, the old one signs",
    { secret: `whsec_rotated,${SECRET}`, header: `t=${SENT_AT_S},v1=${SIGNATURE}` },
  ],
  [
    "two secrets of ours, the new one signs",
    { secret: `whsec_rotated ${SECRET}`, header: `t=${SENT_AT_S},v1=${ROTATED}` },
  ],
  [
    "an unknown scheme beside a good one",
    { header: `t=${SENT_AT_S},v0=${ROTATED},v1=${SIGNATURE},v2=abc` },
  ],
])("Stripe's own vector is accepted: %s", async (_name, sent: Sent) => {
  expect(await accepts(sent)).toBe(true);
});

test.each([
  ["only v0", { header: `t=${SENT_AT_S},v0=${SIGNATURE}` }],
  ["no time", { header: `v1=${SIGNATURE}` }],
  ["a time that is none", { header: `t=soon,v1=${SIGNATURE}` }],
  ["an empty v1", { header: `t=${SENT_AT_S},v1=` }],
  ["an empty header", { header: "" }],
  ["no more than commas", { header: ",,," }],
  ["another endpoint's secret", { header: `t=${SENT_AT_S},v1=${ROTATED}` }],
  ["a body with one blank more", { body: '{"id": "evt_test"}', header: signed(BODY) }],
  ["a body written anew", { body: `${BODY}\n`, header: signed(BODY) }],
  ["an empty body", { body: "", header: signed(BODY) }],
  ["upper-case hex", { header: `t=${SENT_AT_S},v1=${SIGNATURE.toUpperCase()}` }],
  ["a signature cut short", { header: `t=${SENT_AT_S},v1=${SIGNATURE.slice(0, 63)}` }],
  ["another time than the signed one", { header: `t=${SENT_AT_S + 1},v1=${SIGNATURE}` }],
  ["blanks before the parts", { header: ` t=${SENT_AT_S}, v1=${SIGNATURE}` }],
  ["two times", { header: `t=${SENT_AT_S},t=${SENT_AT_S + 1},v1=${SIGNATURE}` }],
  ["a secret that is not set", { secret: "", header: signed(BODY) }],
  ["secrets that are no more than commas", { secret: " , ", header: signed(BODY) }],
  ["a body that is no JSON", { body: "evt", header: signed("evt") }],
])("what Stripe did not sign is refused: %s", async (_name, sent: Sent) => {
  expect(await accepts(sent)).toBe(false);
});

test("a webhook is good for 300 seconds, and not for one more", async () => {
  const header = `t=${SENT_AT_S},v1=${SIGNATURE}`;
  expect(await accepts({ header, nowS: SENT_AT_S + 300 })).toBe(true);
  expect(await accepts({ header, nowS: SENT_AT_S + 301 })).toBe(false);
});

test("a webhook from the future is good for 300 seconds, and not for one more", async () => {
  const header = `t=${SENT_AT_S},v1=${SIGNATURE}`;
  expect(await accepts({ header, nowS: SENT_AT_S - 300 })).toBe(true);
  expect(await accepts({ header, nowS: SENT_AT_S - 301 })).toBe(false);
  const later = signed(BODY, SENT_AT_S + 301);
  expect(await accepts({ header: `t=${SENT_AT_S},${later}` })).toBe(false);
});

test("a fraction of a second does not make a webhook too old", async () => {
  const header = `t=${SENT_AT_S},v1=${SIGNATURE}`;
  expect(await accepts({ header, nowS: SENT_AT_S + 300.999 })).toBe(true);
});

const metadata = {
  shop_id: "demo",
  checkout_id: "chk_eu_0123456789abcdefghjkmnpqrs",
  payment_reference: "demo_chk_eu_0123456789abcdefghjkmnpqrs_1",
};
const intent = { object: "payment_intent", id: "pi_1", metadata };

function read(event: object) {
  const body = JSON.stringify({ id: "evt_1", created: 1_699_999_999, ...event });
  const config = { ...nowhere, webhookSecret: SECRET };
  return readStripeWebhook(config, body, signed(body), SENT_AT_S * 1000);
}

test("an intent's event names its sale by the metadata that comes back signed", async () => {
  const type = "payment_intent.succeeded";
  expect(await read({ type, data: { object: intent } })).toEqual({
    is: "verified",
    routed: [
      {
        shopId: "demo",
        checkoutId: metadata.checkout_id,
        notice: {
          provider: "stripe",
          noticeId: "evt_1",
          type,
          kind: "authorization",
          success: true,
          reference: "pi_1",
          about: "pi_1",
          ourReference: metadata.payment_reference,
          createdAtMs: 1_699_999_999_000,
        },
      },
    ],
    unroutable: [],
    reports: [],
  });
});

test.each([
  ["payment_intent.amount_capturable_updated", intent, "authorization", true, "pi_1"],
  ["payment_intent.succeeded", { ...intent, capture_method: "manual" }, "capture", true, "pi_1"],
  ["payment_intent.payment_failed", intent, "authorization", false, "pi_1"],
  ["payment_intent.processing", intent, "other", true, "pi_1"],
  ["payment_intent.requires_action", intent, "other", true, "pi_1"],
  ["payment_intent.canceled", intent, "expiry", true, "pi_1"],
  ["charge.expired", { object: "charge", id: "ch_1" }, "expiry", true, "pi_1"],
  ["charge.captured", { object: "charge", id: "ch_1" }, "capture", true, "pi_1"],
  ["charge.refunded", { object: "charge", id: "ch_1" }, "refund", true, "pi_1"],
  ["refund.created", { object: "refund", id: "re_1", status: "pending" }, "other", true, "re_1"],
  ["refund.updated", { object: "refund", id: "re_1", status: "succeeded" }, "refund", true, "re_1"],
  ["refund.updated", { object: "refund", id: "re_1", status: "canceled" }, "refund", false, "re_1"],
  ["refund.failed", { object: "refund", id: "re_1", status: "failed" }, "refund", false, "re_1"],
  ["charge.dispute.created", { object: "dispute", id: "dp_1" }, "dispute", true, "dp_1"],
  ["charge.dispute.closed", { object: "dispute", id: "dp_1" }, "dispute", true, "dp_1"],
  ["charge.dispute.funds_withdrawn", { object: "dispute", id: "dp_1" }, "dispute", true, "dp_1"],
  ["an.event.of.next.year", intent, "other", true, "pi_1"],
])("%s of %j is a %s with success %s", async (type, given, kind, success, about) => {
  const object = given.object === "payment_intent" ? given : { ...given, payment_intent: intent };
  expect(await read({ type, data: { object } })).toMatchObject({
    routed: [{ notice: { type, kind, success, about, reference: "pi_1" } }],
  });
});

const thin = {
  ...{ id: "evt_test_1", object: "v2.core.event", type: "v1.payment_intent.succeeded" },
  ...{ created: "2023-11-14T22:13:19.000Z", livemode: false, snapshot_event: "evt_1" },
  related_object: { id: "pi_1", type: "payment_intent", url: "/v1/payment_intents/pi_1" },
};

test("a thin event whose object cannot be read now throws: Stripe sends it again", async () => {
  await expect(read({ ...thin })).rejects.toThrow();
});

test("what is signed and of a kind that is not known is taken, and no forgery", async () => {
  const nothing = { is: "verified", routed: [], unroutable: [], reports: [] };
  const account = { id: "acct_1", type: "v2.core.account", url: "/v2/core/accounts/acct_1" };
  expect(await read({ ...thin, type: "v2.core.account.updated", related_object: account })).toEqual(
    nothing,
  );
  expect(await read({ ...thin, related_object: null })).toEqual(nothing);
  expect(await read({ object: "v3.news", type: "of.next.year" })).toEqual(nothing);
});

test("a thin event that nobody signed, or of the other mode, is forged", async () => {
  const config = { ...nowhere, webhookSecret: SECRET };
  const body = JSON.stringify(thin);
  const atMs = SENT_AT_S * 1000;
  const unsigned = `t=${SENT_AT_S},v1=${SIGNATURE}`;
  expect(await readStripeWebhook(config, body, unsigned, atMs)).toEqual({ is: "forged" });
  expect(await read({ ...thin, livemode: true })).toEqual({ is: "forged" });
});

test("a charge whose intent cannot be read now throws: Stripe sends the event again", async () => {
  const object = { object: "charge", id: "ch_1", payment_intent: "pi_1" };
  await expect(read({ type: "charge.captured", data: { object } })).rejects.toThrow();
});

test.each([
  ["an intent that is not ours", { ...intent, metadata: {} }, "pi_1"],
  [
    "an intent with a checkout id that is none",
    { ...intent, metadata: { ...metadata, checkout_id: "chk_eu_1" } },
    "pi_1",
  ],
  ["a payout", { object: "payout", id: "po_1" }, "po_1"],
  ["a charge without an intent", { object: "charge", id: "ch_1", payment_intent: null }, "ch_1"],
])("an event that belongs to no sale is kept by its id: %s", async (_name, object, reference) => {
  expect(await read({ type: "some.event", data: { object } })).toEqual({
    is: "verified",
    routed: [],
    unroutable: [{ provider: "stripe", eventId: "evt_1", type: "some.event", reference }],
    reports: [],
  });
});

test("an event of the other mode than our key's is refused, however well it is signed", async () => {
  const body = (livemode: boolean) =>
    JSON.stringify({ id: "evt_1", type: "x", created: 1, livemode, data: { object: intent } });
  const readAs = async (secretKey: string, livemode: boolean) => {
    const config = { ...nowhere, secretKey, webhookSecret: SECRET };
    const text = body(livemode);
    return (await readStripeWebhook(config, text, signed(text), SENT_AT_S * 1000)).is;
  };
  expect(await readAs("sk_test_1", false)).toBe("verified");
  expect(await readAs("sk_test_1", true)).toBe("forged");
  expect(await readAs("sk_live_1", true)).toBe("verified");
  expect(await readAs("rk_live_1", true)).toBe("verified");
  expect(await readAs("sk_live_1", false)).toBe("forged");
});
