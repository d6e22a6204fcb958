import { expect, test } from "vitest";
import { fromAdyenAmount } from "../payments/adyen/amounts.ts";
import { readSettlementReport } from "../payments/adyen/settlement-report.ts";
import { minorDigits } from "../workers/simulators/adyen/account/minor-digits.ts";
import { settlementReport } from "../workers/simulators/adyen/account/settlement-detail-report.ts";
import type { Payment } from "../workers/simulators/adyen/payments/stored-payment.ts";

/**
 * The decimals of every currency that Adyen takes, as it publishes them, and of two withdrawn ones that old reports have.
 * Source: https://docs.adyen.com/development-resources/currency-codes, read in 2026
 */
const PUBLISHED: readonly (readonly [digits: number, currencies: string])[] = [
  [0, "CVE DJF GNF IDR JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"],
  [
    2,
    "AED ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CHF CLP CNY COP CRC " +
      "CUP CZK DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF ILS INR ISK JMD " +
      "KES KGS KHR KYD KZT LAK LKR MAD MDL MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR " +
      "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STN SVC SZL THB TOP " +
      "TRY TTD TWD TZS UAH USD UYU UZS WST XCD XCG YER ZAR ZMW ANG BGN",
  ],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
];
const currencies = PUBLISHED.flatMap(([digits, list]) =>
  list.split(" ").map((currency) => ({ currency, digits })),
);

/** A payment of which all was taken, as the simulator keeps it. */
function taken(value: number, currency: string): Payment {
  const capture = {
    ...{ kind: "capture", status: "done", pspReference: "C1", amount: value, atMs: 0 },
  };
  const payment = {
    ...{ merchantAccount: "TestMerchant", pspReference: "P1", merchantReference: "order-1" },
    ...{ brand: "visa", currency, modifications: [capture], disputes: [] },
  };
  return payment as unknown as Payment;
}

test.each(currencies)(
  "the simulator reports $currency in Adyen's $digits decimals, and we read what was taken",
  ({ currency, digits }) => {
    const value = 1_234_567;
    expect(minorDigits(currency)).toBe(digits);
    const csv = settlementReport([taken(value, currency)]);
    expect(csv).toContain(`,${(value / 10 ** digits).toFixed(digits)},`);
    const ours = fromAdyenAmount({ value, currency });
    // Of a currency that we count in whole units, Adyen's cents are none of ours.
    if (ours === undefined) expect(() => readSettlementReport(csv)).toThrow(/part of a minor unit/);
    else expect(readSettlementReport(csv)[0]?.gross).toEqual(ours);
  },
);
