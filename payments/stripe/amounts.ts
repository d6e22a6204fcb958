import { type Money, times } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";

/**
 * Where Stripe's smallest unit is not ISO 4217's.
 * Sources: https://docs.stripe.com/currencies#special-cases and #zero-decimal
 */
const HUNDREDTHS = ["ISK", "UGX"]; // ISO has no minor unit for them; Stripe wants two zeros at the end
const WHOLE_UNITS = ["MGA"]; // ISO has hundredths on paper alone

/** Thousandths, of which card networks carry hundredths. Source: https://docs.stripe.com/currencies#three-decimal */
const THREE_DECIMALS = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/**
 * Our amount as Stripe's, with a lower-case currency. Throws where Stripe cannot take it exactly:
 * `canTake` says so before.
 */
export function toStripeAmount(money: Money) {
  const { amountMinor, currency } = money;
  assert(canTake(money), `Stripe can take ${amountMinor} ${currency} exactly`);
  return { amount: inStripeUnits(money), currency: currency.toLowerCase() };
}

function inStripeUnits(money: Money): number {
  const { amountMinor: amount, currency } = money;
  if (HUNDREDTHS.includes(currency)) return times(money, 100).amountMinor;
  return WHOLE_UNITS.includes(currency) ? amount / 100 : amount;
}

/** Stripe's amount as ours. Throws on a fraction of our minor unit. */
export function fromStripeAmount(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  const given = { amountMinor: amount, currency: code };
  if (WHOLE_UNITS.includes(code)) return times(given, 100);
  if (!HUNDREDTHS.includes(code)) return given;
  assert(amount % 100 === 0, `${amount} ${code} of Stripe are whole minor units`);
  return { amountMinor: amount / 100, currency: code };
}

/** Whether Stripe can take the amount to the last digit. */
export function canTake({ amountMinor, currency }: Money): boolean {
  if (WHOLE_UNITS.includes(currency)) return amountMinor % 100 === 0;
  return !THREE_DECIMALS.includes(currency) || amountMinor % 10 === 0;
}
