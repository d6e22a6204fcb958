import type { Country } from "../../schema/regions.ts";
import type { TaxRounding } from "../../schema/tax.ts";

/**
 * How shipping is taxed that is stated apart from the goods.
 *
 * `as_goods`: a part of their supply, split over their rates by value. `untaxed`: not at all.
 * `standard`: at the standard rate, where nothing else is known.
 */
export type ShippingTax = "as_goods" | "untaxed" | "standard";

/** A place is a country, or a country's state: `DE`, `US-CA`. */
type Law = {
  readonly places: string;
  readonly shipping: ShippingTax;
  /** ISO 8601 date of the rule, or the day on which the row was written. */
  readonly since: string;
  readonly sourceUrl: string;
};

const AMERICAN_GUIDE =
  "https://avalara.com/us/en/blog/2018/11/how-to-handle-sales-tax-on-shipping-a-state-by-state-guide.html";

/**
 * Of delivery by post or carrier, stated on a line of its own, that the buyer cannot do without.
 *
 * The American rows rest on excerpts of the guide; the pages of Switzerland, Canada and Japan are named
 * from knowledge and were not open when this was written.
 */
const shippingLaws: readonly Law[] = [
  {
    places: "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE",
    ...{ shipping: "as_goods", since: "2007-01-01" },
    sourceUrl: "https://eur-lex.europa.eu/eli/dir/2006/112/oj", // article 78 (b)
  },
  {
    ...{ places: "GB", shipping: "as_goods", since: "2021-01-01" },
    sourceUrl:
      "https://gov.uk/government/publications/vat-notice-70024-postage-and-delivery-charges/vat-notice-70024-postage-delivery-charges-and-direct-marketing",
  },
  {
    ...{ places: "CH LI", shipping: "as_goods", since: "2010-01-01" },
    sourceUrl: "https://www.fedlex.admin.ch/eli/cc/2009/615/en", // article 19 (4) MWSTG
  },
  {
    ...{ places: "CA", shipping: "as_goods", since: "1991-01-01" },
    sourceUrl: "https://laws-lois.justice.gc.ca/eng/acts/E-15/section-138.html", // incidental supplies
  },
  {
    places:
      "US-AR US-CT US-FL US-GA US-HI US-IN US-KY US-MN US-MS US-NC US-ND US-NE US-NJ US-NM " +
      "US-NY US-OH US-PA US-PR US-RI US-SC US-SD US-TN US-TX US-VT US-WA US-WI US-WV",
    ...{ shipping: "as_goods", since: "2026-11-30", sourceUrl: AMERICAN_GUIDE },
  },
  {
    ...{ places: "US-IL", shipping: "as_goods", since: "2026-11-30" },
    sourceUrl: "https://tax.illinois.gov/questionsandanswers/144.html", // where no pick-up is offered
  },
  {
    places:
      "US-AL US-AZ US-CA US-CO US-DC US-IA US-ID US-LA US-MA US-MD US-ME US-MO US-NV US-OK US-UT " +
      "US-VA US-WY",
    ...{ shipping: "untaxed", since: "2026-11-30", sourceUrl: AMERICAN_GUIDE },
  },
  {
    ...{ places: "US-KS", shipping: "untaxed", since: "2023-07-01" },
    sourceUrl:
      "https://www.salestaxinstitute.com/resources/kansas-no-longer-taxes-delivery-charges-as-of-july-1-2023",
  },
  {
    ...{ places: "US-MI", shipping: "untaxed", since: "2023-04-26" },
    sourceUrl:
      "https://www.yeoandyeo.com/resource/michigan-sales-tax-changes-to-taxes-on-delivery-installation-charges",
  },
];

const shippingByPlace = new Map(
  shippingLaws.flatMap(({ places, shipping }) =>
    places.split(" ").map((place) => [place, shipping] as const),
  ),
);

type Place = { readonly country: Country; readonly state?: string | undefined };

export function shippingTaxAt({ country, state }: Place): ShippingTax {
  return (
    shippingByPlace.get(`${country}-${state ?? ""}`) ?? shippingByPlace.get(country) ?? "standard"
  );
}

/**
 * Where tax is rounded once per rate and invoice: a sum of rounded lines is no tax amount there. The
 * seller chooses how, by the rate's `rounding`.
 *
 * Source: https://www.nta.go.jp/taxes/shiraberu/zeimokubetsu/shohi/keigenzeiritsu/qa_invoice_mokuji.htm
 * (qualified invoices, since 2023-10-01)
 */
const ROUNDED_PER_INVOICE: ReadonlySet<Country> = new Set(["JP"]);

export function taxRoundingAt({ country }: Place): TaxRounding {
  return ROUNDED_PER_INVOICE.has(country) ? "invoice" : "line";
}
