import { expect, test } from "vitest";
import { requestProblems } from "../../test/specs/stripe-schema.ts";
import type { AuthorizeRequest } from "../provider.ts";
import { toIntentParams } from "./intent-params.ts";
import { cardRequest } from "./testing/payment-fixtures.ts";

const returnUrl = "https://shop.example/return";
const ideal: AuthorizeRequest = { ...cardRequest, method: "ideal", token: undefined, returnUrl };
const wero: AuthorizeRequest = { ...ideal, method: "wero" };
const pix: AuthorizeRequest = {
  ...cardRequest,
  method: "pix",
  token: undefined,
  amount: { amountMinor: 9900, currency: "BRL" },
  details: { cpf: "000.000.001-91" },
};
const upi: AuthorizeRequest = {
  ...cardRequest,
  method: "upi",
  token: undefined,
  amount: { amountMinor: 49900, currency: "INR" },
};

test("the same request always has the same bytes", () => {
  expect(JSON.stringify(toIntentParams({ ...cardRequest }))).toBe(
    '{"amount":1789,"currency":"eur","confirm":true,"allowed_payment_method_types":["card"],' +
      '"capture_method":"manual","payment_method":"pm_card_visa","error_on_requires_action":true,' +
      '"metadata":{"shop_id":"demo","checkout_id":"chk_eu_0123456789abcdefghjkmnpqrs",' +
      '"payment_reference":"demo_chk_eu_0123456789abcdefghjkmnpqrs_1"},' +
      '"expand":["latest_charge"]}',
  );
});

test.each([
  ["a card", cardRequest],
  ["a card with a way back", { ...cardRequest, returnUrl }],
  ["a card for several captures", { ...cardRequest, severalCaptures: true }],
  ["a card by confirmation token", { ...cardRequest, token: "ctoken_1Nabc", returnUrl }],
  ["iDEAL", ideal],
  ["Wero", wero],
  ["Pix", pix],
  ["UPI", upi],
])("what is sent for %s is as the official types want it", (_name, request) => {
  expect(requestProblems("PaymentIntentCreateParams", toIntentParams(request))).toEqual([]);
});

test("only ids leave for the provider's metadata, within its limits", () => {
  for (const request of [cardRequest, ideal, wero, pix, upi]) {
    const { metadata } = toIntentParams(request);
    expect(Object.keys(metadata ?? {})).toEqual(["shop_id", "checkout_id", "payment_reference"]);
    for (const value of Object.values(metadata ?? {})) {
      expect(String(value).length).toBeLessThanOrEqual(500);
    }
  }
});

test("several captures are asked for only where goods may be sent in parts", () => {
  expect(toIntentParams(cardRequest)).not.toHaveProperty("payment_method_options");
  expect(toIntentParams({ ...cardRequest, severalCaptures: true })).toMatchObject({
    payment_method_options: { card: { request_multicapture: "if_available" } },
  });
});

test("a Pix code ends when our offer does, and names the payer's CPF by its digits", () => {
  expect(toIntentParams(pix)).toMatchObject({
    payment_method_data: {
      type: "pix",
      billing_details: { email: "ada@example.com", name: "Ada Lovelace", tax_id: "00000000191" },
    },
    payment_method_options: { pix: { expires_at: 1_700_000_600 } },
  });
});

test("a local method is paid at once: it has no capture of its own, and no token", () => {
  for (const request of [ideal, wero, pix, upi]) {
    const params = toIntentParams(request);
    expect(params).not.toHaveProperty("capture_method");
    expect(params).not.toHaveProperty("payment_method");
    expect(params.allowed_payment_method_types).toEqual([request.method]);
  }
});

test("a confirmation token is sent as one, and leaves no step to Stripe's own script", () => {
  const params = toIntentParams({ ...cardRequest, token: "ctoken_1Nabc", returnUrl });
  expect(params).toMatchObject({
    ...{ confirmation_token: "ctoken_1Nabc", use_stripe_sdk: false, return_url: returnUrl },
  });
  expect(params).not.toHaveProperty("payment_method");
});
