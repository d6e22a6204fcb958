import { expect, test } from "vitest";
import { isRefusal } from "../../schema/outcome.ts";
import { quote } from "../quote.ts";
import { cart, minor, quoted, rate, sourcesOf, TIMES } from "../testing/quote-fixtures.ts";
import { stateCodeOf } from "./states.ts";
import { type TaxAddress, taxPlaceOf } from "./tax-place.ts";
import { territories } from "./territories.ts";
import { stateOfZip } from "./zip-codes.ts";

const products = { mug: 1000 };
const us = { country: "US", inclusive: false } as const;
const rates = [
  // A row for the whole country, as tables of before have one, is never used.
  rate({ ...us, ratePpm: 0, treatment: "no_tax" }),
  rate({ ...us, state: "CA", ratePpm: 72_500 }),
  rate({ ...us, state: "NY", ratePpm: 40_000 }),
  rate({ country: "CA", inclusive: false, ratePpm: 50_000 }),
  rate({ country: "RE", ratePpm: 85_000 }),
  rate({ country: "GP", ratePpm: 85_000 }),
  rate({ country: "FR", ratePpm: 200_000 }),
];
const quoteTo = (address: TaxAddress, shopCountry = "DE") =>
  quote(sourcesOf({ products, rates, shopCountry }), cart({ mug: 1 }, address), TIMES);

test("a country that taxes by state needs one: never none, never the country's part alone", async () => {
  for (const country of ["US", "CA"]) {
    for (const address of [{ country }, { country, state: " ", postalCode: "94105" }]) {
      expect(await quoteTo(address)).toEqual({
        refused: "state_needed",
        detail: { country, field: "shippingAddress.state" },
      });
    }
  }
});

test("a country whose rows name states needs one as well, and a territory's rows do not count", async () => {
  const byState = [
    rate({ country: "BR", ratePpm: 200_000 }),
    rate({ country: "BR", state: "SP", ratePpm: 180_000 }),
    rate({ country: "PT", ratePpm: 230_000 }),
    rate({ country: "PT", state: "Madeira", ratePpm: 220_000 }),
  ];
  const shelf = sourcesOf({ products, rates: byState });
  const to = (address: TaxAddress) => quote(shelf, cart({ mug: 1 }, address), TIMES);
  expect(await to({ country: "BR" })).toMatchObject({ refused: "state_needed" });
  expect(quoted(await to({ country: "BR", state: "br-sp" })).taxes).toMatchObject([
    { state: "SP", ratePpm: 180_000 },
  ]);
  expect(quoted(await to({ country: "PT", state: "Lisboa" })).taxes).toMatchObject([
    { ratePpm: 230_000 },
  ]);
  expect(quoted(await to({ country: "PT", postalCode: "9000-017" })).taxes).toMatchObject([
    { state: "Madeira", ratePpm: 220_000 },
  ]);
});

test("an American ZIP code lies in the state, or the place is refused", async () => {
  const inCalifornia = { country: "US", state: "California" };
  for (const postalCode of ["94105", "94105-1234", " 94105 ", "941051234"]) {
    expect(isRefusal(await quoteTo({ ...inCalifornia, postalCode })), postalCode).toBe(false);
  }
  for (const postalCode of ["10001", "00000", "9410", "SW1A 1AA"]) {
    expect(await quoteTo({ ...inCalifornia, postalCode }), postalCode).toEqual({
      refused: "postal_code_mismatch",
      detail: { country: "US", state: "CA" },
    });
  }
});

test("states are known as people and browsers write them", () => {
  const american = ["CA", "ca", " California ", "US-CA", "us-ca", "C.A.", "CALIFORNIA"];
  expect(new Set(american.map((written) => stateCodeOf("US", written)))).toEqual(new Set(["CA"]));
  const canadian = ["QC", "Québec", "quebec", "CA-QC"];
  expect(new Set(canadian.map((written) => stateCodeOf("CA", written)))).toEqual(new Set(["QC"]));
  expect(stateCodeOf("US", "Virgin Islands, U.S.")).toBe("VI");
  expect(stateCodeOf("US", "Armed  Forces Pacific")).toBe("AP");
  expect(stateCodeOf("US", "Washington, D.C.")).toBe("DC");
  expect(stateCodeOf("US", "washington")).toBe("WA");
  expect(stateCodeOf("US", "Minnesotta")).toBe("MINNESOTTA");
  expect(stateCodeOf("US", "")).toBeUndefined();
});

// Source: https://pe.usps.com (L002), and the towns' own pages.
test("ZIP codes that stand among another state's are known", () => {
  const odd = { "06390": "NY", "88510": "TX", "20588": "MD", "20598": "VA", "73960": "TX" };
  const more = { "83414": "WY", "05501": "MA", "00501": "NY", "96799": "AS", "96950": "MP" };
  for (const [zip, state] of Object.entries({ ...odd, ...more })) {
    expect(stateOfZip(zip), zip).toBe(state);
  }
  expect(stateOfZip("00100")).toBeUndefined();
});

test("each territory is one's own by its code or its postal codes, with a date and a source", () => {
  for (const { name, code, postalCodes, since, sourceUrl } of territories) {
    expect(code ?? postalCodes, name).toBeDefined();
    expect(since, name).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(sourceUrl, name).toMatch(/^https:\/\//);
  }
  expect(new Set(territories.map(({ name }) => name)).size).toBe(territories.length);
});

test("an export says where to, and that import tax is the receiver's", async () => {
  const answer = quoted(await quoteTo({ country: "ES", postalCode: "35001" }));
  expect(minor(answer)).toEqual([1000, 0, 0, 1490]);
  expect(answer.taxes).toEqual([
    {
      ...{ name: "Export", country: "ES", state: "Canary Islands", ratePpm: 0, inclusive: false },
      note: "Zero-rated export to Canary Islands: import tax is the receiver's",
      amount: { amountMinor: 0, currency: "EUR" },
    },
  ]);
});

test("an overseas department is abroad for every shop but one that stands there", async () => {
  const reunion = { country: "FR", postalCode: "97400" };
  for (const seller of ["DE", "FR", "GP"]) {
    expect(minor(await quoteTo(reunion, seller)), seller).toEqual([1000, 0, 0, 1490]);
  }
  // One market with Martinique.
  const guadeloupe = { country: "FR", postalCode: "97110" };
  expect(minor(await quoteTo(guadeloupe, "MQ"))).toEqual([1000, 0, 78 + 38, 1490]);
  // 8.5 % within 1000 and 490: art. 296 CGI.
  expect(minor(await quoteTo(reunion, "RE"))).toEqual([1000, 0, 78 + 38, 1490]);
});

test("a shop in Monaco sells in France as a French one", async () => {
  const french = { country: "FR", vatNumber: "FR40303265045" };
  const shelf = sourcesOf({ products, rates, shopCountry: "MC" });
  const answer = quoted(await quote(shelf, cart({ mug: 1 }, french), TIMES));
  expect(minor(answer)).toEqual([1000, 0, 167 + 82, 1490]);
});

test("a place without a postal code is its country's, never a territory's", () => {
  expect(taxPlaceOf({ country: "ES" })).toEqual({ country: "ES", vatCountry: "ES" });
  expect(taxPlaceOf({ country: "IT", postalCode: "23030" })).toMatchObject({ country: "IT" });
  expect(taxPlaceOf({ country: "IT", postalCode: "23030" })).not.toHaveProperty("exportTo");
});
