import type { SaleFlags } from "../../schema/flag.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { D1FlagCopy } from "./flag-copy.ts";
import { type FlaggedSale, Flags } from "./flags.ts";
import { sourceOf } from "./unleash-client.ts";

export type FlagsEnv = {
  readonly CATALOG: D1Database;
  readonly UNLEASH_URL: string;
  /** A secret that only those need who have an Unleash. */
  readonly UNLEASH_TOKEN?: string;
};

/** What a sale asks of its region's flags. */
export type SaleFlagsOf = { of(sale: FlaggedSale, nowMs: number): Promise<SaleFlags> };

const ALL_OFF: SaleFlagsOf = { of: async () => ({}) };

/** Each region's flags; without an address or a token there are none. */
export function flagsFrom(env: FlagsEnv): (region: RegionCode) => SaleFlagsOf {
  const { CATALOG, UNLEASH_URL: url, UNLEASH_TOKEN: token = "" } = env;
  if (url === "" || token === "") return () => ALL_OFF;
  const unleash = { url, token, fetch: (...call: Parameters<typeof fetch>) => fetch(...call) };
  const known = new Map<RegionCode, Flags>();
  return (region) => {
    const copy = new D1FlagCopy(CATALOG, region, sourceOf(unleash));
    const flags = known.get(region) ?? new Flags({ region, unleash, copy });
    known.set(region, flags);
    return flags;
  };
}
