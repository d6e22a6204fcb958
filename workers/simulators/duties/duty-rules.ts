import { isoDecimalsOf } from "../../../schema/iso-4217.ts";

/** An item as Tollgate is asked about it, amounts in minor units. */
export type AssessedItem = {
  readonly ref: string;
  readonly hs: string;
  readonly origin: string;
  readonly valueMinor: number;
};

export type Assessed = {
  readonly from: string;
  readonly to: string;
  readonly currency: string;
  readonly shippingMinor: number;
  readonly items: readonly AssessedItem[];
};

const union = new Set(
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "),
);

/** One euro in whole units of other currencies: what the simulator counts with, no rate of any day. */
const perEuro: Readonly<Record<string, number>> = {
  ...{ EUR: 1, USD: 1.1, GBP: 0.85, CHF: 0.95, INR: 95, BRL: 6, JPY: 160 },
};

// Regulation (EU) 2026/382, from 2026-07-01 to 2028-07-01: of consignments up to 150 EUR each item,
// which is all that one tariff code covers, pays 3 EUR.
// Source: https://globalimportblog.bakermckenzie.com/2026/07/02/eu-low-value-consignment-relief-abolished-and-eur-3-customs-duty-introduced-from-1-july-2026/
const LOW_VALUE_EUR = 150;
const LOW_VALUE_DUTY_EUR = 3;
/** An item is told apart by the Harmonized System's digits alone in the declarations of such parcels. */
const HS_DIGITS = 6;

/** Invented, but for who pays none: nobody's tariff is kept here. */
const invented = { union: 0.04, US: 0.1, elsewhere: 0.05 } as const;

/** The duty on each item in minor units, in the order of the items; undefined in a currency that is not counted. */
export function dutiesOn(shipment: Assessed): readonly number[] | undefined {
  const { to, currency, items } = shipment;
  const euro = euroIn(currency);
  if (euro === undefined) return undefined;
  const goods = items.reduce((all, { valueMinor }) => all + valueMinor, 0);
  if (union.has(to) && goods <= LOW_VALUE_EUR * euro) {
    return perTariffLine(items, Math.round(LOW_VALUE_DUTY_EUR * euro));
  }
  return items.map((item) => Math.round(rateOf(to, item) * dutiable(item, goods, shipment)));
}

/** The first item of a code pays for all of it. */
function perTariffLine(items: readonly AssessedItem[], duty: number): readonly number[] {
  const lineOf = ({ hs }: AssessedItem) => hs.slice(0, HS_DIGITS);
  const seen = items.map(lineOf);
  return items.map((item, at) => (seen.indexOf(lineOf(item)) === at ? duty : 0));
}

function rateOf(to: string, { origin }: AssessedItem): number {
  if (origin === to || (union.has(to) && union.has(origin))) return 0; // returned goods
  if (union.has(to)) return invented.union;
  // No value is too small for it since 2025-08-29: https://www.govinfo.gov/content/pkg/FR-2025-08-05/html/2025-14897.htm
  return to === "US" ? invented.US : invented.elsewhere;
}

/** The United States count goods alone, others what carrying them to the border cost as well. */
function dutiable({ valueMinor }: AssessedItem, goods: number, { to, shippingMinor }: Assessed) {
  if (to === "US" || goods === 0) return valueMinor;
  return valueMinor + (shippingMinor * valueMinor) / goods;
}

function euroIn(currency: string): number | undefined {
  const units = perEuro[currency];
  return units === undefined ? undefined : units * 10 ** (isoDecimalsOf(currency) ?? 2);
}
