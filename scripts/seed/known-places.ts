import { customsPlaceOf } from "../../pricing/customs/customs-place.ts";
import { isTaxedByState } from "../../pricing/tax/states.ts";
import { shippingTaxAt, taxRoundingAt } from "../../pricing/tax/tax-law.ts";
import { isOwnRates, territories } from "../../pricing/tax/territories.ts";
import { addressFormOf } from "../../schema/address-form.ts";
import { type TaxRate, taxRates } from "./tax-rates.ts";

const HEAD = `| | Tax, standard and classes | From | Prices | Shipping | Rounded | State | Postal code | Taxed apart | Customs |
|---|---|---|---|---|---|---|---|---|---|`;

/** A row for each country of the seeded tax table: what the code knows of it. For docs/pricing.md. */
export function knownPlaces(): string {
  const countries = [...new Set(taxRates.map(({ country }) => country))].toSorted();
  return [HEAD, ...countries.map(rowOf)].join("\n");
}

function rowOf(country: string): string {
  const rows = taxRates.filter((row) => row.country === country);
  const own = rows.filter(({ state }) => state === "");
  const byState = rows.filter(({ state }) => state !== "" && !isOwnRates(country, state));
  const standard = (own.length > 0 ? own : byState).filter(isStandard);
  const fields = addressFormOf(country).fields;
  const needs = (name: string) => {
    const field = fields.find((each) => each.field === name);
    if (!field) return "none";
    return field.required ? "needed" : "optional";
  };
  const cells = [
    country,
    [rangeOf(standard), ...own.filter((row) => !isStandard(row)).map(classOf)].join(", "),
    standard.map(({ validFrom }) => validFrom).toSorted()[0] ?? "",
    standard.some(({ inclusive }) => inclusive === 1) ? "with" : "without",
    shippingOf(country, byState),
    taxRoundingAt({ country }) === "line" ? "line" : "invoice",
    isTaxedByState(country) ? "needed" : needs("state"),
    needs("postalCode"),
    territories
      .filter((each) => each.country === country && each.tax !== "as_country")
      .map(({ name }) => name)
      .join(", "),
    customsPlaceOf({ country }).within.join(),
  ];
  return `| ${cells.join(" | ")} |`;
}

const isStandard = ({ taxClass }: TaxRate) => taxClass === "standard";
const percent = (ppm: number) => `${ppm / 10_000} %`;

function classOf({ taxClass, ratePpm }: TaxRate): string {
  return `${taxClass} ${percent(ratePpm)}`;
}

/** "19 %", "export", or of states "13 states and territories: 5 % to 15 %". */
function rangeOf(rows: readonly TaxRate[]): string {
  const [only] = rows;
  if (rows.length === 1 && only) {
    return only.treatment === "taxed" ? percent(only.ratePpm) : only.treatment.replace("_", " ");
  }
  const rates = rows.map(({ ratePpm }) => ratePpm);
  return `${rows.length} states and territories: ${percent(Math.min(...rates))} to ${percent(Math.max(...rates))}`;
}

const words = { as_goods: "as goods", untaxed: "untaxed", standard: "standard" } as const;

function shippingOf(country: string, byState: readonly TaxRate[]): string {
  const states = byState.length > 0 ? byState.map(({ state }) => state) : [undefined];
  return [...new Set(states.map((state) => words[shippingTaxAt({ country, state })]))].join(" or ");
}
