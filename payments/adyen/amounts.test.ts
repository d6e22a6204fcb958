import { expect, test } from "vitest";
import { fromAdyenAmount, toAdyenAmount } from "./amounts.ts";

test.each([
  ["EUR", 1789, 1789],
  ["JPY", 500, 500],
  ["KRW", 12_000, 12_000],
  ["KWD", 1_234, 1_234],
  ["UGX", 5_000, 5_000],
  ["CLP", 990, 99_000],
  ["ISK", 2_790, 279_000],
  ["IDR", 15_000_000, 150_000],
  ["CVE", 120_000, 1_200],
])("%s: our %i are Adyen's %i, and back", (currency, amountMinor, value) => {
  expect(toAdyenAmount({ amountMinor, currency })).toEqual({ value, currency });
  expect(fromAdyenAmount({ value, currency })).toEqual({ amountMinor, currency });
});

test("a currency that is none, and a part of what Adyen does not divide, are bugs", () => {
  expect(() => toAdyenAmount({ amountMinor: 1, currency: "ZZZ" })).toThrow(/Bug/);
  expect(() => toAdyenAmount({ amountMinor: 150, currency: "IDR" })).toThrow(/Bug/);
});

test.each([
  [{ value: -1, currency: "EUR" }],
  [{ value: 1.5, currency: "EUR" }],
  [{ value: 1, currency: "eur" }],
  [{ value: 1, currency: "" }],
  [{ value: 1005, currency: "CLP" }],
])("what is no amount of money is none: %o", (amount) => {
  expect(fromAdyenAmount(amount)).toBeUndefined();
});
