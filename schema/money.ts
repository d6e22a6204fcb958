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

/** The most that one checkout charges: eight digits, what Stripe takes. */
export const AMOUNT_MAX_MINOR = 99_999_999; // https://docs.stripe.com/api/payment_intents/create#create_payment_intent-amount

/** Rates are in parts per million: 190,000 of these is 19 %. */
const WHOLE_PPM = 1_000_000;

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

export function sum(amounts: readonly Money[], currency: Currency): Money {
  return amounts.reduce(plus, zero(currency));
}

export function sameMoney(a: Money, b: Money): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency;
}

/** Tax on top of a net amount. Rounds half away from zero. */
export function taxOnTop(net: Money, ratePpm: number): Money {
  return money(roundedDivision(net.amountMinor * ratePpm, WHOLE_PPM), net.currency);
}

/** The tax that a gross amount contains. Rounds half away from zero. */
export function taxWithin(gross: Money, ratePpm: number): Money {
  return money(roundedDivision(gross.amountMinor * ratePpm, WHOLE_PPM + ratePpm), gross.currency);
}

/** The part of an amount that `part` is of `whole`. Rounds half up; never more than the amount. */
export function shareOf(amount: Money, part: number, whole: number): Money {
  assert(part >= 0 && whole > 0, "a share is of something");
  const share = roundedDivision(amount.amountMinor * Math.min(part, whole), whole);
  return money(share, amount.currency);
}

/** Amounts are never negative here, so "half up" is "half away from zero". */
function roundedDivision(dividend: number, divisor: number): number {
  assert(Number.isSafeInteger(dividend), "money stays within the safe integers");
  const rest = dividend % divisor;
  return (dividend - rest) / divisor + (rest * 2 >= divisor ? 1 : 0);
}

function money(amountMinor: number, currency: Currency): Money {
  assert(Number.isSafeInteger(amountMinor), "money stays within the safe integers");
  assert(amountMinor >= 0, "an amount is never negative");
  return { amountMinor, currency };
}
