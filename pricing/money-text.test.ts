import { expect, test } from "vitest";
import { decimalText, percentText } from "./money-text.ts";

test("an amount is written with its decimals, without a float on the way", () => {
  const text = (amountMinor: number, currency: string) => decimalText({ amountMinor, currency });
  expect(text(1299, "EUR")).toBe("12.99 EUR");
  expect(text(5, "EUR")).toBe("0.05 EUR");
  expect(text(1980, "JPY")).toBe("1980 JPY");
  expect(text(4250, "KWD")).toBe("4.250 KWD");
  expect(() => text(1, "ZZZ")).toThrow(/is a currency/);
});

test("a share is written as a percentage", () => {
  expect([100_000, 125_000, 68_750].map(percentText)).toEqual(["10 %", "12.5 %", "6.875 %"]);
});
