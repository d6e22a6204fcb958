import { data } from "currency-codes";
import { expect, test } from "vitest";
import { canTake, fromStripeAmount, toStripeAmount } from "./amounts.ts";

test.each([
  [1789, "EUR", 1789],
  [1980, "JPY", 1980],
  [12340, "KWD", 12340],
  [500, "ISK", 50000],
  [3000, "UGX", 300000],
  [1000, "CLP", 1000],
  [250000, "MGA", 2500],
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

/** Source: https://docs.stripe.com/currencies#zero-decimal (UGX is among them, with its special case). */
const ZERO_DECIMAL = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split(" ");

/** Nobody pays with units of account (UYI …) or with gold and the like (X…). */
const isMoney = ({ code }: { readonly code: string }) =>
  !/^(UYI|UYW|CLF|X(?!AF|OF|PF|CD).*)$/.test(code);

test("one whole unit of any currency of ISO 4217 is one to Stripe", () => {
  for (const { code, digits } of data.filter(isMoney)) {
    const one = toStripeAmount({ amountMinor: 10 ** digits, currency: code });
    const isSpecial = code === "UGX" || !ZERO_DECIMAL.includes(code);
    expect(one.amount, code).toBe(isSpecial ? 10 ** Math.max(digits, 2) : 1);
    expect(fromStripeAmount(one.amount, one.currency).amountMinor, code).toBe(10 ** digits);
  }
});

test("the ariary has no hundredths at Stripe", () => {
  expect(canTake({ amountMinor: 250050, currency: "MGA" })).toBe(false);
});
