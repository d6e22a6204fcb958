import { expect, test } from "vitest";
import { toAuthorization, toDispute, toSecured } from "./mapping.ts";
import { intentOf } from "./testing/payment-fixtures.ts";

const amount = { amountMinor: 1789, currency: "EUR" };
const authorization = { provider: "stripe", method: "card", reference: "pi_1", amount } as const;

test("held money is an authorization; money already taken says so", () => {
  expect(toAuthorization(intentOf("requires_capture"), "card")).toEqual(authorization);
  expect(toAuthorization(intentOf("succeeded"), "ideal")).toEqual({
    ...authorization,
    method: "ideal",
    isCaptured: true,
  });
});

test("the charge says until when money is held, and whether it can be taken in parts", () => {
  const charge = (status: string) => ({
    payment_method_details: { card: { capture_before: 1_700_600_000, multicapture: { status } } },
  });
  const read = (status: string) =>
    toAuthorization(intentOf("requires_capture", { latest_charge: charge(status) }), "card");
  expect(read("available")).toEqual({
    ...authorization,
    captureBeforeMs: 1_700_600_000_000,
    severalCaptures: true,
  });
  expect(read("unavailable")).toEqual({ ...authorization, captureBeforeMs: 1_700_600_000_000 });
});

const url = "https://pay.example/step";
test.each([
  ["card", { type: "redirect_to_url", redirect_to_url: { url } }, { type: "redirect", url }],
  ["ideal", { type: "redirect_to_url", redirect_to_url: { url } }, { type: "redirect", url }],
  [
    "pix",
    {
      type: "pix_display_qr_code",
      pix_display_qr_code: {
        data: "00020126",
        expires_at: 1_700_000_600,
        hosted_instructions_url: url,
      },
    },
    { type: "qr", data: "00020126", url, expiresAt: "2023-11-14T22:23:20.000Z" },
  ],
  [
    "upi",
    {
      type: "upi_handle_redirect_or_display_qr_code",
      upi_handle_redirect_or_display_qr_code: {
        hosted_instructions_url: url,
        qr_code: { expires_at: 1_700_000_300, image_url_png: url, image_url_svg: url },
      },
    },
    { type: "app", url, expiresAt: "2023-11-14T22:18:20.000Z" },
  ],
] as const)("the shopper's step of %s", (method, next_action, shopper) => {
  expect(toAuthorization(intentOf("requires_action", { next_action }), method)).toEqual({
    ...authorization,
    method,
    shopper,
  });
});

test("an intent that fell back or was cancelled is a decline with Stripe's own reason", () => {
  const error = { decline_code: "insufficient_funds", code: "card_declined" };
  const fellBack = intentOf("requires_payment_method", { last_payment_error: error });
  expect(toAuthorization(fellBack, "card")).toMatchObject({
    detail: { reason: "insufficient_funds" },
  });
  const byCode = { last_payment_error: { code: "payment_intent_authentication_failure" } };
  expect(toAuthorization(intentOf("canceled", byCode), "card")).toMatchObject({
    refused: "payment_declined",
    detail: { reason: "payment_intent_authentication_failure", provider: "stripe" },
  });
  expect(toAuthorization(intentOf("canceled"), "card")).toMatchObject({
    detail: { reason: "canceled" },
  });
});

test("an intent that is undecided, or in a state nobody knows, is unknown and never a decline", () => {
  for (const status of ["processing", "requires_action", "requires_confirmation", "new", ""]) {
    expect(() => toAuthorization(intentOf(status), "card"), status).toThrow(
      /has not decided|no definite answer/,
    );
  }
});

test("what is held or taken is found whole; what went back or never came is not", () => {
  expect(toSecured(intentOf("requires_capture"))).toEqual(authorization);
  const taken = intentOf("succeeded", { amount_received: 1000 });
  expect(toSecured(taken)).toEqual({
    ...authorization,
    amount: { amountMinor: 1000, currency: "EUR" },
    isCaptured: true,
  });
  expect(toSecured(intentOf("succeeded", { latest_charge: { refunded: true } }))).toBeUndefined();
  for (const status of ["canceled", "requires_payment_method", "requires_action", "processing"]) {
    expect(toSecured(intentOf(status)), status).toBeUndefined();
  }
});

test.each([
  ["needs_response", "open"],
  ["under_review", "open"],
  ["warning_needs_response", "open"],
  ["warning_under_review", "open"],
  ["appeal_needs_response", "open"],
  ["appeal_under_review", "open"],
  ["a status of next year", "open"],
  ["won", "won"],
  ["warning_closed", "won"],
  ["prevented", "won"],
  ["lost", "lost"],
])("a dispute that Stripe calls %s is %s", (status, dispute) => {
  const given = { id: "dp_1", status, amount: 1789, currency: "eur", reason: "fraudulent" };
  expect(toDispute(given as never)).toEqual({
    reference: "dp_1",
    dispute,
    amount,
    reason: "fraudulent",
  });
});
