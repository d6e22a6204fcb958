import { expect, test } from "vitest";
import { csvRows } from "./csv.ts";
import { downloadReport } from "./report-download.ts";
import { readSettlementReport } from "./settlement-report.ts";

const HEADER =
  "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type," +
  "Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency," +
  "Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC)," +
  "Payment Method Variant,Modification Merchant Reference,Batch Number";

/** The first two rows are those of Adyen's own documentation. */
const SETTLED =
  "TestCompany,TestMerchant,1813702551707653,3vpzf7,visa,2013-06-03 11:26:49,CET,Settled,1713702551795048,GBP,,5.00,1,GBP,,4.88,,0.04,0.01,0.07,visaclassic,,";
const CHARGEBACK =
  "TestCompany,TestMerchant,1313642467023511,324959451,visa,2013-03-26 22:37:26,CET,Chargeback,2313642467170922,EUR,349.99,,1,EUR,357.49,,7.5,,,,visaclassic,,";
const FEE =
  "TestCompany,TestMerchant,,,,2013-06-11 04:55:40,BST,Fee,Transaction Fees June 2013,,,,,GBP,12.10,,,,,,,,1";
const YEN =
  "TestCompany,TestMerchant,P1,demo_chk_eu_0123456789abcdefghjkmnpqrs_1,mc,2026-01-01 00:00:00,CET,Refunded,R1,JPY,500,,1,JPY,500,,,,,,,,";

const report = (...rows: readonly string[]) => [HEADER, ...rows].join("\n");

test("what was captured, charged back and kept is read to the minor unit", () => {
  expect(readSettlementReport(report(SETTLED, CHARGEBACK, FEE, YEN))).toEqual([
    {
      ...{ reference: "1813702551707653", ourReference: "3vpzf7", about: "1713702551795048" },
      type: "Settled",
      gross: { amountMinor: 500, currency: "GBP" },
      net: { amountMinor: 488, currency: "GBP" },
      fee: { amountMinor: 12, currency: "GBP" },
    },
    {
      ...{ reference: "1313642467023511", ourReference: "324959451", about: "2313642467170922" },
      type: "Chargeback",
      gross: { amountMinor: -34_999, currency: "EUR" },
      net: { amountMinor: -35_749, currency: "EUR" },
      fee: { amountMinor: 750, currency: "EUR" },
    },
    {
      ...{ reference: "", ourReference: "", about: "Transaction Fees June 2013" },
      type: "Fee",
      gross: undefined,
      net: { amountMinor: -1210, currency: "GBP" },
      fee: undefined,
    },
    {
      ...{ reference: "P1", ourReference: "demo_chk_eu_0123456789abcdefghjkmnpqrs_1", about: "R1" },
      type: "Refunded",
      gross: { amountMinor: -500, currency: "JPY" },
      net: { amountMinor: -500, currency: "JPY" },
      fee: undefined,
    },
  ]);
});

test("columns in another order, and others among them, are found by name", () => {
  const turn = (row: string) => ["Reserved", ...row.split(",").toReversed()].join(",");
  const [booking] = readSettlementReport([turn(HEADER), turn(SETTLED)].join("\r\n"));
  expect(booking).toEqual(readSettlementReport(report(SETTLED))[0]);
});

test.each([
  ["EUR", "0.07", 7],
  ["EUR", "10", 1000],
  ["KWD", "1.234", 1234],
  ["JPY", "500.00", 500],
  ["CLP", "990.00", 990],
  ["EUR", "-3.10", -310],
  ["EUR", "1234567.89", 123_456_789],
  ["EUR", ".11", 11],
  ["EUR", "-.5", -50],
  ["KWD", ".011", 11],
  ["EUR", "7.", 700],
])("%s %s is %i in minor units", (currency, text, amountMinor) => {
  const row = SETTLED.replace("GBP,,5.00", `${currency},,${text}`);
  expect(readSettlementReport(report(row))[0]?.gross).toEqual({ amountMinor, currency });
});

test.each([
  ["nothing", ""],
  ["another report", "Company Account,Batch Number\nTestCompany,1"],
  ["a page", "<html><body>Log in</body></html>"],
  ["a row cut short", report(SETTLED.slice(0, 60))],
  ["a half cent", report(SETTLED.replace("5.00", "5.005"))],
  ["words for an amount", report(SETTLED.replace("5.00", "five"))],
  ["a point alone", report(SETTLED.replace("5.00", "."))],
  ["a sign alone", report(SETTLED.replace("5.00", "-"))],
  ["a thousands separator", report(SETTLED.replace(",5.00,", ',"5,000.00",'))],
  ["a currency that is none", report(SETTLED.replace("GBP,,5.00", "ZZZ,,5.00"))],
  ["a quote that never ends", report(SETTLED, '"')],
])("what is no settlement report is believed in nothing: %s", (_name, text) => {
  expect(() => readSettlementReport(text)).toThrow();
});

test.each([
  [
    "a,b\n1,2\n",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["\uFEFFa\r\n1\r\n\r\n", [["a"], ["1"]]],
  [
    '"a,b","c""d"\n"1\n2",',
    [
      ["a,b", 'c"d'],
      ["1\n2", ""],
    ],
  ],
  [",\n", [["", ""]]],
  ["", []],
  ["a,", [["a", ""]]],
])("CSV %j", (text, rows) => {
  expect(csvRows(text)).toEqual(rows);
});

test.each(['a"b', '"a"b', '"a', 'a,"b'])("a quote out of place is no CSV: %s", (text) => {
  expect(() => csvRows(text)).toThrow(/out of place/);
});

test("a long report is read in one pass", () => {
  const rows = Array.from({ length: 20_000 }, () => SETTLED);
  expect(readSettlementReport(report(...rows))).toHaveLength(20_000);
});

test("a report that lies elsewhere is not asked for with our key", async () => {
  const config = {
    ...{ apiBase: "https://checkout-test.adyen.com", apiKey: "k", merchantAccount: "TestMerchant" },
    ...{ hmacKeys: [], severalCaptures: false },
  };
  const report = { provider: "adyen", name: "x.csv", url: "http://127.0.0.1:1/x.csv" } as const;
  await expect(downloadReport(config, report)).rejects.toThrow(/lies at Adyen's/);
});
