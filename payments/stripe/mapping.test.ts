import Stripe from "stripe";
import { expect, test } from "vitest";
import { CheckoutId, ShopId } from "../../schema/ids.ts";
import { providerKey } from "../provider-key.ts";
import {
  definiteNo,
  fromStripeAmount,
  isStoredServerError,
  toAuthorization,
  toIntentParams,
  toStripeAmount,
} from "./mapping.ts";

const request = {
  key: "0".repeat(64),
  shopId: ShopId.parse("demo"),
  checkoutId: CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs"),
  paymentReference: "chk_eu_0123456789abcdefghjkmnpqrs_1_stripe",
  amount: { amountMinor: 1789, currency: "EUR" },
  token: "pm_card_visa",
};

/** As the SDK makes them of an answer. */
const raw = (statusCode: number, type: string, more: object = {}) =>
  ({ statusCode, type, message: "No.", headers: {}, ...more }) as never;

const intent = (status: string, more: object = {}) =>
  ({ id: "pi_1", status, amount: 1789, currency: "eur", ...more }) as Stripe.PaymentIntent;

test("the same request always has the same bytes", () => {
  expect(JSON.stringify(toIntentParams({ ...request }))).toBe(
    '{"amount":1789,"currency":"eur","confirm":true,"capture_method":"manual",' +
      '"payment_method":"pm_card_visa","allowed_payment_method_types":["card"],' +
      '"error_on_requires_action":true,"metadata":{"shop_id":"demo",' +
      '"checkout_id":"chk_eu_0123456789abcdefghjkmnpqrs",' +
      '"payment_reference":"chk_eu_0123456789abcdefghjkmnpqrs_1_stripe"}}',
  );
});

test("only ids leave for the provider's metadata, within its limits", () => {
  const { metadata } = toIntentParams(request);
  expect(Object.keys(metadata ?? {})).toEqual(["shop_id", "checkout_id", "payment_reference"]);
  for (const value of Object.values(metadata ?? {})) {
    expect(String(value).length).toBeLessThanOrEqual(500);
  }
});

test("an amount stays in its minor units, there and back", () => {
  expect(toStripeAmount({ amountMinor: 1980, currency: "JPY" })).toEqual({
    amount: 1980,
    currency: "jpy",
  });
  expect(fromStripeAmount(1980, "jpy")).toEqual({ amountMinor: 1980, currency: "JPY" });
});

test("a currency that Stripe counts in its own way is a bug until it is mapped", () => {
  for (const currency of ["ISK", "UGX"]) {
    expect(() => toStripeAmount({ amountMinor: 100, currency })).toThrow(/own mapping/);
  }
});

test("held money is an authorization; money already taken is one too", () => {
  for (const status of ["requires_capture", "succeeded"]) {
    expect(toAuthorization(intent(status))).toEqual({
      provider: "stripe",
      reference: "pi_1",
      amount: { amountMinor: 1789, currency: "EUR" },
    });
  }
});

test("an intent that fell back or was cancelled is a decline with Stripe's own reason", () => {
  const error = { decline_code: "insufficient_funds", code: "card_declined" };
  const fellBack = intent("requires_payment_method", { last_payment_error: error });
  expect(toAuthorization(fellBack)).toMatchObject({ detail: { reason: "insufficient_funds" } });
  const byCode = { last_payment_error: { code: "payment_intent_authentication_failure" } };
  expect(toAuthorization(intent("canceled", byCode))).toMatchObject({
    refused: "payment_declined",
    detail: { reason: "payment_intent_authentication_failure", provider: "stripe" },
  });
  expect(toAuthorization(intent("canceled"))).toMatchObject({ detail: { reason: "canceled" } });
});

test("an intent that is undecided, or in a state nobody knows, is unknown and never a decline", () => {
  for (const status of ["processing", "requires_action", "requires_confirmation", "new", ""]) {
    expect(() => toAuthorization(intent(status)), status).toThrow(/has not decided/);
  }
});

test("a card error is a definite no, with the most exact reason there is", () => {
  const { StripeCardError } = Stripe.errors;
  const declined = { code: "card_declined", decline_code: "insufficient_funds" };
  const reasonOf = (more: object) =>
    definiteNo(new StripeCardError(raw(402, "card_error", more)))?.detail?.reason;
  expect(reasonOf(declined)).toBe("insufficient_funds");
  expect(reasonOf({ code: "expired_card" })).toBe("expired_card");
  expect(reasonOf({ code: "incorrect_cvc", decline_code: "" })).toBe("incorrect_cvc");
  expect(reasonOf({})).toBe("card_declined");
});

test("a request that Stripe does not take is a definite no", () => {
  const { StripeInvalidRequestError } = Stripe.errors;
  for (const [status, code] of [
    [400, "parameter_unknown"],
    [400, "amount_too_small"],
    [404, "resource_missing"],
  ] as const) {
    const error = new StripeInvalidRequestError(raw(status, "invalid_request_error", { code }));
    expect(definiteNo(error)).toEqual({
      refused: "payment_declined",
      detail: { reason: code, provider: "stripe" },
    });
  }
});

test.each([
  ["a server error", new Stripe.errors.StripeAPIError(raw(500, "api_error"))],
  ["a failed dependency", new Stripe.errors.StripeAPIError(raw(424, "api_error"))],
  ["a lost connection", new Stripe.errors.StripeConnectionError(raw(0, "api_error"))],
  ["a key in use", new Stripe.errors.StripeAPIError(raw(409, "invalid_request_error"))],
  [
    "a key in use, had the SDK called it an invalid request",
    new Stripe.errors.StripeInvalidRequestError(raw(409, "invalid_request_error")),
  ],
  ["too many requests", new Stripe.errors.StripeRateLimitError(raw(429, "rate_limit"))],
  [
    "a lock that another call holds",
    new Stripe.errors.StripeRateLimitError(raw(400, "rate_limit", { code: "rate_limit" })),
  ],
  [
    "a wrong key of ours",
    new Stripe.errors.StripeAuthenticationError(raw(401, "invalid_request_error")),
  ],
  [
    "a key without the right",
    new Stripe.errors.StripePermissionError(raw(403, "invalid_request_error")),
  ],
  [
    "the same key with other bytes",
    new Stripe.errors.StripeIdempotencyError(raw(400, "idempotency_error")),
  ],
  ["a plain error", new Error("card_declined")],
  ["no error at all", undefined],
])("%s leaves the outcome unknown", (_name, error) => {
  expect(definiteNo(error)).toBeUndefined();
});

test("only a replayed server error is stored; one that was just made may pass", () => {
  const { StripeAPIError, StripeCardError } = Stripe.errors;
  const replayed = { headers: { "idempotent-replayed": "true" } };
  const stored = (error: unknown) => isStoredServerError(error);
  expect(stored(new StripeAPIError(raw(500, "api_error", replayed)))).toBe(true);
  expect(stored(new StripeAPIError(raw(503, "api_error", replayed)))).toBe(true);
  expect(stored(new StripeAPIError(raw(500, "api_error")))).toBe(false);
  expect(stored(new StripeCardError(raw(402, "card_error", replayed)))).toBe(false);
  expect(stored(new StripeAPIError(raw(409, "api_error", replayed)))).toBe(false);
  expect(stored(new Error("500"))).toBe(false);
});

test("a provider's key is 64 characters of hex: the same parts, the same key", () => {
  expect(providerKey("chk", "pay/1", "authorize")).toMatch(/^[0-9a-f]{64}$/);
  expect(providerKey("a", "b")).toBe(providerKey("a", "b"));
  expect(providerKey("a", "b")).toBe(
    "c14cddc033f64b9dea80ea675cf280a015e672516090a5626781153dc68fea11",
  );
  expect(providerKey("a", "c")).not.toBe(providerKey("a", "b"));
});
