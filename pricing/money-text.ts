import { decimalOf } from "../schema/currency-decimals.ts";
import { isoDecimalsOf } from "../schema/iso-4217.ts";
import type { Currency, Money } from "../schema/money.ts";
import { assert } from "../schema/outcome.ts";

/** "50.00 EUR", "700 JPY", "1.250 KWD": for explanations, the same in every language. */
export function decimalText(money: Money): string {
  assert(isoDecimalsOf(money.currency) !== undefined, `${money.currency} is a currency`);
  return `${decimalOf(money)} ${money.currency}`;
}

/** Parts per million as a percentage: 125000 is "12.5 %". */
export function percentText(ppm: number): string {
  return `${ppm / 10_000} %`;
}

/** "12.5" of EUR is 1250: an amount as others write it. Throws: for what is no exact amount. */
export function moneyFrom(text: string, currency: Currency): Money {
  const exponent = isoDecimalsOf(currency);
  const [, whole = "", fraction = ""] = /^(\d{1,12})(?:\.(\d{1,4}))?$/.exec(text) ?? [];
  assert(exponent !== undefined && whole !== "", `${text} ${currency} is an amount`);
  const digits = fraction.replace(/0+$/, "");
  assert(digits.length <= exponent, `${text} is no amount of ${currency}`);
  return { amountMinor: Number(`${whole}${digits.padEnd(exponent, "0")}`), currency };
}
