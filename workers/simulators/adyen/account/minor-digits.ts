import { decimalsOf } from "../../../../schema/currency-decimals.ts";

/** Where Adyen's list says "differs from standard". */
const ADYEN_DIGITS: { readonly [currency: string]: number } = { CLP: 2, CVE: 0, IDR: 0, ISK: 2 };

/**
 * How many decimals Adyen counts a currency with: ISO 4217's, but for four. Never what `Intl` says, which differs from
 * its list in eighteen.
 *
 * Source: https://docs.adyen.com/development-resources/currency-codes
 */
export function minorDigits(currency: string): number {
  return ADYEN_DIGITS[currency] ?? decimalsOf(currency);
}
