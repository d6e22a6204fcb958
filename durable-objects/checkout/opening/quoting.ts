import { LiveCarriers } from "../../../pricing/carriers/live-carriers.ts";
import type { PromotionUses } from "../../../pricing/catalogue.ts";
import { D1Catalogue } from "../../../pricing/d1/d1-catalogue.ts";
import { flagsFrom } from "../../../pricing/flags/flags-env.ts";
import { quote } from "../../../pricing/quote.ts";
import { nowMs } from "../../clock.ts";
import type { CheckoutDeps, Promotions } from "../sale/ports.ts";

/** How sales are quoted here: from the catalogue and carriers, with their region's flags. */
export function quotingFrom(env: Env, promotions: Promotions): CheckoutDeps["quote"] {
  const flagsIn = flagsFrom(env);
  const carriers = carriersFrom(env);
  return (buyer, request, expiresAtMs) => {
    const catalogue = new D1Catalogue(env.CATALOG, buyer.shopId, () => nowMs(env));
    const uses: PromotionUses = { usedUp: (counted) => promotions.usedUp(buyer, counted) };
    const flags = () => flagsIn(request.region).of({ ...request, ...buyer }, nowMs(env));
    const home = () => catalogue.terms().then(({ country }) => country);
    const sources = { catalogue, taxes: catalogue, uses, flags, carriers: carriers?.from(home) };
    return quote(sources, request, { nowMs: nowMs(env), expiresAtMs });
  };
}

function carriersFrom(env: Env): LiveCarriers | undefined {
  const base = env.CARRIER_API_BASE.replace(/\/+$/, "");
  if (base === "") return undefined;
  return new LiveCarriers({ base, fetch: (...call) => fetch(...call), nowMs: () => nowMs(env) });
}
