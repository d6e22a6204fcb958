import { expect, test } from "vitest";
import { Country, homeRegion, RegionCode, regionCodes, regions } from "./regions.ts";

/** ISO 3166-1 alpha-2 as officially assigned. Source: https://www.iso.org/obp/ui/#search */
const ISO_3166 = new Set(
  (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS " +
    "BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE " +
    "EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM " +
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC " +
    "LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA " +
    "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO " +
    "TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
  ).split(" "),
);
const KOSOVO = "XK"; // not in ISO 3166, but what everybody writes

const served = regionCodes.flatMap((code) => regions[code].countries);

test("there are four regions", () => {
  expect(regionCodes).toEqual(["eu", "us", "apac", "sam"]);
  expect(Object.keys(regions)).toEqual(regionCodes);
  expect(RegionCode.safeParse("fedramp").success).toBe(false);
});

test("the list of ISO 3166 is whole", () => {
  expect(ISO_3166.size).toBe(249);
});

test("every served country is one of ISO 3166, and has one home", () => {
  const unknown = served.filter((country) => !ISO_3166.has(country) && country !== KOSOVO);
  expect(unknown).toEqual([]);
  const twice = served.filter((country, at) => served.indexOf(country) !== at);
  expect(twice).toEqual([]);
});

test("only places without shoppers have no home", () => {
  const homeless = [...ISO_3166].filter((country) => homeRegion(country) === undefined);
  expect(homeless.toSorted()).toEqual(["AQ", "BV", "GS", "HM", "IO", "TF", "UM"]);
});

test("a home is a function of the country", () => {
  const homes = { DE: "eu", GB: "eu", CH: "eu", ZA: "eu", US: "us", CA: "us", MX: "us" } as const;
  for (const [country, home] of Object.entries(homes)) expect(homeRegion(country)).toBe(home);
  const others = { IN: "apac", JP: "apac", AU: "apac", BR: "sam", AR: "sam" } as const;
  for (const [country, home] of Object.entries(others)) expect(homeRegion(country)).toBe(home);
});

test("what is not a served country has no home and is never a default", () => {
  for (const country of ["ZZ", "EU", "de", "", "toString", "__proto__"]) {
    expect(homeRegion(country), country).toBeUndefined();
  }
});

test("a country is two capital letters", () => {
  for (const country of ["de", "DEU", "D1", "", "DE\n"]) {
    expect(Country.safeParse(country).success, country).toBe(false);
  }
});

test("each region names its own store and queue", () => {
  for (const code of regionCodes) {
    const { orders, events } = regions[code].bindings;
    expect(orders).toBe(`ORDERS_${code.toUpperCase()}`);
    expect(events).toBe(`EVENTS_${code.toUpperCase()}`);
  }
});

test("pinned data has no fallback, and no region falls back to itself or to a pinned one", () => {
  for (const code of regionCodes) {
    const { pinned, fallbacks } = regions[code];
    const targets: readonly RegionCode[] = fallbacks;
    if (pinned) expect(targets).toEqual([]);
    expect(targets).not.toContain(code);
    for (const target of targets) expect(regions[target].pinned).toBe(false);
  }
});

test("only Europe is pinned, in objects and in D1", () => {
  expect(regionCodes.filter((code) => regions[code].pinned)).toEqual(["eu"]);
  expect(regions.eu.objects).toEqual({ jurisdiction: "eu" });
  expect(regions.eu.d1).toEqual({ jurisdiction: "eu" });
});
