import { decimalsOf } from "./currency-decimals.ts";
import type { Currency } from "./money.ts";

/**
 * What is known of currencies, and until when that was so: list one of ISO 4217 as its maintenance
 * agency published it on 2026-01-01, read on 2026-11-30. Withdrawn ones by the last day on which
 * they were legal tender in their country, as Unicode CLDR 48.2 has it.
 * Sources: https://www.six-group.com/en/products-services/financial-information/data-standards.html,
 * https://github.com/unicode-org/cldr-json (cldr-core, supplemental/currencyData.json)
 */
export const ISO_4217_READ_ON = "2026-11-30";

/** Money, that people pay with. XCG is the Caribbean guilder, since 2025-03-31. */
const MONEY = words(
  "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD " +
    "CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS " +
    "GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW " +
    "KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR " +
    "MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR " +
    "SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX " +
    "USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG",
);

/** Funds, units of account, metals, and the code for tests. That for no currency at all is left out. */
const NOT_MONEY = words(
  "BOV CHE CHW CLF COU MXV USN UYI UYW XAD XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA",
);

/** Since when a currency is no more, and what took its place. */
export type Withdrawal = { readonly lastDay: string; readonly replacedBy: Currency };

/** Those of the last years, in which orders, reports and price lists may still be written. */
const WITHDRAWN: { readonly [currency: Currency]: Withdrawal } = {
  ANG: { lastDay: "2025-06-30", replacedBy: "XCG" },
  BGN: { lastDay: "2026-01-31", replacedBy: "EUR" },
  CUC: { lastDay: "2021-06-01", replacedBy: "CUP" },
  HRK: { lastDay: "2023-01-14", replacedBy: "EUR" },
  SLL: { lastDay: "2023-12-31", replacedBy: "SLE" },
  ZWL: { lastDay: "2024-08-31", replacedBy: "ZWG" },
};

/** The codes that ISO 4217 has now, by what they are for. */
export const isoCurrencies = { money: [...MONEY], notMoney: [...NOT_MONEY] } as const;
export const withdrawnCurrencies: readonly Currency[] = Object.keys(WITHDRAWN);

/**
 * How many decimals ISO 4217 gives a currency of now or of the last years: 2 for EUR, 0 for JPY, 3
 * for KWD. Undefined for what is no currency. Amounts in withdrawn ones are read as they were.
 */
export function isoDecimalsOf(currency: string): number | undefined {
  const isKnown = MONEY.has(currency) || NOT_MONEY.has(currency) || withdrawalOf(currency);
  return isKnown ? decimalsOf(currency) : undefined;
}

/** Undefined for a currency that new prices may be in. */
export function withdrawalOf(currency: string): Withdrawal | undefined {
  return Object.hasOwn(WITHDRAWN, currency) ? WITHDRAWN[currency] : undefined;
}

/** Why no new price may be in it, for people; undefined where it may. */
export function whyNoCurrency(currency: string): string | undefined {
  const { lastDay, replacedBy } = withdrawalOf(currency) ?? {};
  if (lastDay) return `${currency} was withdrawn, its last day was ${lastDay}; use ${replacedBy}`;
  return isoDecimalsOf(currency) === undefined
    ? `${currency} is no currency of ISO 4217`
    : undefined;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
