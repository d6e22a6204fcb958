import cldr from "cldr-core/supplemental/currencyData.json" with { type: "json" };
import { countries } from "countries-list";
import { data } from "currency-codes";
import { expect, test } from "vitest";
import {
  ISO_4217_READ_ON,
  isoCurrencies,
  isoDecimalsOf,
  whyNoCurrency,
  withdrawalOf,
  withdrawnCurrencies,
} from "./iso-4217.ts";

type Tender = { readonly _from?: string; readonly _to?: string; readonly _tender?: string };

/** Unicode's data: each country's currencies, with their first and last days. */
const tenders = Object.values(cldr.supplemental.currencyData.region)
  .flat()
  .flatMap((each) => Object.entries(each));
const inUnicode = namesOf((tender) => tender._tender !== "false" && !tender._to);

/** What Unicode counts as no money, though ISO 4217 does: El Salvador's, in the books alone; Venezuela's second code. */
const NOT_IN_UNICODE = ["SVC", "VED"];
/** Fund codes that the other list gives to countries. */
const FUNDS = ["BOV", "CHE", "CHW", "CLF", "USN", "UYI"];
const inCountriesList = [...new Set(Object.values(countries).flatMap(({ currency }) => currency))];

test("the money of today is that of Unicode's CLDR: where it moves on, so must we", () => {
  expect(isoCurrencies.money).toEqual([...inUnicode, ...NOT_IN_UNICODE].toSorted());
});

test("the money of today is that of the countries' own list: where it moves on, so must we", () => {
  const others = inCountriesList.filter((currency) => !FUNDS.includes(currency));
  expect(isoCurrencies.money).toEqual([...others, "VED"].toSorted());
  expect(isoCurrencies.notMoney).toEqual(expect.arrayContaining(FUNDS));
});

test("our copy of ISO 4217 was compared with the standard's own within the last year", () => {
  const age = Date.now() - Date.parse(ISO_4217_READ_ON);
  const read = `read on ${ISO_4217_READ_ON}: read list one again, and say when`;
  expect(age < 365 * 86_400_000 || read).toBe(true);
});

test("what was withdrawn has the last day that Unicode's CLDR gives it, and a successor of today", () => {
  for (const currency of withdrawnCurrencies) {
    const { lastDay, replacedBy = "" } = withdrawalOf(currency) ?? {};
    const days = tenders.flatMap(([name, { _to }]) => (name === currency && _to ? [_to] : []));
    expect(days.toSorted().at(-1), currency).toBe(lastDay);
    expect(isoCurrencies.money, currency).toContain(replacedBy);
    expect([...inUnicode, ...inCountriesList], currency).not.toContain(currency);
  }
});

test("decimals are those of ISO 4217, as an older list has them", () => {
  const older = data.filter(({ currency }) => !currency.includes("no currency is involved"));
  for (const { code, digits } of older) expect(isoDecimalsOf(code), code).toBe(digits);
  const younger = [...isoCurrencies.money, ...isoCurrencies.notMoney, ...withdrawnCurrencies];
  const unknown = younger.filter((code) => data.every((each) => each.code !== code));
  expect(unknown).toEqual(["XCG", "XAD", "HRK", "SLL", "ZWL"]);
  expect(unknown.map(isoDecimalsOf)).toEqual([2, 2, 2, 2, 2]);
});

test.each([
  ["XCG", undefined],
  ["EUR", undefined],
  ["ANG", "ANG was withdrawn, its last day was 2025-06-30; use XCG"],
  ["BGN", "BGN was withdrawn, its last day was 2026-01-31; use EUR"],
  ["HRK", "HRK was withdrawn, its last day was 2023-01-14; use EUR"],
  ["XQQ", "XQQ is no currency of ISO 4217"],
  ["constructor", "constructor is no currency of ISO 4217"],
])("new prices in %s: %s", (currency, why) => {
  expect(whyNoCurrency(currency)).toBe(why);
});

test("amounts in withdrawn currencies are still read", () => {
  expect(withdrawnCurrencies.map(isoDecimalsOf)).toEqual([2, 2, 2, 2, 2, 2]);
});

function namesOf(isWanted: (tender: Tender) => boolean): readonly string[] {
  return [...new Set(tenders.filter(([, each]) => isWanted(each)).map(([name]) => name))];
}
