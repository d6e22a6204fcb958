import type { Country } from "../../schema/regions.ts";

const read = (list: string) =>
  list.split(",").map((pair) => [pair.slice(0, 2), pair.slice(3)] as const);

/**
 * Countries that tax by state, with the names of their states: a sale there needs one.
 *
 * Source: ISO 3166-2:US and ISO 3166-2:CA; military post: https://pe.usps.com/text/pub28/28apb.htm
 */
const states: Readonly<Record<Country, readonly (readonly [code: string, name: string])[]>> = {
  US: read(
    "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut," +
      "DE Delaware,DC District of Columbia,DC Washington DC,FL Florida,GA Georgia,HI Hawaii," +
      "ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine," +
      "MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri," +
      "MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico," +
      "NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon," +
      "PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas," +
      "UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming," +
      "AS American Samoa,GU Guam,MP Northern Mariana Islands,PR Puerto Rico," +
      "VI Virgin Islands,VI US Virgin Islands,VI Virgin Islands US," +
      "AA Armed Forces Americas,AA Armed Forces America,AE Armed Forces Europe," +
      "AE Armed Forces Africa,AE Armed Forces Canada,AE Armed Forces Middle East," +
      "AP Armed Forces Pacific",
  ),
  CA: read(
    "AB Alberta,BC British Columbia,BC Colombie-Britannique,MB Manitoba,NB New Brunswick," +
      "NB Nouveau-Brunswick,NL Newfoundland and Labrador,NL Newfoundland," +
      "NL Terre-Neuve-et-Labrador,NS Nova Scotia,NS Nouvelle-Écosse,NT Northwest Territories," +
      "NT Territoires du Nord-Ouest,NU Nunavut,ON Ontario,PE Prince Edward Island," +
      "PE Île-du-Prince-Édouard,QC Quebec,SK Saskatchewan,YT Yukon,YT Yukon Territory",
  ),
};

/** Territories of the United States with country codes of their own: shoppers write either. */
const american: ReadonlySet<Country> = new Set(["AS", "GU", "MP", "PR", "VI"]);

const codes = new Map(
  Object.entries(states).map(([country, list]) => [
    country,
    new Map(list.flatMap(([code, name]) => [[code, code] as const, [letters(name), code]])),
  ]),
);

/** Whether a sale needs the buyer's state, whatever the tax table says. */
export function isTaxedByState(country: Country): boolean {
  return codes.has(country);
}

export function isAmericanTerritory(country: Country): boolean {
  return american.has(country);
}

/**
 * A state's code as people and browsers write it: `CA`, `ca`, `California`, `US-CA`, `C.A.`. What is
 * not known is passed on in capitals, for the table to have or to lack.
 */
export function stateCodeOf(country: Country, written: string | undefined): string | undefined {
  const bare = written?.trim().replace(new RegExp(`^${country}-`, "i"), "") ?? "";
  if (bare === "") return undefined;
  return codes.get(country)?.get(letters(bare)) ?? bare.toUpperCase();
}

/** Without accents, blanks, dots and hyphens, in capitals. */
function letters(text: string): string {
  return text
    .normalize("NFKD")
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, "");
}
