import { LiveCarriers } from "../../../pricing/carriers/live-carriers.ts";
import type { PromotionUses } from "../../../pricing/catalogue.ts";
import { D1Catalogue } from "../../../pricing/d1/d1-catalogue.ts";
import { LiveDuties } from "../../../pricing/duties/live-duties.ts";
import { flagsFrom } from "../../../pricing/flags/flags-env.ts";
import { quote } from "../../../pricing/quote.ts";
import { nowMs } from "../../clock.ts";
import type { CheckoutDeps, Promotions } from "../sale/ports.ts";

/** How sales are quoted here: from the catalogue and carriers, with their region's flags. */
export function quotingFrom(env: Env, promotions: Promotions): CheckoutDeps["quote"] {
  const flagsIn = flagsFrom(env);
  const carriers = carriersFrom(env);
  const duties = dutiesFrom(env);
  return (buyer, request, expiresAtMs) => {
    const catalogue = new D1Catalogue(env.CATALOG, buyer.shopId, () => nowMs(env));
    const uses: PromotionUses = { usedUp: (counted) => promotions.usedUp(buyer, counted) };
    const flags = () => flagsIn(request.region).of({ ...request, ...buyer }, nowMs(env));
    const home = () => catalogue.terms().then(({ country }) => country);
    const live = { carriers: carriers?.from(home), duties };
    return quote({ catalogue, taxes: catalogue, uses, flags, ...live }, request, {
      nowMs: nowMs(env),
      expiresAtMs,
    });
  };
}

function carriersFrom(env: Env): LiveCarriers | undefined {
  const base = baseOf(env.CARRIER_API_BASE);
  return base === "" ? undefined : new LiveCarriers({ base, ...outside(env) });
}

function dutiesFrom(env: Env): LiveDuties | undefined {
  const base = baseOf(env.DUTIES_API_BASE);
  return base === "" ? undefined : new LiveDuties({ base, ...outside(env) });
}

function outside(env: Env) {
  return { fetch: (...call: Parameters<typeof fetch>) => fetch(...call), nowMs: () => nowMs(env) };
}

function baseOf(url: string): string {
  return url.replace(/\/+$/, "");
}
