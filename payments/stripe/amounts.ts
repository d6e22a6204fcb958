import { type Money, times } from "../../schema/money.ts";
import { assert } from "../../schema/outcome.ts";

/**
 * Where Stripe's smallest unit is not ISO 4217's. It counts these in hundredths, though they have
 * no minor unit any more, and takes whole units alone: the last two digits have to be 0.
 * Source: https://docs.stripe.com/currencies#special-cases
 */
const HUNDREDTHS = ["ISK", "UGX"];

/** Thousandths, of which the networks carry hundredths: the last digit has to be 0. */
const THREE_DECIMALS = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]; // https://docs.stripe.com/currencies#three-decimal

/**
 * Our amount as Stripe's, with a lower-case currency. Throws where Stripe cannot take it exactly:
 * `canTake` says so before.
 */
export function toStripeAmount(money: Money) {
  const { amountMinor, currency } = money;
  assert(canTake(money), `Stripe can take ${amountMinor} ${currency} exactly`);
  const scaled = HUNDREDTHS.includes(currency) ? times(money, 100) : money;
  return { amount: scaled.amountMinor, currency: currency.toLowerCase() };
}

/** Stripe's amount as ours. Throws on a fraction of our minor unit. */
export function fromStripeAmount(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  const amountMinor = HUNDREDTHS.includes(code) ? amount / 100 : amount;
  assert(Number.isSafeInteger(amountMinor), `${amount} ${code} of Stripe are whole minor units`);
  return { amountMinor, currency: code };
}

/** Whether Stripe can take the amount to the last digit. */
export function canTake({ amountMinor, currency }: Money): boolean {
  return !THREE_DECIMALS.includes(currency) || amountMinor % 10 === 0;
}
