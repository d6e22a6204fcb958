import type { Country } from "../../schema/regions.ts";
import type { QuoteNotice, ShopNotice } from "../../schema/shop-notices.ts";
import { momentOf } from "./shop-time.ts";

type Now = { readonly country: Country; readonly timeZone: string; readonly nowMs: number };

/**
 * What a shop has to tell in a country now, in its own order. Of one kind, what names the country
 * stands instead of what names none.
 */
export function noticesNow(
  notices: readonly ShopNotice[],
  { country, timeZone, nowMs }: Now,
): readonly QuoteNotice[] {
  const valid = notices.filter(({ from, until }) => {
    const hasBegun = from === undefined || momentOf(from, timeZone) <= nowMs;
    return hasBegun && (until === undefined || nowMs < momentOf(until, timeZone));
  });
  const named = valid.filter(({ countries }) => countries?.includes(country));
  const ownKinds = new Set(named.map(({ kind }) => kind));
  return valid
    .filter((each) =>
      each.countries ? each.countries.includes(country) : !ownKinds.has(each.kind),
    )
    .map(({ countries: _countries, from: _from, until: _until, ...shown }) => shown);
}
