/**
 * One row of the catalogue's `tax_rates`. Demonstration data for a German shop that is registered
 * wherever a row taxes: each rate names where it was read, and none is advice. A merchant's own
 * table, or a tax service behind the port `TaxRates`, takes its place.
 */
export type TaxRate = {
  readonly country: string;
  /** A state's code, a territory's name as `pricing/tax/territories.ts` has it, or '' for the whole country. */
  readonly state: string;
  /** `standard` for a general good. */
  readonly taxClass: string;
  /** Why a rate is zero. */
  readonly treatment: "taxed" | "no_tax" | "zero_rated" | "export";
  readonly name: string;
  /** What the shopper should know of it. */
  readonly note?: string;
  /** Parts per million: 19 % is 190000. */
  readonly ratePpm: number;
  readonly inclusive: 0 | 1;
  readonly sourceUrl: string;
  readonly validFrom: string;
};

/** This table vouches for a rate from here on, whenever the law began; later changes say their own day. */
const VALID_FROM = "2026-01-01";
const WITHIN_PRICES = 1;
const ON_TOP = 0;

/** "6.875" to 68750, without a float on the way. */
function partsPerMillion(percent: string): number {
  const [whole = "0", fraction = ""] = percent.split(".");
  return Number(whole) * 10_000 + Number(fraction.padEnd(4, "0"));
}

type Family = Pick<TaxRate, "name" | "inclusive" | "sourceUrl"> &
  Partial<Pick<TaxRate, "taxClass" | "treatment" | "note">>;

/** Reads "DE 19 FR 20 …". */
function countries(family: Family, pairs: string): TaxRate[] {
  return [...pairs.matchAll(/(\w+) ([\d.]+)/g)].map(([, country = "", percent = ""]) => ({
    ...{ taxClass: "standard", treatment: Number(percent) === 0 ? "no_tax" : "taxed", ...family },
    country,
    state: "",
    ratePpm: partsPerMillion(percent),
    validFrom: VALID_FROM,
  }));
}

function states(country: string, family: Family, pairs: string): TaxRate[] {
  return countries(family, pairs).map((rate) => ({ ...rate, country, state: rate.country }));
}

const vat = (sourceUrl: string): Family => ({ name: "VAT", inclusive: WITHIN_PRICES, sourceUrl });
const gst = (sourceUrl: string): Family => ({ name: "GST", inclusive: WITHIN_PRICES, sourceUrl });
const pwc = (country: string) => `https://taxsummaries.pwc.com/${country}/corporate/other-taxes`;

const europeanUnion = countries(
  vat("https://europa.eu/youreurope/business/taxation/vat/vat-rules-rates/index_en.htm"),
  "AT 20 BE 21 BG 20 HR 25 CY 19 CZ 21 DK 25 EE 24 FI 25.5 FR 20 DE 19 GR 24 HU 27 IE 23 IT 22 " +
    "LV 21 LT 21 LU 17 MT 18 NL 21 PL 23 PT 23 RO 21 SK 23 SI 22 ES 21 SE 25",
);

const territory = (rates: readonly TaxRate[], state: string) =>
  rates.map((rate) => ({ ...rate, state }));

/** Parts of member states with rates of their own. */
const ownRates = [
  ...territory(
    countries(
      vat("https://vatupdate.com/2021/07/12/standard-vat-rate-in-azores-is-reduced-to-16"),
      "PT 16", // since 2021-07-01
    ),
    "Azores",
  ),
  ...territory(
    countries(
      vat("https://europa.eu/youreurope/business/taxation/vat/vat-rules-rates/index_en.htm"),
      "PT 22", // since 2012-04-01
    ),
    "Madeira",
  ),
  // § 10 (4) UStG 1994: 19 % in place of 20 %; the reduced rates are Austria's.
  ...territory(
    [
      ...countries(vat("https://www.rechtsanwalt.at/gesetze/ustg/10"), "AT 19"),
      ...countries(
        { ...vat("https://www.rechtsanwalt.at/gesetze/ustg/10"), taxClass: "books" },
        "AT 10",
      ),
    ],
    "Jungholz and Mittelberg",
  ),
];

const overseasSource = "https://bofip.impots.gouv.fr/bofip/341-PGP.html"; // art. 294 and 296 CGI
/** For shops that stand there. Whoever sells into them from elsewhere, France too, exports. */
const frenchOverseas = [
  ...countries(vat(overseasSource), "GP 8.5 MQ 8.5 RE 8.5"),
  ...countries({ ...vat(overseasSource), name: "No VAT" }, "GF 0 YT 0"),
];

/** Printed books, where a lower rate than the standard one is law; elsewhere a book has no row yet. */
const books = [
  ...countries(
    {
      ...vat("https://ec.europa.eu/taxation_customs/tedb/vatSearchForm.html"),
      taxClass: "books",
    },
    "AT 10 BE 6 DE 7 ES 4 FR 5.5 IT 4 NL 9 SE 6",
  ),
  ...countries(
    {
      ...vat("https://www.gov.uk/guidance/zero-rating-books-and-printed-matter-notice-70110"),
      ...{ taxClass: "books", treatment: "zero_rated", note: "Books are zero-rated" },
    },
    "GB 0",
  ),
  ...countries(
    {
      ...vat("https://www.estv.admin.ch/estv/en/home/value-added-tax/vat-rates-switzerland.html"),
      taxClass: "books",
    },
    "CH 2.6",
  ),
];

/** Where the seller is not registered: goods leave its VAT area untaxed. */
const exports = countries(
  {
    ...{ name: "Export", inclusive: ON_TOP, treatment: "export" },
    note: "Zero-rated export: import tax is the receiver's",
    sourceUrl: "https://eur-lex.europa.eu/eli/dir/2006/112/oj", // Article 146
  },
  "AL 0 BA 0 MD 0 ME 0 MK 0 RS 0 XK 0",
);

const restOfEurope = [
  ...countries(vat("https://www.gov.uk/vat-rates"), "GB 20"),
  // One tax territory by treaty.
  ...countries(
    vat("https://www.estv.admin.ch/estv/en/home/value-added-tax/vat-rates-switzerland.html"),
    "CH 8.1 LI 8.1",
  ),
  ...countries(vat("https://www.skatteetaten.no/en/rates/value-added-tax/"), "NO 25"),
  ...countries(vat(pwc("iceland")), "IS 24"),
  ...countries(vat(pwc("turkey")), "TR 20"),
  ...countries(vat(pwc("ukraine")), "UA 20"),
];

const africa = [
  ...countries(vat("https://www.sars.gov.za/types-of-tax/value-added-tax/"), "ZA 15"),
  ...countries(vat(pwc("kenya")), "KE 16"),
  ...countries(vat(pwc("morocco")), "MA 20"),
  ...countries(vat(pwc("egypt")), "EG 14"),
];

const asiaAndOceania = [
  ...countries(gst("https://cbic-gst.gov.in/gst-goods-services-rates.html"), "IN 18"),
  ...countries(
    { name: "Consumption tax", inclusive: WITHIN_PRICES, sourceUrl: pwc("japan") },
    "JP 10",
  ),
  ...countries(
    gst("https://www.ato.gov.au/businesses-and-organisations/gst-excise-and-indirect-taxes/gst"),
    "AU 10",
  ),
  ...countries(gst("https://www.ird.govt.nz/gst"), "NZ 15"),
  ...countries(
    gst("https://www.iras.gov.sg/taxes/goods-services-tax-(gst)/basics-of-gst/current-gst-rates"),
    "SG 9",
  ),
  ...countries(vat(pwc("republic-of-korea")), "KR 10"),
  ...countries(vat(pwc("taiwan")), "TW 5"),
  ...countries(vat(pwc("philippines")), "PH 12"),
  ...countries(vat(pwc("united-arab-emirates")), "AE 5"),
  ...countries(vat(pwc("saudi-arabia")), "SA 15"),
  ...countries(vat(pwc("israel")), "IL 18"),
  ...countries({ ...vat(pwc("hong-kong-sar")), name: "No sales tax" }, "HK 0"),
];

const latinAmerica = [
  ...countries(vat(pwc("mexico")), "MX 16"),
  // ICMS is 18 % of the price that already holds it, so 18/82 of the net: what a rate is of.
  // The general rate of São Paulo; the other states' lie between 17 % and 23 %.
  ...countries(
    {
      ...{ name: "ICMS (18 % of the price)", inclusive: WITHIN_PRICES, sourceUrl: pwc("brazil") },
      note: "São Paulo's rate: other states' lie between 17 % and 23 % of the price",
    },
    "BR 21.9512",
  ),
  ...countries(vat(pwc("argentina")), "AR 21"),
  ...countries(vat(pwc("chile")), "CL 19"),
  ...countries(vat(pwc("colombia")), "CO 19"),
  ...countries(vat(pwc("peru")), "PE 18"),
  ...countries(vat(pwc("uruguay")), "UY 22"),
];

const canadaSource =
  "https://www.canada.ca/en/revenue-agency/services/tax/businesses/topics/gst-hst-businesses/charge-collect-which-rate.html";
const canada = [
  ...states(
    "CA",
    { name: "GST", inclusive: ON_TOP, sourceUrl: canadaSource },
    "AB 5 BC 5 MB 5 QC 5 SK 5 NT 5 NU 5 YT 5",
  ),
  // Where the province's share is part of one harmonized tax. Provincial sales taxes apart from
  // GST (BC, MB, QC, SK) bind sellers registered there, which this shop is not.
  ...states(
    "CA",
    { name: "HST", inclusive: ON_TOP, sourceUrl: canadaSource },
    "ON 13 NB 15 NL 15 NS 14 PE 15",
  ),
];

const salesTax = {
  name: "Sales tax",
  inclusive: ON_TOP,
  note: "State level only: cities and counties may tax on top",
  sourceUrl: "https://taxfoundation.org/data/all/state/sales-tax-rates/",
} as const;

/** None for the whole country: a sale needs its state. A state's rate with what it levies everywhere (CA, UT, VA); cities and counties come on top and are not here. */
const unitedStates = [
  ...states(
    "US",
    salesTax,
    "AL 4 AK 0 AZ 5.6 AR 6.5 CA 7.25 CO 2.9 CT 6.35 DE 0 FL 6 GA 4 HI 4 ID 6 IL 6.25 IN 7 IA 6 " +
      "KS 6.5 KY 6 LA 5 ME 5.5 MD 6 MA 6.25 MI 6 MN 6.875 MS 7 MO 4.225 MT 0 NE 5.5 NV 6.85 NH 0 " +
      "NJ 6.625 NM 4.875 NY 4 NC 4.75 ND 5 OH 5.75 OK 4.5 OR 0 PA 6 RI 7 SC 6 SD 4.2 TN 7 TX 6.25 " +
      "UT 6.1 VT 6 VA 5.3 WA 6.5 WV 6 WI 5 WY 4",
  ),
  ...states("US", salesTax, "DC 6"),
  // From 6 % by the act that kept the rise of October 2026 and dropped the one of 2025.
  ...states(
    "US",
    {
      ...salesTax,
      sourceUrl: "https://kpmg.com/us/en/articles/this-week-in-state-tax/twist-251215.html",
    },
    "DC 7",
  ).map((rate) => ({ ...rate, validFrom: "2026-10-01" })),
];

const americanTerritories = [
  // With a municipality's 1 % on top where it levies it.
  ...states("US", { ...salesTax, sourceUrl: pwc("puerto-rico") }, "PR 10.5"),
  ...states(
    "US",
    {
      ...salesTax,
      note: "Taxes on sales there are the seller's, not the buyer's",
      sourceUrl:
        "https://congressionalresearch.com/RL32708/document.php?study=Federal+Taxes+and+the+U.S.+Territories+An+Overview",
    },
    "AS 0 GU 0 MP 0 VI 0",
  ),
  ...states(
    "US",
    {
      ...salesTax,
      note: "Military post lies in no state, so no state's sales tax is due",
      sourceUrl: "https://pe.usps.com/text/pub28/28apb.htm",
    },
    "AA 0 AE 0 AP 0",
  ),
];

export const taxRates: readonly TaxRate[] = [
  ...europeanUnion,
  ...ownRates,
  ...frenchOverseas,
  ...books,
  ...exports,
  ...restOfEurope,
  ...africa,
  ...asiaAndOceania,
  ...latinAmerica,
  ...canada,
  ...unitedStates,
  ...americanTerritories,
];
