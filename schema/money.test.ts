import fc from "fast-check";
import { expect, test } from "vitest";
import { AMOUNT_MAX_MINOR } from "./amount-limits.ts";
import {
  leftOf,
  lesser,
  Money,
  minus,
  plus,
  sameMoney,
  share,
  splitByWeights,
  sum,
  taxOnTop,
  taxWithin,
  times,
  zero,
} from "./money.ts";

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

/** Any amount that a checkout can charge, and any rate that the catalogue can hold. */
const amounts = fc.integer({ min: 0, max: AMOUNT_MAX_MINOR });
const rates = fc.integer({ min: 0, max: 1_000_000 });

/** The exact quotient, rounded half away from zero, without a float anywhere. */
function exactly(dividend: bigint, divisor: bigint): number {
  return Number((2n * dividend + divisor) / (2n * divisor));
}

test("an amount is a whole number of minor units and never negative", () => {
  for (const amountMinor of [0, 1, AMOUNT_MAX_MINOR, Number.MAX_SAFE_INTEGER]) {
    expect(Money.safeParse(eur(amountMinor)).success).toBe(true);
  }
  for (const amountMinor of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(Money.safeParse(eur(amountMinor)).success, String(amountMinor)).toBe(false);
  }
});

test("a currency is three capital letters", () => {
  for (const currency of ["eur", "EURO", "E1R", "", "EUR\n"]) {
    expect(Money.safeParse({ amountMinor: 1, currency }).success, currency).toBe(false);
  }
});

test("money with a field that we do not know is refused", () => {
  expect(Money.safeParse({ ...eur(1), amount: 1 }).success).toBe(false);
});

test("two currencies never mix", () => {
  const usd = { amountMinor: 1, currency: "USD" };
  expect(() => plus(eur(1), usd)).toThrow(/do not add up/);
  expect(() => minus(eur(1), usd)).toThrow(/do not subtract/);
  expect(() => sum([eur(1), usd], "EUR")).toThrow(/do not add up/);
  expect(sameMoney(eur(1), usd)).toBe(false);
  expect(sameMoney(eur(1), eur(1))).toBe(true);
});

test("nothing becomes negative, and nothing leaves the safe integers", () => {
  expect(() => minus(eur(1), eur(2))).toThrow(/never negative/);
  expect(() => plus(eur(Number.MAX_SAFE_INTEGER), eur(1))).toThrow(/safe integers/);
  expect(() => times(eur(Number.MAX_SAFE_INTEGER), 2)).toThrow(/safe integers/);
  expect(() => times(eur(3), 0.5)).toThrow(/safe integers/);
});

test("tax is exact where the amount times its rate leaves the safe integers", () => {
  // 500,000,000.00 IDR at 11 % and at 100 %.
  const price = { amountMinor: 50_000_000_000, currency: "IDR" };
  expect(taxOnTop(price, 110_000).amountMinor).toBe(5_500_000_000);
  expect(taxOnTop(price, 1_000_000).amountMinor).toBe(50_000_000_000);
  expect(taxWithin(price, 110_000).amountMinor).toBe(4_954_954_955);
  expect(taxOnTop(eur(Number.MAX_SAFE_INTEGER), 190_000)).toEqual(eur(1_711_367_858_400_788));
});

test("half a cent of tax on top rounds away from zero", () => {
  expect(taxOnTop(eur(50), 10_000)).toEqual(eur(1)); // 0.5
  expect(taxOnTop(eur(49), 10_000)).toEqual(eur(0)); // 0.49
  expect(taxOnTop(eur(150), 10_000)).toEqual(eur(2)); // 1.5, not the even 2 by chance
  expect(taxOnTop(eur(250), 10_000)).toEqual(eur(3)); // 2.5: banker's rounding would say 2
});

test("half a cent of tax within a price rounds away from zero", () => {
  expect(taxWithin(eur(11), 100_000)).toEqual(eur(1)); // exactly 1
  expect(taxWithin(eur(3), 200_000)).toEqual(eur(1)); // 0.5
  expect(taxWithin(eur(9), 200_000)).toEqual(eur(2)); // 1.5
  expect(taxWithin(eur(15), 200_000)).toEqual(eur(3)); // 2.5
  expect(taxWithin(eur(11_900), 190_000)).toEqual(eur(1900));
});

test("a rate with a fraction of a percent is exact", () => {
  expect(taxOnTop(eur(10_000), 68_750)).toEqual(eur(688)); // 6.875 % of 100.00 is 6.875
  expect(taxOnTop(eur(80_000), 68_750)).toEqual(eur(5500));
});

test("tax on top is the exact quotient for every amount and rate", () => {
  fc.assert(
    fc.property(amounts, rates, (amount, rate) => {
      const expected = exactly(BigInt(amount) * BigInt(rate), 1_000_000n);
      expect(taxOnTop(eur(amount), rate)).toEqual(eur(expected));
    }),
  );
});

test("tax within is the exact quotient, and net and tax make the gross to the cent", () => {
  fc.assert(
    fc.property(amounts, rates, (amount, rate) => {
      const tax = taxWithin(eur(amount), rate);
      expect(tax).toEqual(eur(exactly(BigInt(amount) * BigInt(rate), 1_000_000n + BigInt(rate))));
      expect(plus(minus(eur(amount), tax), tax)).toEqual(eur(amount));
    }),
  );
});

test("the net of a gross price, taxed again, is the gross price within a cent", () => {
  fc.assert(
    fc.property(amounts, rates, (amount, rate) => {
      const net = minus(eur(amount), taxWithin(eur(amount), rate));
      const gross = plus(net, taxOnTop(net, rate));
      expect(Math.abs(gross.amountMinor - amount)).toBeLessThanOrEqual(1);
    }),
  );
});

test("a sum loses no cent, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(amounts, { maxLength: 100 }), (list) => {
      const total = list.reduce((a, b) => a + b, 0);
      expect(sum(list.map(eur), "EUR")).toEqual(eur(total));
      expect(sum(list.toReversed().map(eur), "EUR")).toEqual(eur(total));
    }),
  );
});

test("a quantity is as much as so many single pieces", () => {
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 50 }), (amount, quantity) => {
      const pieces = Array.from({ length: quantity }, () => eur(amount));
      expect(times(eur(amount), quantity)).toEqual(sum(pieces, "EUR"));
    }),
  );
});

test("the sum of nothing is nothing in its currency", () => {
  expect(sum([], "JPY")).toEqual(zero("JPY"));
});

test("an amount is split in proportion, to the cent, and no part is above its weight", () => {
  const minor = (parts: readonly Money[]) => parts.map(({ amountMinor }) => amountMinor);
  expect(minor(splitByWeights(eur(500), [eur(1299), eur(1750), eur(2499)]))).toEqual([
    117, 158, 225,
  ]);
  expect(minor(splitByWeights(eur(1), [eur(5), eur(5)]))).toEqual([1, 0]);
  expect(minor(splitByWeights(eur(0), [eur(0), eur(0)]))).toEqual([0, 0]);
  expect(() => splitByWeights(eur(1), [eur(0)])).toThrow(/split over nothing/);
  fc.assert(
    fc.property(fc.array(amounts, { minLength: 1, maxLength: 100 }), amounts, (weights, amount) => {
      const total = sum(weights.map(eur), "EUR");
      const part = lesser(eur(amount), total);
      const parts = splitByWeights(part, weights.map(eur));
      expect(sum(parts, "EUR")).toEqual(part);
      for (const [at, { amountMinor }] of parts.entries()) {
        expect(amountMinor).toBeLessThanOrEqual(weights[at] ?? 0);
      }
    }),
  );
});

test("a share is the exact quotient, also beyond what can be charged", () => {
  const any = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(any, rates, (amount, rate) => {
      const expected = exactly(BigInt(amount) * BigInt(rate), 1_000_000n);
      expect(share(eur(amount), rate)).toEqual(eur(expected));
    }),
  );
});

test("what is taken away never leaves less than nothing", () => {
  expect(leftOf(eur(5), eur(3))).toEqual(eur(2));
  expect(leftOf(eur(3), eur(5))).toEqual(eur(0));
  expect(() => lesser(eur(1), zero("USD"))).toThrow(/do not compare/);
});

test("a fraction falls where a country lets it fall", () => {
  expect(taxWithin(eur(700), 100_000)).toEqual(eur(64));
  expect(taxWithin(eur(700), 100_000, "down")).toEqual(eur(63));
  expect(taxOnTop(eur(999), 68_750, "down")).toEqual(eur(68));
});
