import type { Refusal } from "../schema/outcome.ts";
import { refuse } from "../schema/refusals.ts";
import { STANDARD, type TaxClass } from "../schema/tax.ts";
import type { TaxRate } from "./catalogue.ts";
import { isTaxedByState } from "./tax/states.ts";
import type { TaxPlace } from "./tax/tax-place.ts";
import { isOwnRates } from "./tax/territories.ts";

/** A row of the table: a rate and the last day on which it holds, where it ends. ISO 8601 dates. */
export type TaxRow = TaxRate & { readonly validUntil?: string | undefined };

type Where = Pick<TaxPlace, "country" | "state">;

/**
 * The rates that hold at a place on a day (ISO 8601), one per class: the latest that has begun.
 * Where states tax, by law or by the rows, only the buyer's state's rows hold: never none, never the
 * country's part alone. Elsewhere a state is ignored.
 *
 * Refuses: state_needed.
 */
export function ratesAt(
  rows: readonly TaxRow[],
  { country, state }: Where,
  day: string,
): readonly TaxRate[] | Refusal<"state_needed"> {
  const here = rows.filter((row) => row.country === country);
  const isTerritory = state !== undefined && isOwnRates(country, state);
  const isByState =
    isTaxedByState(country) || here.some((row) => row.state && !isOwnRates(country, row.state));
  if (isByState && state === undefined)
    return refuse("state_needed", { country, field: "shippingAddress.state" });
  const wanted = isByState || isTerritory ? state : undefined;
  const latest = new Map<TaxClass, TaxRate>();
  for (const { validUntil, ...rate } of here) {
    const holds = rate.validFrom <= day && (validUntil === undefined || day <= validUntil);
    if (rate.state !== wanted || !holds) continue;
    const known = latest.get(rate.taxClass);
    if (!known || known.validFrom < rate.validFrom) latest.set(rate.taxClass, rate);
  }
  return [...latest.values()];
}

/** Whether a country shows its prices with tax, before anybody says where in it; undefined if unknown. */
export function showsTax(rows: readonly TaxRow[], country: string): boolean | undefined {
  const row = rows.find((row) => row.country === country && row.taxClass === STANDARD);
  return row?.inclusive;
}
