/**
 * What Stripe lets be charged, captured and refunded, in its own units. Read on 2026-11-30.
 * Sources: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts and #special-cases;
 * three decimals: https://web.archive.org/web/20221231002856/https://stripe.com/docs/currencies
 */

import { type ApiError, invalid } from "../intents/stripe-errors.ts";

const DIGITS_MAX = 99_999_999; // eight digits
const DIGITS_MAX_OF: Readonly<Record<string, number>> = { idr: 999_999_999_999 };

/** Minimum charges; it publishes none for the others. */
const minimums: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "ars aud brl cad chf cop eur idr ils inr jpy krw nzd php rub sgd usd zar"
      .split(" ")
      .map((currency) => [currency, 50]),
  ),
  ...{ aed: 200, czk: 1500, dkk: 250, gbp: 30, hkd: 400, huf: 17_500, mxn: 1000, myr: 200 },
  ...{ nok: 300, pln: 200, ron: 200, sek: 300, thb: 1000 },
};

/** What amounts have to be divisible by: the last digits are zeros. */
const steps: Readonly<Record<string, number>> = {
  ...{ bhd: 10, jod: 10, kwd: 10, omr: 10, tnd: 10 },
  ...{ isk: 100, ugx: 100 },
};

const currencies = new Set(
  (
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf " +
    "chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl " +
    "htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga " +
    "mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar " +
    "ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd szl thb tjs tnd top try ttd twd tzs uah ugx usd " +
    "uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw"
  ).split(" "),
);

/** Of a charge, a capture or a refund. What Stripe says is not documented; that it refuses is. */
export function checkStep(amount: number, currency: string, param = "amount"): ApiError | null {
  const step = steps[currency] ?? 1;
  return amount % step === 0
    ? null
    : invalid(`Invalid ${currency} amount: it must be divisible by ${step}`, { param });
}

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
  const most = DIGITS_MAX_OF[currency] ?? DIGITS_MAX;
  if (amount > most) {
    return invalid(`Amount must be no more than ${most} ${currency}`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
  const minimum = minimums[currency] ?? 1;
  return amount < minimum
    ? invalid(`Amount must be at least ${minimum} ${currency}`, {
        code: "amount_too_small",
        param: "amount",
      })
    : checkStep(amount, currency);
}
