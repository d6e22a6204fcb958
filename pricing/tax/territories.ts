import type { Country } from "../../schema/regions.ts";

/**
 * A territory that is not taxed as its country is.
 *
 * `export`: goods leave the VAT area. `own_rates`: rows of the tax table whose state is its name.
 * `as_country`: a code of its own for a part of the country's VAT area.
 */
export type Territory = {
  readonly name: string;
  readonly country: Country;
  /** Its own ISO 3166-1 code, where it has one: shoppers write either. */
  readonly code?: Country;
  /** Of the country's codes, without blanks and without a prefix such as `D-`. */
  readonly postalCodes?: RegExp;
  /** Where places share a postal code, only the town tells: without it the country's rate holds. */
  readonly shared?: { readonly postalCodes: RegExp; readonly city: RegExp };
  readonly tax: "export" | "own_rates" | "as_country";
  /** Codes of the territories that are no export for one another; without it only its own. */
  readonly market?: readonly Country[];
  /** ISO 8601 date of the law that says so. */
  readonly since: string;
  readonly sourceUrl: string;
};

// Articles 5 to 7 of the VAT directive, as of its first day where no later act is named.
const directive = {
  since: "2007-01-01",
  sourceUrl:
    "https://taxation-customs.ec.europa.eu/territorial-status-eu-countries-and-certain-territories_en",
} as const;
const outside = { ...directive, tax: "export" } as const;

// Left out of French VAT territory for deliveries from the mainland and from other member states.
const french = {
  country: "FR",
  tax: "export",
  since: "2007-01-01",
  sourceUrl: "https://bofip.impots.gouv.fr/bofip/341-PGP.html", // art. 294 CGI
} as const;

const antilles = { market: ["GP", "MQ"] } as const; // since 1992, by the same article

// Third countries for goods since the United Kingdom left the union's VAT area.
const channel = {
  country: "GB",
  tax: "export",
  since: "2021-01-01",
  sourceUrl:
    "https://taxation-customs.ec.europa.eu/territorial-status-eu-countries-and-certain-territories_en",
} as const;

/**
 * Postal codes as their posts have them, compared with
 * https://raw.githubusercontent.com/ibericode/vat-rates/master/vat-rates.json on 2026-11-30.
 */
export const territories: readonly Territory[] = [
  { name: "Canary Islands", country: "ES", postalCodes: /^3[58]\d{3}$/, ...outside },
  { name: "Ceuta", country: "ES", postalCodes: /^51\d{3}$/, ...outside },
  { name: "Melilla", country: "ES", postalCodes: /^52\d{3}$/, ...outside },
  { name: "Büsingen", country: "DE", postalCodes: /^78266$/, ...outside },
  { name: "Heligoland", country: "DE", postalCodes: /^27498$/, ...outside },
  {
    ...{ name: "Livigno", country: "IT", postalCodes: /^23041$/, ...outside },
    shared: { postalCodes: /^23030$/, city: /\blivigno\b/i }, // its code until 2010, of its neighbours still
  },
  {
    ...{ name: "Campione d'Italia", country: "IT", postalCodes: /^22061$/, ...outside },
    shared: { postalCodes: /^22060$/, city: /\bcampione\b/i }, // of Cabiate, Carugo and others, too
  },
  { name: "Åland", country: "FI", code: "AX", postalCodes: /^22\d{3}$/, ...outside },
  { name: "Mount Athos", country: "GR", postalCodes: /^63086$/, ...outside },
  { name: "Greenland", country: "DK", code: "GL", postalCodes: /^39\d{2}$/, ...outside },
  { name: "Faroe Islands", country: "DK", code: "FO", ...outside },
  { name: "Saint Barthélemy", code: "BL", postalCodes: /^97(?:133|7\d{2})$/, ...french },
  { name: "Saint Martin", code: "MF", postalCodes: /^97(?:150|8\d{2})$/, ...french },
  { name: "Guadeloupe", code: "GP", postalCodes: /^971\d{2}$/, ...french, ...antilles },
  { name: "Martinique", code: "MQ", postalCodes: /^972\d{2}$/, ...french, ...antilles },
  { name: "French Guiana", code: "GF", postalCodes: /^973\d{2}$/, ...french },
  { name: "Réunion", code: "RE", postalCodes: /^974\d{2}$/, ...french },
  { name: "Saint Pierre and Miquelon", code: "PM", postalCodes: /^975\d{2}$/, ...french },
  { name: "Mayotte", code: "YT", postalCodes: /^976\d{2}$/, ...french },
  { name: "French Southern Territories", code: "TF", postalCodes: /^984\d{2}$/, ...french },
  { name: "Wallis and Futuna", code: "WF", postalCodes: /^986\d{2}$/, ...french },
  { name: "French Polynesia", code: "PF", postalCodes: /^987\d{2}$/, ...french },
  { name: "New Caledonia", code: "NC", postalCodes: /^988\d{2}$/, ...french },
  {
    ...{ name: "Monaco", country: "FR", code: "MC", postalCodes: /^980\d{2}$/ },
    ...{ ...directive, tax: "as_country" },
  },
  { name: "Jersey", code: "JE", postalCodes: /^JE\d/, ...channel },
  { name: "Guernsey", code: "GG", postalCodes: /^GY\d/, ...channel },
  {
    ...{ name: "Isle of Man", country: "GB", code: "IM", postalCodes: /^IM\d/ },
    ...{ tax: "as_country", since: "1980-04-01" },
    sourceUrl: "https://info.skat.dk/data.aspx?oid=1729989",
  },
  {
    ...{ name: "Azores", country: "PT", postalCodes: /^9[5-9]\d{2}(?:\d{3})?$/ },
    ...{ tax: "own_rates", since: "2021-07-01" },
    sourceUrl: "https://vatupdate.com/2021/07/12/standard-vat-rate-in-azores-is-reduced-to-16",
  },
  {
    ...{ name: "Madeira", country: "PT", postalCodes: /^9[0-4]\d{2}(?:\d{3})?$/ },
    ...{ tax: "own_rates", since: "2012-04-01" },
    sourceUrl: "https://europa.eu/youreurope/business/taxation/vat/vat-rules-rates/index_en.htm",
  },
  {
    ...{ name: "Jungholz and Mittelberg", country: "AT", postalCodes: /^(?:6691|699[123])$/ },
    ...{ tax: "own_rates", since: "1995-01-01" },
    sourceUrl: "https://www.rechtsanwalt.at/gesetze/ustg/10", // § 10 (4) UStG 1994
  },
  {
    ...{ name: "Svalbard and Jan Mayen", country: "NO", code: "SJ" },
    ...{ postalCodes: /^(?:917\d|8099)$/, tax: "export", since: "2010-01-01" },
    sourceUrl: "https://vatupdate.com/2021/04/18/vat-rates-in-svalbard-and-jan-mayen",
  },
  {
    ...{ name: "Samnaun", country: "CH", postalCodes: /^756[23]$/, tax: "export" },
    ...{ since: "2010-01-01", sourceUrl: "https://www.fedlex.admin.ch/eli/cc/2009/615/en" }, // art. 4 MWSTG
  },
];

const ofCountry = Map.groupBy(territories, ({ country }) => country);
const ofCode = new Map(territories.flatMap((each) => (each.code ? [[each.code, each]] : [])));

type Address = {
  readonly country: Country;
  readonly postalCode?: string | undefined;
  readonly city?: string | undefined;
};

/** The territory in which an address lies, where it is not taxed simply as its country. */
export function territoryOf({ country, postalCode = "", city = "" }: Address) {
  const own = ofCode.get(country);
  if (own) return own;
  const plain = plainPostalCode(country, postalCode);
  return ofCountry.get(country)?.find(({ postalCodes, shared }) => {
    if (postalCodes?.test(plain)) return true;
    return shared?.postalCodes.test(plain) === true && shared.city.test(city);
  });
}

/** Whether rows of the tax table with this state are a territory's, not a state's. */
export function isOwnRates(country: Country, state: string): boolean {
  const here = ofCountry.get(country) ?? [];
  return here.some(({ name, tax }) => tax === "own_rates" && name === state);
}

/** Whose VAT numbers a country has: Monaco's are French ones. */
export function vatCountryOf(country: Country): Country {
  return ofCode.get(country)?.country ?? country;
}

/** As people write it: `D-78266`, `9500-321`, `je2 3ab`. British codes begin with their letters. */
function plainPostalCode(country: Country, written: string): string {
  const plain = written
    .normalize("NFKC")
    .toUpperCase()
    .replaceAll(/[^A-Z\d]/g, "");
  return country === "GB" ? plain : plain.replace(/^[A-Z]{1,3}(?=\d)/, "");
}
