import type { TaxClass } from "../schema/tax.ts";
import type { TaxPlace, TaxRate } from "./catalogue.ts";

/** A row of the table: a rate and the last day on which it holds, where it ends. ISO 8601 dates. */
export type TaxRow = TaxRate & { readonly validUntil?: string | undefined };

/**
 * The rates that hold at a place on a day (ISO 8601), one per class: the latest that has begun.
 * Where a country's rows name states, the buyer's state needs rows; elsewhere it is ignored.
 */
export function ratesAt(
  rows: readonly TaxRow[],
  { country, state }: TaxPlace,
  day: string,
): readonly TaxRate[] {
  const here = rows.filter((row) => row.country === country);
  const hasStates = here.some((row) => row.state !== undefined);
  const wanted = hasStates && state ? state.toUpperCase() : undefined;
  const latest = new Map<TaxClass, TaxRate>();
  for (const { validUntil, ...rate } of here) {
    const holds = rate.validFrom <= day && (validUntil === undefined || day <= validUntil);
    if (rate.state !== wanted || !holds) continue;
    const known = latest.get(rate.taxClass);
    if (!known || known.validFrom < rate.validFrom) latest.set(rate.taxClass, rate);
  }
  return [...latest.values()];
}
