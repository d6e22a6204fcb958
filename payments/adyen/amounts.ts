import { isoDecimalsOf } from "../../schema/iso-4217.ts";
import { Currency, type Money } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";

/**
 * Decimals of currencies that Adyen counts otherwise than ISO 4217 does.
 * Source: https://docs.adyen.com/development-resources/currency-codes ("differs from standard")
 */
const ADYEN_DECIMALS: { readonly [currency: string]: number } = { CLP: 2, CVE: 0, IDR: 0, ISK: 2 };

export type AdyenAmount = { readonly value: number; readonly currency: string };

/** Our amount as Adyen's. A currency that ISO 4217 does not know cannot be charged. */
export function toAdyenAmount({ amountMinor, currency }: Money): AdyenAmount {
  const decimals = isoDecimalsOf(currency);
  assert(decimals !== undefined, `${currency} has minor units that are known`);
  const value = shifted(amountMinor, adyenDecimals(currency, decimals) - decimals);
  assert(value !== undefined, "an amount stays whole when its decimals change");
  return { value, currency };
}

/** Undefined for what is no amount of money. */
export function fromAdyenAmount({ value, currency }: AdyenAmount): Money | undefined {
  const decimals = Currency.safeParse(currency).success ? isoDecimalsOf(currency) : undefined;
  if (decimals === undefined || value < 0) return undefined;
  const amountMinor = shifted(value, decimals - adyenDecimals(currency, decimals));
  return amountMinor === undefined ? undefined : { amountMinor, currency };
}

function adyenDecimals(currency: string, decimals: number): number {
  return ADYEN_DECIMALS[currency] ?? decimals;
}

function shifted(amount: number, places: number): number | undefined {
  const result = places < 0 ? amount / 10 ** -places : amount * 10 ** places;
  return Number.isSafeInteger(result) ? result : undefined;
}
