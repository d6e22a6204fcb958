import { data } from "currency-codes";
import { expect, test } from "vitest";
import { decimalOf, decimalsOf, moneyInWords } from "./currency-decimals.ts";

/** ISO's list has a code for "no currency", too. */
const currencies = data.filter(({ currency }) => !currency.includes("no currency is involved"));

test.each(currencies)(
  "$code is written with the $digits decimals of ISO 4217",
  ({ code, digits }) => {
    const money = { amountMinor: 123_456_789, currency: code };
    expect(decimalsOf(code)).toBe(digits);
    expect(decimalOf(money).split(".")[1] ?? "").toHaveLength(digits);
    for (const locale of ["en", "en-IN", "en-IE"]) {
      const text = moneyInWords(money, locale);
      expect(text.replace(/^.*?(?=\d)/, "").replaceAll(",", "")).toBe(decimalOf(money));
    }
  },
);

test.each([
  ["HUF", 1_299_000, "HUF 12,990.00"],
  ["IDR", 150_000_000, "IDR 1,500,000.00"],
  ["COP", 4_990_000, "COP 49,900.00"],
  ["KWD", 12_340, "KWD 12.340"],
  ["JPY", 1_980, "¥1,980"],
  ["ISK", 2_790, "ISK 2,790"],
  ["EUR", 5, "€0.05"],
  ["EUR", 9_007_199_254_740_991, "€90,071,992,547,409.91"],
])("an amount in %s reads as %s minor units are: %s", (currency, amountMinor, text) => {
  expect(moneyInWords({ amountMinor, currency }).replaceAll("\u00A0", " ")).toBe(text);
});
