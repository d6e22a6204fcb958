import type { Quote } from "../../schema/checkout.ts";
import { Sku } from "../../schema/ids.ts";
import { isRefusal, type Refusal } from "../../schema/outcome.ts";
import type { ProductFacts } from "../../schema/product-facts.ts";
import { Promotion, promotionCodeOf } from "../../schema/promotion.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { ShopNotice } from "../../schema/shop-notices.ts";
import type { Duties, LiveShipping, ShippingRate, TaxRate } from "../catalogue.ts";
import type { QuoteSources } from "../quote.ts";
import type { QuoteRequest } from "../quote-request.ts";
import { ratesAt, type TaxRow } from "../tax-table.ts";

export const NOW_MS = Date.parse("2026-11-23T06:00:00.000Z");
export const TIMES = { nowMs: NOW_MS, expiresAtMs: Date.parse("2026-11-23T06:15:00.000Z") };

/** A product's price in minor units, alone or with what else is known of it. */
type Product =
  | number
  | {
      readonly price: number;
      readonly taxClass?: string;
      readonly grams?: number;
      readonly facts?: ProductFacts;
    };

export type Shelf = {
  readonly products: Readonly<Record<string, Product>>;
  readonly unpriced?: readonly string[];
  readonly rates: readonly TaxRow[];
  readonly shipping?: readonly Partial<ShippingRate>[];
  readonly promotions?: readonly object[];
  readonly usedUp?: readonly string[];
  readonly live?: LiveShipping;
  readonly currency?: string;
  readonly shopCountry?: string;
  readonly timeZone?: string;
  readonly shipsFrom?: Partial<Record<RegionCode, string>>;
  readonly notices?: readonly object[];
  readonly duties?: Duties | undefined;
};

/** A rate as the table has it, a German 19 % within the price unless said otherwise. */
export function rate(more: Partial<TaxRow> = {}): TaxRate & TaxRow {
  return {
    ...{ name: "VAT", country: "DE", taxClass: "standard", treatment: "taxed" },
    ...{ ratePpm: 190_000, inclusive: true, rounding: "half_away", validFrom: "2026-01-01" },
    ...more,
  };
}

export function promotion(id: string, rule: object, more: object = {}): Promotion {
  const base = { promotionId: id, version: 1, name: `The ${id}`, exclusive: false, rank: 10 };
  return Promotion.parse({ ...base, rule, ...more });
}

/** Everything a quote is made from, in memory. */
export function sourcesOf(shelf: Shelf): QuoteSources {
  const { products, unpriced = [], currency = "EUR", live } = shelf;
  const promotions = (shelf.promotions ?? []).map((each) => Promotion.parse(each));
  const taxes = {
    taxRates: async (place: Parameters<typeof ratesAt>[1]) =>
      ratesAt(shelf.rates, place, new Date(NOW_MS).toISOString().slice(0, 10)),
  };
  const parcel = { option: "standard", name: "Post", upToGrams: 30_000 };
  const money = (amountMinor: number) => ({ amountMinor, currency });
  return {
    taxes,
    uses: {
      usedUp: async (counted) =>
        new Set(
          counted.map(({ promotionId }) => promotionId).filter((id) => shelf.usedUp?.includes(id)),
        ),
    },
    catalogue: {
      prices: async (skus) => ({
        prices: skus.flatMap((sku) => {
          const known = products[sku];
          if (known === undefined) return [];
          const {
            price,
            taxClass = "standard",
            grams = 0,
            facts,
          } = typeof known === "number" ? { price: known } : known;
          const product = { sku, name: `A ${sku}`, unitAmount: money(price), taxClass };
          return [{ ...product, weightGrams: grams, ...(facts ? { facts } : {}) }];
        }),
        unpricedSkus: skus.filter((sku) => unpriced.includes(sku)),
        unknownSkus: skus.filter((sku) => products[sku] === undefined && !unpriced.includes(sku)),
      }),
      terms: async () => ({
        country: shelf.shopCountry ?? "DE",
        timeZone: shelf.timeZone ?? "Europe/Berlin",
        promotions: promotions.filter(({ code }) => code === undefined),
        shipsFrom: shelf.shipsFrom ?? {},
        notices: (shelf.notices ?? []).map((each) => ShopNotice.parse(each)),
      }),
      promotionsOf: async (codes) => {
        const wanted = codes.map(promotionCodeOf);
        return promotions.filter(({ code }) => code !== undefined && wanted.includes(code));
      },
      shippingRates: async () =>
        (shelf.shipping ?? [{ amount: money(490) }]).map((each) => ({
          ...parcel,
          amount: money(0),
          ...each,
        })),
    },
    ...(live ? { carriers: { live: async () => live } } : {}),
    duties: shelf.duties,
  };
}

export function cart(
  lines: Readonly<Record<string, number>>,
  more: Partial<QuoteRequest> = {},
): QuoteRequest {
  return {
    ...{ region: "eu", country: "DE", currency: "EUR" },
    lines: Object.entries(lines).map(([sku, quantity]) => ({ sku: Sku.parse(sku), quantity })),
    ...more,
  };
}

export function quoted(answer: Quote | Refusal): Quote {
  if (isRefusal(answer)) throw new Error(`Refused: ${JSON.stringify(answer)}`);
  return answer;
}

/** Subtotal, discount, tax and total. */
export function minor(answer: Quote | Refusal): readonly number[] {
  const { subtotal, discount, tax, total } = quoted(answer);
  return [subtotal, discount, tax, total].map(({ amountMinor }) => amountMinor);
}
