import type { Country } from "../../schema/regions.ts";

/** Where goods cross no customs border: the name of it, and the countries' codes in it. */
export type CustomsTerritory = {
  readonly name: string;
  readonly countries: readonly Country[];
  /** ISO 8601 date of the rule as it stands now. */
  readonly since: string;
  readonly sourceUrl: string;
};

const read = (list: string): readonly Country[] => list.split(" ");

/**
 * Territories of several countries' codes. A country that stands in none is one by itself.
 *
 * Customs unions for some goods only (the EU's with Türkiye, Andorra and San Marino) are none here,
 * nor are those whose members still stop parcels at their borders.
 */
export const customsTerritories = {
  EU: {
    name: "European Union",
    // With the French overseas departments, Saint Martin, Åland and Monaco.
    countries: read(
      "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK " +
        "AX GF GP MC MF MQ RE YT",
    ),
    since: "2016-05-01",
    sourceUrl: "https://eur-lex.europa.eu/eli/reg/2013/952/oj", // art. 4
  },
  GB: {
    name: "United Kingdom",
    countries: read("GB GG IM JE"),
    since: "2021-01-01",
    sourceUrl:
      "https://www.gov.uk/government/publications/uk-crown-dependencies-customs-arrangements",
  },
  CH: {
    name: "Switzerland",
    countries: read("CH LI"),
    since: "1924-01-01",
    sourceUrl: "https://www.fedlex.admin.ch/eli/cc/39/529_551_551/de",
  },
  US: {
    name: "United States",
    countries: read("PR US"),
    since: "1988-08-23",
    sourceUrl: "https://www.ecfr.gov/current/title-19/section-101.1",
  },
} as const satisfies Readonly<Record<string, CustomsTerritory>>;

/** In which customs territory a part of a country lies, where it is not its country's. */
export type CustomsException = {
  /** As pricing/tax/territories.ts calls it. */
  readonly name: string;
  /** A key of `customsTerritories`; absent where it is a territory by itself. */
  readonly within?: keyof typeof customsTerritories;
  readonly since: string;
  readonly sourceUrl: string;
};

const code = { since: "2016-05-01", sourceUrl: "https://eur-lex.europa.eu/eli/reg/2013/952/oj" };

/**
 * Not all that the VAT area leaves out: the Canary Islands, Åland, Mount Athos, the French departments
 * and Campione (since 2020, Regulation (EU) 2019/474) are inside the EU's customs territory.
 *
 * Compared on 2026-12-01 with article 6 of Directive 2006/112/EC, which tells which of the VAT area's
 * exceptions are inside the customs territory and which are not
 * (https://www.deubner-steuern.de/produkte/umsatzsteuer-praxis/doc/artikel-6-2006-112-eg-ausgenommene-gebiete-257789),
 * as an excerpt. The pages that the rows of this file name were not opened.
 */
export const customsExceptions: readonly CustomsException[] = [
  { name: "Ceuta", ...code },
  { name: "Melilla", ...code },
  { name: "Heligoland", ...code },
  { name: "Livigno", ...code },
  {
    ...{ name: "Büsingen", within: "CH", since: "1967-10-04" },
    sourceUrl: "https://www.fedlex.admin.ch/eli/cc/1967/1175_1233_1234/de", // the treaty of 1964
  },
  { name: "Greenland", ...code },
  { name: "Faroe Islands", ...code },
  // Overseas countries and territories, where articles 198 to 204 of the EU's treaty hold.
  { name: "Saint Barthélemy", ...code },
  { name: "Saint Pierre and Miquelon", ...code },
  { name: "French Southern Territories", ...code },
  { name: "Wallis and Futuna", ...code },
  { name: "French Polynesia", ...code },
  { name: "New Caledonia", ...code },
  {
    ...{ name: "Svalbard and Jan Mayen", since: "2009-01-01" },
    sourceUrl: "https://lovdata.no/dokument/NL/lov/2022-03-11-8", // tolloven; outside since the act of 2007
  },
  {
    ...{ name: "Samnaun", since: "2007-05-01" },
    sourceUrl: "https://www.fedlex.admin.ch/eli/cc/2007/249/de", // art. 3 ZG
  },
];
