import * as z from "zod";
import { assert } from "./outcome.ts";

/** ISO 4217, upper case. Which currencies a shop sells in is the catalogue's to say. */
export const Currency = z.string().regex(/^[A-Z]{3}$/, "a currency is three capital letters");
export type Currency = z.infer<typeof Currency>;

/** An amount in the currency's minor unit: cents for EUR, yen for JPY, fils (1/1000) for KWD. */
export const Money = z.strictObject({
  amountMinor: z.int().min(0),
  currency: Currency,
});
export type Money = z.infer<typeof Money>;

/** Rates are in parts per million: 190,000 of these is 19 %. */
const WHOLE_PPM = 1_000_000;

export function isZero({ amountMinor }: Money): boolean {
  return amountMinor === 0;
}

export function zero(currency: Currency): Money {
  return { amountMinor: 0, currency };
}

export function plus(a: Money, b: Money): Money {
  assert(a.currency === b.currency, `${a.currency} and ${b.currency} do not add up`);
  return money(a.amountMinor + b.amountMinor, a.currency);
}

export function minus(a: Money, b: Money): Money {
  assert(a.currency === b.currency, `${a.currency} and ${b.currency} do not subtract`);
  return money(a.amountMinor - b.amountMinor, a.currency);
}

export function times(a: Money, quantity: number): Money {
  return money(a.amountMinor * quantity, a.currency);
}

/** As `times`, and `mostMinor` where that is less: of carts that are past charging, and counting. */
export function timesUpTo(a: Money, quantity: number, mostMinor: number): Money {
  return money(Math.min(a.amountMinor * quantity, mostMinor), a.currency);
}

/** The largest multiple of a step that is not above the amount. */
export function downToStep(a: Money, stepMinor: number): Money {
  return money(a.amountMinor - (a.amountMinor % stepMinor), a.currency);
}

export function sum(amounts: readonly Money[], currency: Currency): Money {
  return amounts.reduce(plus, zero(currency));
}

export function sameMoney(a: Money, b: Money): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency;
}

/** `half_away` from zero, unless a country lets fractions fall. */
export type Rounding = "half_away" | "down";

/** Tax on top of a net amount. */
export function taxOnTop(net: Money, ratePpm: number, rounding: Rounding = "half_away"): Money {
  return proportion(net, ratePpm, WHOLE_PPM, rounding);
}

/** The tax that a gross amount contains. */
export function taxWithin(gross: Money, ratePpm: number, rounding: Rounding = "half_away"): Money {
  return proportion(gross, ratePpm, WHOLE_PPM + ratePpm, rounding);
}

/** What is left when `b` is taken away, and never less than nothing. */
export function leftOf(a: Money, b: Money): Money {
  return minus(a, lesser(a, b));
}

/** For sorting, the smaller first. */
export function compare(a: Money, b: Money): number {
  assert(a.currency === b.currency, `${a.currency} and ${b.currency} do not compare`);
  return a.amountMinor - b.amountMinor;
}

export function lesser(a: Money, b: Money): Money {
  return compare(a, b) <= 0 ? a : b;
}

export function greater(a: Money, b: Money): Money {
  return compare(a, b) >= 0 ? a : b;
}

/**
 * Splits an amount in proportion to the weights by largest remainder: the parts add up to it, and
 * none is above its weight where the amount is not above their sum. Equal remainders go to the
 * first. Nothing is split over weights that are all zero.
 *
 * Source: https://en.wikipedia.org/wiki/Largest_remainder_method
 */
export function splitByWeights(amount: Money, weights: readonly Money[]): readonly Money[] {
  const { currency } = amount;
  const total = BigInt(sum(weights, currency).amountMinor);
  if (total === 0n) {
    assert(amount.amountMinor === 0, "something is split over nothing");
    return weights.map(() => zero(currency));
  }
  const shares = weights.map(({ amountMinor }, at) => {
    const dividend = BigInt(amount.amountMinor) * BigInt(amountMinor);
    return { at, whole: Number(dividend / total), rest: dividend % total };
  });
  const given = shares.reduce((all, { whole }) => all + whole, 0);
  const byRest = shares.toSorted((a, b) =>
    a.rest === b.rest ? a.at - b.at : a.rest < b.rest ? 1 : -1,
  );
  const more = new Set(byRest.slice(0, amount.amountMinor - given).map(({ at }) => at));
  return shares.map(({ at, whole }) => money(whole + (more.has(at) ? 1 : 0), currency));
}

/**
 * As `splitByWeights`, in parts that are whole steps: a provider may count no smaller ones. What is
 * left of an amount that is none itself is in the last part.
 */
export function splitInSteps(
  amount: Money,
  weights: readonly Money[],
  stepMinor: number,
): readonly Money[] {
  const steps = money(Math.floor(amount.amountMinor / stepMinor), amount.currency);
  const parts = splitByWeights(steps, weights).map((part) => times(part, stepMinor));
  const rest = minus(amount, sum(parts, amount.currency));
  return parts.map((part, at) => (at === parts.length - 1 ? plus(part, rest) : part));
}

/** The first so many of equal parts of an amount, each a whole number of steps; all of them are it. */
type FirstOf = { readonly count: number; readonly of: number; readonly stepMinor: number };

/** Largest remainder in closed form: parts weigh the same, and the first ones get a step more. */
export function firstParts(amount: Money, { count, of, stepMinor }: FirstOf): Money {
  if (count >= of) return amount;
  const steps = Math.floor(amount.amountMinor / stepMinor);
  const counted = Math.floor(steps / of) * count + Math.min(count, steps % of);
  return money(Math.max(0, counted) * stepMinor, amount.currency);
}

/** A share of an amount, such as a discount of 10 %. Rounds half away from zero. */
export function share(of: Money, ppm: number): Money {
  return shareOf(of, ppm, WHOLE_PPM);
}

/** The part of an amount that `part` is of `whole`. Rounds half up; never more than the amount. */
export function shareOf(amount: Money, part: number, whole: number): Money {
  assert(part >= 0 && whole > 0, "a share is of something");
  return proportion(amount, Math.min(part, whole), whole, "half_away");
}

/**
 * Exact where the product leaves the safe integers, as twelve digits times a rate do. Amounts are
 * never negative here, so "half up" is "half away from zero".
 */
function proportion(amount: Money, part: number, whole: number, rounding: Rounding): Money {
  const dividend = BigInt(amount.amountMinor) * BigInt(part);
  const divisor = BigInt(whole);
  const up = rounding === "half_away" && (dividend % divisor) * 2n >= divisor;
  return money(Number(dividend / divisor) + (up ? 1 : 0), amount.currency);
}

function money(amountMinor: number, currency: Currency): Money {
  assert(Number.isSafeInteger(amountMinor), "money stays within the safe integers");
  assert(amountMinor >= 0, "an amount is never negative");
  return { amountMinor, currency };
}
