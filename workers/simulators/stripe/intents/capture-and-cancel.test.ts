import fc from "fast-check";
import { expect, test } from "vitest";
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
