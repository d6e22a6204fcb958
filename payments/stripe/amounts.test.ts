import { expect, test } from "vitest";
import { canTake, fromStripeAmount, toStripeAmount } from "./amounts.ts";

test.each([
  [1789, "EUR", 1789],
  [1980, "JPY", 1980],
  [12340, "KWD", 12340],
  [500, "ISK", 50000],
  [3000, "UGX", 300000],
  [1000, "CLP", 1000],
  [25000, "HUF", 25000],
])("%i minor units of %s are %i to Stripe, there and back", (amountMinor, currency, amount) => {
  expect(toStripeAmount({ amountMinor, currency })).toEqual({
    amount,
    currency: currency.toLowerCase(),
  });
  expect(fromStripeAmount(amount, currency.toLowerCase())).toEqual({ amountMinor, currency });
});

test.each(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])(
  "Stripe takes %s to the second decimal alone: nothing is rounded in silence",
  (currency) => {
    expect(canTake({ amountMinor: 12340, currency })).toBe(true);
    expect(canTake({ amountMinor: 12345, currency })).toBe(false);
    expect(() => toStripeAmount({ amountMinor: 12345, currency })).toThrow(/exactly/);
  },
);

test("a fraction of a minor unit from Stripe is a bug, not a rounding", () => {
  expect(() => fromStripeAmount(50001, "isk")).toThrow(/whole minor units/);
});
