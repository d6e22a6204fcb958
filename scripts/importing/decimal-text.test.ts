import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalText } from "../../pricing/money-text.ts";
import { AMOUNT_MAX_MINOR } from "../../schema/amount-limits.ts";
import { amountMinorFrom, type DecimalMark, weightGramsFrom } from "./decimal-text.ts";

// Decimals: ISO 4217, https://www.six-group.com/en/products-services/financial-information/data-standards.html
test.each<[string, string, number]>([
  ["12.99", "EUR", 1299],
  ["12,99", "EUR", 1299],
  ["12,9", "EUR", 1290],
  ["12", "EUR", 1200],
  ["0.5", "EUR", 50],
  ["12.990", "KWD", 12990],
  ["12.9900", "EUR", 1299],
  ["1.234,56", "EUR", 123456],
  ["1,234.56", "EUR", 123456],
  ["1.234.567,8", "EUR", 123456780],
  ["1,234,567", "EUR", 123456700],
  ["1 234,56", "EUR", 123456],
  ["1\u202F234\u00A0567,00", "EUR", 123456700],
  ["1'234.50", "CHF", 123450],
  ["1234.567", "KWD", 1234567],
  ["1.250", "KWD", 1250],
  ["0,125", "KWD", 125],
  ["500", "JPY", 500],
  ["500.00", "JPY", 500],
  ["12.5", "HUF", 1250],
])("%s %s is %d in minor units", (text, currency, value) => {
  expect(amountMinorFrom(text, currency)).toEqual({ value });
});

test.each([
  ["12.99", "JPY"],
  ["12.999", "EUR"],
  ["1234.567", "EUR"],
  ["1.234", "EUR"],
  ["1,234", "EUR"],
  ["1.000", "JPY"],
  ["1,250", "KWD"],
  ["1.23.456", "EUR"],
  ["1.234,567.89", "EUR"],
  ["12 99", "EUR"],
  ["-1", "EUR"],
  ["1e3", "EUR"],
  ["€ 5", "EUR"],
  ["", "EUR"],
  ["12.", "EUR"],
  ["1", "EUX"],
  ["1".repeat(30), "EUR"],
])("%s %s is refused", (text, currency) => {
  expect(amountMinorFrom(text, currency)).toHaveProperty("wrong");
});

test("an amount in any country's spelling is that amount, or is refused", () => {
  const spellings = [
    [".", ","],
    [",", "."],
    [" ", ","],
    ["'", "."],
    ["", "."],
    ["", ","],
  ] as const;
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: AMOUNT_MAX_MINOR }),
      fc.constantFrom("EUR", "JPY", "KWD"),
      fc.constantFrom(...spellings),
      (amountMinor, currency, [group, point]) => {
        const [whole = "", fraction] = (
          decimalText({ amountMinor, currency }).split(" ")[0] ?? ""
        ).split(".");
        const grouped = whole.replace(/(?<=\d)(?=(\d{3})+$)/g, group);
        const text = fraction === undefined ? grouped : `${grouped}${point}${fraction}`;
        const read = amountMinorFrom(text, currency);
        expect("wrong" in read ? "wrong" : read.value).toBeOneOf([amountMinor, "wrong"]);
        if (currency === "EUR") expect(read).toEqual({ value: amountMinor });
      },
    ),
    { numRuns: 2000 },
  );
});

test.each<[string, DecimalMark, number]>([
  ["1.234", "comma", 123400],
  ["1,234", "point", 123400],
  ["1.23", "point", 123],
])("%s is no riddle where decimals have a %s", (text, mark, value) => {
  expect(amountMinorFrom(text, "EUR", mark)).toEqual({ value });
});

test.each<[string, string, number]>([
  ["1.250", "kg", 1250],
  ["1,250", "kg", 1250],
  [".4", "kg", 400],
  ["0.8", "lbs", 363],
  ["8", "oz", 227],
  ["453.5", "g", 454],
])("%s %s is %d grams", (text, unit, value) => {
  expect(weightGramsFrom(text, unit)).toEqual({ value });
});

test.each([
  ["1.250", "g"],
  ["heavy", "kg"],
  ["1", "stone"],
])("%s %s is no weight", (text, unit) => {
  expect(weightGramsFrom(text, unit)).toHaveProperty("wrong");
});
