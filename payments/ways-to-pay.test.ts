import { expect, test } from "vitest";
import { waysToPay } from "./ways-to-pay.ts";

test("a quote names only ways that can take its total, and why providers are left out", () => {
  expect(waysToPay("KW", { amountMinor: 5124, currency: "KWD" }, [])).toEqual({
    methods: ["card"],
    leftOut: [{ method: "card", provider: "stripe", why: "off_step", stepMinor: 10 }],
  });
  expect(waysToPay("NL", { amountMinor: 49, currency: "EUR" }, [])).toEqual({
    methods: ["card", "ideal"],
    leftOut: [{ method: "card", provider: "stripe", why: "below_least", leastMinor: 50 }],
  });
});

test("a way that no provider can take the total by is not named", () => {
  // Madagascar's cents: Stripe counts whole ariary, Adyen does not take the currency.
  expect(waysToPay("MG", { amountMinor: 250_050, currency: "MGA" }, [])).toEqual({
    methods: [],
    leftOut: [
      { method: "card", provider: "stripe", why: "off_step", stepMinor: 100 },
      { method: "card", provider: "adyen", why: "currency_not_taken" },
    ],
  });
});

test("a method that is not of the country is left out without a word", () => {
  const { methods, leftOut } = waysToPay("DE", { amountMinor: 3088, currency: "EUR" }, []);
  expect({ methods, leftOut }).toEqual({ methods: ["card"], leftOut: [] });
});

test("Wero is named in Germany once the shop has switched it on, and where no provider has it, it is not", () => {
  const total = { amountMinor: 3088, currency: "EUR" } as const;
  expect(waysToPay("DE", total, ["wero"]).methods).toEqual(["card", "wero"]);
  expect(waysToPay("NL", total, ["wero"]).methods).toEqual(["card", "ideal", "wero"]);
  expect(waysToPay("ES", total, ["wero"]).methods).toEqual(["card"]);
});
