import type { Quote } from "../schema/checkout.ts";
import type { SaleFlags } from "../schema/flag.ts";
import { withdrawalOf } from "../schema/iso-4217.ts";
import { isRefusal, type Refusal } from "../schema/outcome.ts";
import { refuse } from "../schema/refusals.ts";
import type { QuoteNotice } from "../schema/shop-notices.ts";
import type {
  Carriers,
  Catalogue,
  Duties,
  LiveShipping,
  PromotionUses,
  TaxRates,
} from "./catalogue.ts";
import { type CodeRefusal, promotionsFor } from "./promotion-eligibility.ts";
import { type PricingRefusal, priced, type Unsealed } from "./quote-calculation.ts";
import { withDuties } from "./quote-duties.ts";
import type { QuoteRequest } from "./quote-request.ts";
import { digestOf } from "./quote-versions.ts";
import { weightOf } from "./shipping-options.ts";
import { taxPlaceOf } from "./tax/tax-place.ts";
import { ratesFor } from "./tax.ts";
import { noticesNow } from "./time/notices-now.ts";

export type QuoteRefusal =
  | Refusal<"unknown_sku" | "currency_not_sold">
  | CodeRefusal
  | PricingRefusal;

/** Where the parts of a quote come from. */
export type QuoteSources = {
  readonly catalogue: Catalogue;
  readonly taxes: TaxRates;
  readonly uses: PromotionUses;
  /** Absent where the shop has only its own tables. */
  readonly carriers?: Carriers | undefined;
  /** Absent where nobody computes import duties: they are not included then. */
  readonly duties?: Duties | undefined;
  /** Decides the flags of a sale that has none yet (decision 20). Absent: all are off. */
  readonly flags?: (() => Promise<SaleFlags>) | undefined;
};

type Times = { readonly nowMs: number; readonly expiresAtMs: number };

const NO_LIVE_RATES: LiveShipping = { options: [], leftOut: [] };

/**
 * Asks for prices, promotions, tax and shipping at once and makes one quote of the answers.
 *
 * Refuses a currency that is withdrawn (with its last day and what took its place), whatever prices
 * the catalogue still has in it.
 *
 * Units: epoch milliseconds.  Throws: when the catalogue cannot be read.
 */
export async function quote(
  sources: QuoteSources,
  request: QuoteRequest,
  { nowMs, expiresAtMs }: Times,
): Promise<Quote | QuoteRefusal> {
  const place = taxPlaceOf(request);
  if (isRefusal(place)) return place;
  const { catalogue, taxes, uses } = sources;
  const { lines, currency, promotionCodes: codes = [] } = request;
  const skus = lines.map(({ sku }) => sku);
  const withdrawal = withdrawalOf(currency);
  if (withdrawal) return refuse("currency_not_sold", { skus, currency, ...withdrawal });
  const pricesRead = catalogue.prices(skus, currency);
  const termsRead = catalogue.terms();
  const [prices, terms, coded, taxRates, table, live, flags] = await Promise.all([
    pricesRead,
    termsRead,
    codes.length === 0 ? [] : catalogue.promotionsOf(codes),
    ratesFor(taxes, place, termsRead),
    catalogue.shippingRates(request, currency),
    // Asked once the prices are read: what a parcel weighs stands there.
    sources.carriers
      ? pricesRead.then((read) =>
          liveRates(sources.carriers, request, weightOf(lines, read.prices)),
        )
      : NO_LIVE_RATES,
    request.flags ?? sources.flags?.() ?? {},
  ]);
  if (prices.unknownSkus.length > 0) return refuse("unknown_sku", { skus: prices.unknownSkus });
  if (prices.unpricedSkus.length > 0) {
    return refuse("currency_not_sold", { skus: prices.unpricedSkus, currency });
  }
  if (isRefusal(taxRates)) return taxRates;
  const promotions = await promotionsFor({ codes, coded, terms, flags, uses, nowMs });
  if ("refused" in promotions) return promotions;
  const ingredients = { prices, promotions, terms, place, taxRates, table, live };
  const answer = priced(request, ingredients, expiresAtMs);
  if (isRefusal(answer)) return answer;
  const whole = await withDuties(answer, { request, terms }, sources.duties);
  if (isRefusal(whole)) return whole;
  const sealed = sealedWith(
    noticesNow(terms.notices, { country: request.country, timeZone: terms.timeZone, nowMs }),
    whole,
  );
  const { extraMethods = [] } = terms;
  return {
    ...sealed,
    ...(Object.keys(flags).length > 0 ? { flags } : {}),
    ...(extraMethods.length > 0 ? { extraMethods: [...extraMethods] } : {}),
  };
}

/** Everything that was shown is in the hash. */
function sealedWith(notices: readonly QuoteNotice[], quote: Unsealed): Quote {
  const content = notices.length > 0 ? { ...quote, notices: [...notices] } : quote;
  return { ...content, hash: digestOf(content) };
}

async function liveRates(
  carriers: Carriers | undefined,
  { country, region, postalCode, currency }: QuoteRequest,
  weightGrams: number,
): Promise<LiveShipping> {
  const parcel = { country, region, postalCode, currency, weightGrams };
  return carriers ? carriers.live(parcel) : NO_LIVE_RATES;
}
