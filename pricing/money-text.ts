import currencyCodes from "currency-codes";
import { decimalOf } from "../schema/currency-decimals.ts";
import type { Currency, Money } from "../schema/money.ts";
import { assert } from "../schema/outcome.ts";

/**
 * Decimals of a currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD. Undefined for what is no
 * currency. Never from Intl, which differs for HUF, IDR and a dozen more.
 *
 * Source: ISO 4217, https://www.six-group.com/en/products-services/financial-information/data-standards.html
 */
export function exponentOf(currency: Currency): number | undefined {
  return exponents.get(currency);
}

const exponents: ReadonlyMap<string, number> = new Map([
  ...currencyCodes.codes().flatMap((code): [string, number][] => {
    const digits = currencyCodes.code(code)?.digits;
    return digits === undefined ? [] : [[code, digits]];
  }),
  ["XCG", 2], // since 2025, that the package's list is too old for (ISO 4217 amendment 176)
]);

/** "50.00 EUR", "700 JPY", "1.250 KWD": for explanations, the same in every language. */
export function decimalText(money: Money): string {
  assert(exponentOf(money.currency) !== undefined, `${money.currency} is a currency`);
  return `${decimalOf(money)} ${money.currency}`;
}

/** Parts per million as a percentage: 125000 is "12.5 %". */
export function percentText(ppm: number): string {
  return `${ppm / 10_000} %`;
}

/** "12.5" of EUR is 1250: an amount as others write it. Throws: for what is no exact amount. */
export function moneyFrom(text: string, currency: Currency): Money {
  const exponent = exponentOf(currency);
  const [, whole = "", fraction = ""] = /^(\d{1,12})(?:\.(\d{1,4}))?$/.exec(text) ?? [];
  assert(exponent !== undefined && whole !== "", `${text} ${currency} is an amount`);
  const digits = fraction.replace(/0+$/, "");
  assert(digits.length <= exponent, `${text} is no amount of ${currency}`);
  return { amountMinor: Number(`${whole}${digits.padEnd(exponent, "0")}`), currency };
}
