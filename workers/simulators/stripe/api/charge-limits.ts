/** What Stripe lets be charged. Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */

import { type ApiError, invalid } from "../intents/stripe-errors.ts";

const AMOUNT_MAX = 99_999_999; // eight digits

/** Minimum charge in minor units; other currencies of the list below take the equivalent of 0.50 USD. */
const minimums: Readonly<Record<string, number>> = {
  aed: 200,
  czk: 1500,
  dkk: 250,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  jpy: 50,
  krw: 700,
  mxn: 1000,
  myr: 200,
  nok: 300,
  pln: 200,
  ron: 200,
  sek: 300,
  thb: 1000,
  twd: 1600,
  vnd: 12500,
  clp: 480,
  bhd: 200,
  kwd: 160,
  jod: 360,
  omr: 200,
  tnd: 1600,
};
const MINIMUM_OTHERWISE = 50;

const currencies = new Set(
  (
    "aed ars aud bdt bgn bhd brl cad chf clp cny cop czk dkk egp eur gbp hkd huf idr ils inr isk jod jpy kes krw kwd " +
    "lkr mad mxn myr ngn nok nzd omr pen php pkr pln qar ron sar sek sgd thb tnd try twd uah ugx usd uyu vnd zar"
  ).split(" "),
);

export function checkAmount(amount: number, currency: string): ApiError | null {
  if (!currencies.has(currency)) {
    return invalid(
      `Invalid currency: ${currency}. Stripe currently supports these currencies: ${[...currencies].join(", ")}`,
      { param: "currency" },
    );
  }
  if (amount < 1) {
    return invalid("This value must be greater than or equal to 1.", {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  }
  if (amount > AMOUNT_MAX) {
    return invalid(`Amount must be no more than ${AMOUNT_MAX} ${currency}`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
  const minimum = minimums[currency] ?? MINIMUM_OTHERWISE;
  return amount < minimum
    ? invalid(`Amount must be at least ${minimum} ${currency}`, {
        code: "amount_too_small",
        param: "amount",
      })
    : null;
}
