import type { Currency } from "./money.ts";
import { ProviderName } from "./payment.ts";

/**
 * What a provider can count, in our minor units (ISO 4217's): multiples of `stepMinor`, from
 * `leastMinor` up to `greatestMinor` in one charge.
 */
export type AmountLimits = {
  readonly stepMinor: number;
  readonly leastMinor: number;
  readonly greatestMinor: number;
};

/** The most of any currency at any provider: twelve digits, which the safe integers hold. */
export const AMOUNT_MAX_MINOR = 999_999_999_999;

type Limits = {
  /** The currencies that it takes at all. */
  readonly currencies: ReadonlySet<Currency>;
  /** Where one of its units is more than our minor unit, or its last digits have to be zeros. */
  readonly stepMinor: { readonly [currency: Currency]: number };
  /** Its published least charge; one step where it names none. */
  readonly leastMinor: { readonly [currency: Currency]: number };
  /** Its greatest charge, and where it is another one. Of a step over one, the last multiple. */
  readonly greatestMinor: number;
  readonly greatestMinorOf: { readonly [currency: Currency]: number };
};

/**
 * One table per provider. Read on 2026-11-30.
 *
 * Stripe, https://docs.stripe.com/currencies (copies of 2026-07-10 and 2026-09-23) and
 * https://docs.stripe.com/api/payment_intents/create#create_payment_intent-amount (2026-10-28):
 * eight digits of its own units, twelve for IDR. It counts ISK and UGX in hundredths, so that six
 * digits of ours remain, and MGA in whole ariary. The newest edition of the first page takes twelve
 * digits of any currency by card; these are the digits that every edition takes. Three-decimal
 * currencies end in a zero (https://web.archive.org/web/20221231002856/https://stripe.com/docs/currencies;
 * gone from the page since, never said to be lifted). Its least charges hold where it also settles
 * in that currency; it names none for currencies that are missing here.
 *
 * Adyen, https://docs.adyen.com/development-resources/currency-codes: no decimals for CVE and IDR,
 * two for CLP and ISK. It publishes neither a least nor a greatest amount: one unit, and the twelve
 * digits that a card network's message holds (ISO 8583, field 4).
 */
const limits: { readonly [Name in ProviderName]: Limits } = {
  stripe: {
    currencies: words(
      "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP " +
        "BYN BZD CAD CDF CHF CLP CNY COP CRC CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP " +
        "GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR KMF " +
        "KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR " +
        "MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR " +
        "SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD UYU " +
        "UZS VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW",
    ),
    stepMinor: { BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10, MGA: 100 },
    leastMinor: {
      ...each("ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD USD ZAR", 50),
      ...each("AED MYR PLN RON", 200),
      ...each("NOK SEK", 300),
      ...each("MXN THB", 1000),
      ...{ CZK: 1500, DKK: 250, GBP: 30, HKD: 400, HUF: 17_500 },
    },
    greatestMinor: 99_999_999,
    greatestMinorOf: { IDR: AMOUNT_MAX_MINOR, ISK: 999_999, UGX: 999_999, MGA: 9_999_999_900 },
  },
  adyen: {
    currencies: words(
      "AED ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BMD BND BOB BRL BSD BWP BYN BZD CAD " +
        "CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP " +
        "GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD ISK JMD JOD JPY KES KGS KHR KMF KRW " +
        "KWD KYD KZT LAK LKR LYD MAD MDL MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN " +
        "NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK " +
        "SGD SHP SLE SOS SRD STN SVC SZL THB TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND " +
        "VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW",
    ),
    stepMinor: { CVE: 100, IDR: 100 },
    leastMinor: {},
    greatestMinor: AMOUNT_MAX_MINOR,
    greatestMinorOf: { CLP: 9_999_999_999, ISK: 9_999_999_999 },
  },
};

/** What a provider can count of a currency; undefined where it does not take the currency. */
export function limitsOf(provider: ProviderName, currency: Currency): AmountLimits | undefined {
  const { currencies, stepMinor, leastMinor, greatestMinor, greatestMinorOf } = limits[provider];
  if (!currencies.has(currency)) return undefined;
  const step = stepMinor[currency] ?? 1;
  const greatest = greatestMinorOf[currency] ?? greatestMinor;
  return {
    stepMinor: step,
    leastMinor: leastMinor[currency] ?? step,
    greatestMinor: greatest - (greatest % step),
  };
}

/** What some provider can count: the widest of all; undefined for a currency that none takes. */
export function limitsAnywhere(currency: Currency): AmountLimits | undefined {
  const known = ProviderName.options.flatMap((provider) => limitsOf(provider, currency) ?? []);
  if (known.length === 0) return undefined;
  return {
    stepMinor: Math.min(...known.map(({ stepMinor }) => stepMinor)),
    leastMinor: Math.min(...known.map(({ leastMinor }) => leastMinor)),
    greatestMinor: Math.max(...known.map(({ greatestMinor }) => greatestMinor)),
  };
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

function each(currencies: string, minor: number): { readonly [currency: Currency]: number } {
  return Object.fromEntries(currencies.split(" ").map((currency) => [currency, minor]));
}
