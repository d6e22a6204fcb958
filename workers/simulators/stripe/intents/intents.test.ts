import fc from "fast-check";
import { expect, test } from "vitest";
import { calm, drawOf, readControl, strike } from "../../control/faults.ts";
import { retryAt } from "../../webhooks/webhook-pace.ts";
import { canonicalForm, decodeForm } from "../api/form.ts";
import { routeOf } from "../api/stripe-api-routes.ts";
import { readQuery } from "../calls/lookup-calls.ts";
import { signatureOf } from "../webhooks/stripe-webhook-delivery.ts";
import { cancelIntent, captureIntent } from "./capture-and-cancel.ts";
import { confirmIntent } from "./confirm-intent.ts";
import type { Intent, Moment } from "./intent.ts";
import { refundedOf } from "./intent.ts";
import { newIntent } from "./new-intent.ts";
import { refundIntent } from "./refund-intent.ts";
import { isError } from "./stripe-errors.ts";

const moment: Moment = {
  nowMs: 1_700_000_000_000,
  id: (prefix) => `${prefix}_${"x".repeat(24)}`,
  bankUrl: ({ id }) => `http://bank.test/${id}`,
};

/** An intent that holds this much. */
function authorized(amount: number, token = "pm_card_visa", multicapture = false): Intent {
  const intent = newIntent(
    {
      amount,
      token,
      local: null,
      multicapture,
      currency: "eur",
      captureMethod: "manual",
      allowedTypes: ["card"],
      redirects: null,
      metadata: {},
      description: null,
      receiptEmail: null,
      statementDescriptor: null,
      statementDescriptorSuffix: null,
      transferGroup: null,
    },
    moment,
  );
  const result = confirmIntent(
    intent,
    {
      token: null,
      local: null,
      returnUrl: null,
      captureMethod: null,
      offSession: false,
      errorOnRequiresAction: false,
    },
    moment,
  );
  if (isError(result)) throw new Error(result.message);
  return result.intent;
}

test("signatures equal the ones that Stripe's package makes", () => {
  const vectors = [
    ['{"id":"evt_test"}', "13941114bb88ac44a76abcfddea5b92aa6182a4b63d8be3aae908a616083bd7e"],
    ['{"id": "evt_test"}', "e984bd41c45a1f1ef349e5b5ecd272fcc342c4d1f84f05f9f0b61cdf1e0c6470"],
    [
      '{"id":"evt_1","amount":2599,"name":"Zoë €"}',
      "f398cf9d27dcd28d36046fe4fe3708eb973d6c0c0a9316e3a5fcbb7f3fb083c2",
    ],
  ] as const;
  for (const [body, v1] of vectors) {
    expect(signatureOf(body, ["whsec_test_secret"], 1_700_000_000)).toBe(`t=1700000000,v1=${v1}`);
  }
  expect(signatureOf('{"id":"evt_test"}', ["whsec_rotated"], 1_700_000_000)).toBe(
    "t=1700000000,v1=d0001db3834c2baad591ad5bcedb5b7eb7b4188a25490294180cc7b1dbd1fc67",
  );
});

test("an undelivered event is tried again after ever longer gaps and given up after three days", () => {
  const gaps = Array.from({ length: 20 }, (_, attempts) => retryAt(0, attempts)).filter(
    (gap) => gap !== null,
  );
  expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
  const days = gaps.reduce((sum, gap) => sum + gap, 0) / 86_400_000;
  expect(days).toBeGreaterThan(2.5);
  expect(days).toBeLessThan(3.5);
});

test("forms decode to objects and lists, and metadata stays an object", () => {
  expect(
    decodeForm("a[b][0]=x&a[b][1]=y&list[]=1&list[]=2&metadata[0]=z&plain=1+2&e%5Bn%5D=%C3%A9"),
  ).toEqual({
    a: { b: ["x", "y"] },
    list: ["1", "2"],
    metadata: { "0": "z" },
    plain: "1 2",
    e: { n: "é" },
  });
});

test("a form cannot reach a prototype", () => {
  decodeForm("__proto__[polluted]=1&a[constructor][prototype][polluted]=1");
  expect("polluted" in {}).toBe(false);
});

test("the order of parameters makes no other request of it", () => {
  expect(canonicalForm("b=2&a=1")).toBe(canonicalForm("a=1&b=2"));
  expect(canonicalForm("b=2&a=1")).not.toBe(canonicalForm("a=1&b=3"));
});

test("search reads metadata, status and several clauses, and refuses what it cannot read", () => {
  expect(readQuery("metadata['checkout_id']:'chk_1' AND status:\"succeeded\"")).toEqual([
    { key: "checkout_id", metadata: true, value: "chk_1" },
    { key: "status", metadata: false, value: "succeeded" },
  ]);
  expect(readQuery("metadata['checkout_id']~'chk'")).toBeNull();
});

test("paths that Stripe does not have are no routes", () => {
  expect(routeOf("POST", "/v1/payment_intents/pi_1/capture")).toEqual({
    name: "payment_intents.capture",
    id: "pi_1",
  });
  for (const [method, path] of [
    ["POST", "/v1/payment_intents/pi_1/explode"],
    ["DELETE", "/v1/payment_intents/pi_1"],
    ["GET", "/v2/payment_intents"],
    ["GET", "/v1/constructor"],
    ["GET", "/v1/payment_intents/pi_1/capture"],
  ] as const) {
    expect(routeOf(method, path)).toBeNull();
  }
});

test("the same seed meets the same faults", () => {
  const series = (seed: number) => Array.from({ length: 50 }, (_, n) => drawOf(seed, n));
  expect(series(7)).toEqual(series(7));
  expect(series(7)).not.toEqual(series(8));
  const mean = Array.from({ length: 2000 }, (_, n) => drawOf(3, n)).reduce((a, b) => a + b) / 2000;
  expect(mean).toBeCloseTo(0.5, 1);
});

test("a fault strikes as often as it was told, and only where it aims", () => {
  const rule = { operation: "capture", kind: "drop_after", times: 2, metadataCheckoutId: "chk_1" };
  let control = readControl({ faults: [rule] }, calm, 0);
  const struck: string[] = [];
  for (const [operation, checkout] of [
    ["authorize", "chk_1"],
    ["capture", "chk_2"],
    ["capture", "chk_1"],
    ["capture", "chk_1"],
    ["capture", "chk_1"],
  ] as const) {
    if (typeof control === "string") throw new Error(control);
    const result = strike(
      control,
      { operation, realNowMs: 0, checkoutId: () => checkout, method: () => "card" },
      0,
    );
    control = result.control;
    if (result.rule) struck.push(`${operation} ${checkout}`);
  }
  expect(struck).toEqual(["capture chk_1", "capture chk_1"]);
});

test("a control that nobody understands is refused and named", () => {
  for (const body of [
    [],
    { latencyMS: {} },
    { faults: {} },
    { faults: [{ operation: "capture", kind: "explode" }] },
    { faults: [{ operation: "pay", kind: "hang" }] },
    { webhooks: { mode: "loud" } },
  ]) {
    expect(readControl(body, calm, 0)).toBeTypeOf("string");
  }
});

test("capturing a part releases the rest, and no second capture follows", () => {
  const first = captureIntent(
    authorized(1000),
    { amount: 400, metadata: null, finalCapture: true },
    moment,
  );
  expect(first).toMatchObject({
    intent: { status: "succeeded", amountReceived: 400, amountCapturable: 0 },
    events: ["charge.captured", "payment_intent.succeeded"],
  });
  if (isError(first)) throw new Error(first.message);
  expect(
    captureIntent(first.intent, { amount: null, metadata: null, finalCapture: true }, moment),
  ).toMatchObject({ code: "payment_intent_unexpected_state" });
});

test("whatever is asked in whatever order, money is conserved", () => {
  const act = fc.oneof(
    fc.record({ act: fc.constant("capture" as const), amount: fc.integer({ min: 0, max: 1500 }) }),
    fc.record({ act: fc.constant("part" as const), amount: fc.integer({ min: 0, max: 600 }) }),
    fc.record({ act: fc.constant("refund" as const), amount: fc.integer({ min: 1, max: 1500 }) }),
    fc.record({ act: fc.constant("cancel" as const), amount: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), fc.boolean(), (acts, multicapture) => {
      let intent = authorized(1000, "pm_card_visa", multicapture);
      for (const { act: name, amount } of acts) {
        const result =
          name === "capture" || name === "part"
            ? captureIntent(
                intent,
                { amount, metadata: null, finalCapture: name === "capture" },
                moment,
              )
            : name === "refund"
              ? refundIntent(intent, { amount, reason: null, metadata: {} }, moment)
              : cancelIntent(intent, null, moment);
        if (!isError(result)) intent = result.intent;
        const captured = intent.captures.reduce((sum, c) => sum + c.amount, 0);
        expect(captured).toBe(intent.amountReceived);
        expect(intent.amountReceived).toBeLessThanOrEqual(1000);
        expect(refundedOf(intent)).toBeLessThanOrEqual(intent.amountReceived);
        if (!multicapture) expect(intent.captures.length).toBeLessThanOrEqual(1);
        expect(intent.amountReceived + intent.amountCapturable).toBeLessThanOrEqual(1000);
        if (intent.status !== "requires_capture") expect(intent.amountCapturable).toBe(0);
        if (!multicapture && intent.status === "canceled") expect(intent.amountReceived).toBe(0);
      }
    }),
    { numRuns: 300 },
  );
});

test("a refused capture leaves the hold, which can still be cancelled", () => {
  const held = authorized(1000, "pm_sim_captureDeclined");
  expect(
    captureIntent(held, { amount: null, metadata: null, finalCapture: true }, moment),
  ).toMatchObject({ status: 402, code: "card_declined", intent: { status: "requires_capture" } });
  expect(cancelIntent(held, "abandoned", moment)).toMatchObject({ intent: { status: "canceled" } });
});
