import fc from "fast-check";
import { expect, test } from "vitest";
import { limitsAnywhere, limitsOf } from "../schema/amount-limits.ts";
import { sum } from "../schema/money.ts";
import { ProviderName } from "../schema/payment.ts";
import { toAdyenAmount } from "./adyen/amounts.ts";
import {
  canMove,
  nearestTakable,
  roundedDown,
  splitInSteps,
  stepOf,
  whyNotCharge,
} from "./amounts.ts";
import { toStripeAmount } from "./stripe/amounts.ts";

// By hand, from the providers' pages that schema/amount-limits.ts names.
test.each([
  ["stripe", "KWD", 12_340, undefined],
  ["stripe", "KWD", 5124, { why: "off_step", stepMinor: 10 }],
  ["adyen", "KWD", 5124, undefined],
  ["stripe", "BHD", 9625, { why: "off_step", stepMinor: 10 }],
  ["adyen", "BHD", 9625, undefined],
  ["stripe", "KWD", 99_999_990, undefined],
  ["stripe", "KWD", 100_000_000, { why: "above_greatest", greatestMinor: 99_999_990 }],
  ["stripe", "IDR", 150_000_000, undefined],
  ["adyen", "IDR", 150_000_000, undefined],
  ["stripe", "IDR", 60_000_050, undefined],
  ["adyen", "IDR", 60_000_050, { why: "off_step", stepMinor: 100 }],
  ["adyen", "IDR", 50, { why: "below_least", leastMinor: 100 }],
  ["adyen", "CVE", 150, { why: "off_step", stepMinor: 100 }],
  ["stripe", "CVE", 150, undefined],
  ["stripe", "UGX", 1_200_000, { why: "above_greatest", greatestMinor: 999_999 }],
  ["adyen", "UGX", 1_200_000, undefined],
  ["stripe", "ISK", 1_500_000, { why: "above_greatest", greatestMinor: 999_999 }],
  ["stripe", "ISK", 999_999, undefined],
  ["adyen", "ISK", 1_500_000, undefined],
  ["stripe", "MGA", 250_050, { why: "off_step", stepMinor: 100 }],
  ["adyen", "MGA", 250_000, { why: "currency_not_taken" }],
  ["stripe", "IQD", 1000, { why: "currency_not_taken" }],
  ["stripe", "EUR", 49, { why: "below_least", leastMinor: 50 }],
  ["adyen", "EUR", 49, undefined],
  ["adyen", "EUR", 0, { why: "below_least", leastMinor: 1 }],
  ["stripe", "JPY", 49, { why: "below_least", leastMinor: 50 }],
  ["stripe", "EUR", 100_000_000, { why: "above_greatest", greatestMinor: 99_999_999 }],
  ["adyen", "EUR", 100_000_000, undefined],
] as const)("a card at %s in %s: %i minor units", (provider, currency, amountMinor, why) => {
  expect(whyNotCharge(provider, "card", { amountMinor, currency })).toEqual(why);
});

test("a method may take less or more than its provider's cards", () => {
  const cent = { amountMinor: 1, currency: "EUR" };
  expect(whyNotCharge("stripe", "ideal", cent)).toBeUndefined();
  const lakh = { amountMinor: 10_000_000, currency: "INR" };
  expect(whyNotCharge("stripe", "upi", lakh)).toBeUndefined();
  expect(whyNotCharge("stripe", "upi", { ...lakh, amountMinor: 10_000_001 })).toEqual({
    why: "above_greatest",
    greatestMinor: 10_000_000,
  });
});

test.each([
  ["stripe", 1235, 12_340, 1230],
  ["stripe", 1236, 12_340, 1240],
  ["stripe", 4, 12_340, 10],
  ["stripe", 12_339, 12_330, 12_330],
  ["adyen", 1235, 12_340, 1235],
] as const)(
  "at %s the nearest to %i fils, of %i, is %i",
  (provider, amountMinor, left, nearest) => {
    const money = (minor: number) => ({ amountMinor: minor, currency: "KWD" });
    expect(nearestTakable(provider, money(amountMinor), money(left))).toEqual(money(nearest));
  },
);

test("nothing is near to an amount of which no step is left", () => {
  const kwd = (amountMinor: number) => ({ amountMinor, currency: "KWD" });
  expect(nearestTakable("stripe", kwd(5), kwd(9))).toBeUndefined();
});

test("ten dinars in three parts are 3.340, 3.330 and 3.330 at Stripe", () => {
  const ten = { amountMinor: 10_000, currency: "KWD" };
  const parts = splitInSteps("stripe", ten, [ten, ten, ten]);
  expect(parts.map(({ amountMinor }) => amountMinor)).toEqual([3340, 3330, 3330]);
});

const providers = fc.constantFrom(...ProviderName.options);
const currencies = fc.constantFrom("EUR", "KWD", "IDR", "CVE", "MGA", "ISK", "JPY");

test("whatever a provider's step: parts add up, and each of a charge can be moved", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(providers, currencies, fc.nat(1_000_000_000), weights, (provider, ...drawn) => {
      const [currency, steps, parts] = drawn;
      const whole = { amountMinor: steps * stepOf(provider, currency), currency };
      const split = splitInSteps(
        provider,
        whole,
        parts.map((amountMinor) => ({ amountMinor, currency })),
      );
      expect(sum(split, currency)).toEqual(whole);
      for (const part of split) expect(canMove(provider, part)).toBe(true);
    }),
  );
});

test("rounding down takes less than a step, and the nearest is never a step away", () => {
  fc.assert(
    fc.property(
      providers,
      currencies,
      fc.integer({ min: 1 }),
      (provider, currency, amountMinor) => {
        const amount = { amountMinor, currency };
        const step = stepOf(provider, currency);
        const down = roundedDown(provider, amount);
        expect(canMove(provider, down)).toBe(true);
        expect(amountMinor - down.amountMinor).toBeLessThan(step);
        const nearest = nearestTakable(provider, amount, {
          ...amount,
          amountMinor: amountMinor + step,
        });
        expect(nearest && Math.abs(nearest.amountMinor - amountMinor)).toBeLessThan(step);
      },
    ),
  );
});

test("every currency that a provider takes is one that its adapter can count", () => {
  const convert = { stripe: toStripeAmount, adyen: toAdyenAmount };
  for (const provider of ProviderName.options) {
    for (const currency of listed(provider)) {
      const limits = limitsOf(provider, currency);
      for (const amountMinor of [limits?.leastMinor ?? 0, limits?.greatestMinor ?? 0]) {
        expect(() => convert[provider]({ amountMinor, currency }), currency).not.toThrow();
      }
      expect(limitsAnywhere(currency)?.greatestMinor).toBeGreaterThanOrEqual(
        limits?.greatestMinor ?? 0,
      );
    }
  }
  expect(limitsAnywhere("XTS")).toBeUndefined();
});

function listed(provider: ProviderName): readonly string[] {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  return letters
    .flatMap((a) => letters.flatMap((b) => letters.map((c) => `${a}${b}${c}`)))
    .filter((currency) => limitsOf(provider, currency));
}
