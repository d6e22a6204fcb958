import Stripe from "stripe";
import { expect, test } from "vitest";
import { decline, definiteNo } from "./declines.ts";
import { isStoredServerError } from "./stored-errors.ts";

/** As the SDK makes them of an answer. */
const raw = (statusCode: number, type: string, more: object = {}) =>
  ({ statusCode, type, message: "No.", headers: {}, ...more }) as never;

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

const retryable =
  "approve_with_id issuer_not_available payment_method_not_available " +
  "payment_method_provider_timeout processing_error provider_error reenter_transaction try_again_later";

test.each(retryable.split(" "))(
  "nobody has judged the card: after %s another provider may say yes",
  (reason) => {
    expect(decline(reason).detail).toEqual({ reason, provider: "stripe", retryable: true });
  },
);

test.each([
  "insufficient_funds",
  "do_not_honor",
  "stolen_card",
  "expired_card",
  "never_seen_before",
])("%s is final for this card", (reason) =>
  expect(decline(reason).detail).toEqual({ reason, provider: "stripe" }),
);

test("an issuer that says never outranks a code that says again", () => {
  const error = { decline_code: "processing_error", advice_code: "do_not_try_again" };
  const no = definiteNo(new Stripe.errors.StripeCardError(raw(402, "card_error", error)));
  expect(no?.detail).toEqual({ reason: "processing_error", provider: "stripe" });
});
