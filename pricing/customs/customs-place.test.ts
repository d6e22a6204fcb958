import { expect, test } from "vitest";
import { type TaxAddress, taxPlaceOf } from "../tax/tax-place.ts";
import { territories } from "../tax/territories.ts";
import { customsPlaceOf, isCustomsBorder } from "./customs-place.ts";
import { customsExceptions, customsTerritories } from "./customs-territories.ts";

const crosses = (from: string, to: TaxAddress) =>
  isCustomsBorder(customsPlaceOf({ country: from }), customsPlaceOf(to));

/** Regulation (EU) No 952/2013, article 4: with the exceptions that it names. */
test.each<[string, TaxAddress]>([
  ["the Canary Islands, outside the VAT area alone", { country: "ES", postalCode: "35001" }],
  ["Åland, likewise", { country: "FI", postalCode: "22100" }],
  ["Åland by its own code", { country: "AX" }],
  ["Mount Athos", { country: "GR", postalCode: "63086" }],
  ["Guadeloupe", { country: "FR", postalCode: "97110" }],
  ["Réunion by its own code", { country: "RE" }],
  ["Mayotte, a department since 2014", { country: "YT" }],
  ["Saint Martin", { country: "MF" }],
  ["Campione, since 2020", { country: "IT", postalCode: "22061" }],
  ["Monaco", { country: "MC", postalCode: "98000" }],
  ["the Azores", { country: "PT", postalCode: "9500-321" }],
  ["Jungholz", { country: "AT", postalCode: "6691" }],
  ["Northern Ireland", { country: "GB", postalCode: "bt1 5gs" }],
])("no customs border is crossed from Germany to %s", (_name, address) => {
  expect(crosses("DE", address)).toBe(false);
});

test.each<[string, TaxAddress]>([
  ["Ceuta", { country: "ES", postalCode: "51001" }],
  ["Melilla", { country: "ES", postalCode: "52001" }],
  ["Heligoland", { country: "DE", postalCode: "27498" }],
  ["Büsingen", { country: "DE", postalCode: "78266" }],
  ["Livigno", { country: "IT", postalCode: "23041" }],
  ["Greenland", { country: "DK", postalCode: "3900" }],
  ["the Faroe Islands", { country: "FO" }],
  ["Saint Barthélemy, an overseas country since 2012", { country: "FR", postalCode: "97133" }],
  ["New Caledonia", { country: "NC" }],
  ["Great Britain", { country: "GB", postalCode: "SW1A 1AA" }],
  ["Jersey", { country: "JE" }],
  ["Switzerland", { country: "CH", postalCode: "8001" }],
  ["Norway", { country: "NO", postalCode: "0150" }],
  ["Türkiye, whose customs union is not for all goods", { country: "TR" }],
  ["San Marino", { country: "SM" }],
  ["the United States", { country: "US", state: "CA" }],
])("a customs border is crossed from Germany to %s", (_name, address) => {
  expect(crosses("DE", address)).toBe(true);
});

test("elsewhere, too, a customs territory is not a country", () => {
  expect(crosses("CH", { country: "LI" })).toBe(false);
  expect(crosses("CH", { country: "DE", postalCode: "78266" })).toBe(false); // treaty of 1964
  expect(crosses("CH", { country: "CH", postalCode: "7563" })).toBe(true); // Samnaun
  expect(crosses("NO", { country: "NO", postalCode: "9170" })).toBe(true); // Svalbard
  expect(crosses("GB", { country: "IM" })).toBe(false);
  expect(crosses("GB", { country: "GB", postalCode: "GY1 1AA" })).toBe(false);
  expect(crosses("GB", { country: "GB", postalCode: "BT1 5GS" })).toBe(false);
  expect(crosses("GB", { country: "IE" })).toBe(true);
  expect(crosses("CH", { country: "GB", postalCode: "BT1 5GS" })).toBe(true);
});

/** 19 CFR 101.1: the States, the District of Columbia and Puerto Rico. */
test("Puerto Rico is inside the United States for customs, their other islands are not", () => {
  expect(crosses("US", { country: "US", state: "PR" })).toBe(false);
  expect(crosses("US", { country: "PR" })).toBe(false);
  expect(crosses("US", { country: "US", state: "ae" })).toBe(false);
  for (const island of ["GU", "VI", "AS", "MP"]) {
    expect(crosses("US", { country: "US", state: island })).toBe(true);
    expect(crosses("US", { country: island })).toBe(true);
  }
  expect(customsPlaceOf({ country: "US", state: "Guam" })).toEqual(
    customsPlaceOf({ country: "GU" }),
  );
});

test("every row has a source and a day, and each exception is a territory of the tax table", () => {
  const rows = [...Object.values(customsTerritories), ...customsExceptions];
  for (const { since, sourceUrl } of rows) {
    expect(since).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(sourceUrl).toMatch(/^https:/);
  }
  const names = territories.map(({ name }) => name);
  expect(customsExceptions.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual(
    [],
  );
});

test("customs borders and the VAT area's borders are two lists", () => {
  const canary = { country: "ES", postalCode: "38001" };
  const belfast = { country: "GB", postalCode: "BT1 5GS" };
  expect(taxPlaceOf(canary)).toMatchObject({ exportTo: { name: "Canary Islands" } });
  expect(customsPlaceOf(canary).within).toEqual(["EU"]);
  expect(taxPlaceOf(belfast)).toMatchObject({ country: "GB", vatCountry: "XI" });
  expect(customsPlaceOf(belfast).within).toEqual(["GB", "EU"]);
});
