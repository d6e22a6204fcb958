import type { Sku } from "../schema/ids.ts";
import type { Currency, Money } from "../schema/money.ts";
import type { Refusal } from "../schema/outcome.ts";
import type { ExtraMethod } from "../schema/payment.ts";
import type { ProductFacts } from "../schema/product-facts.ts";
import type { CountedPromotion, Promotion, PromotionId } from "../schema/promotion.ts";
import type { Country, RegionCode } from "../schema/regions.ts";
import type { ShopNotice } from "../schema/shop-notices.ts";
import type { TaxClass, TaxTreatment } from "../schema/tax.ts";
import type { TaxPlace } from "./tax/tax-place.ts";

export type Price = {
  readonly sku: Sku;
  readonly name: string;
  readonly unitAmount: Money;
  /** What has to stand beside the price; absent where nothing is known. */
  readonly facts?: ProductFacts;
};

/** A price with what tax and carriers want to know of the product. */
export type ProductPrice = Price & {
  readonly taxClass: TaxClass;
  readonly weightGrams: number;
};

export type CataloguePrices = {
  readonly prices: readonly ProductPrice[];
  readonly unknownSkus: readonly Sku[];
  readonly unpricedSkus: readonly Sku[];
};

/** The rate of one tax class at one destination, from `validFrom` on. */
export type TaxRate = {
  readonly name: string;
  readonly country: Country;
  /** Or a territory with rates of its own. */
  readonly state?: string;
  readonly taxClass: TaxClass;
  readonly treatment: TaxTreatment;
  /** Parts per million: 190000 is 19 %. */
  readonly ratePpm: number;
  /** Whether prices there are shown with this tax. */
  readonly inclusive: boolean;
  /** `down` where a country drops fractions of the minor unit. */
  readonly rounding: "half_away" | "down";
  /** ISO 8601 date. */
  readonly validFrom: string;
  /** For the shopper: what the rate leaves out, or why there is none. */
  readonly note?: string;
};

export type ShippingOption = {
  readonly option: string;
  readonly name: string;
  readonly amount: Money;
  /** Whose live rate it is; absent where the shop's own table says the price. */
  readonly carrier?: string;
};

/** A row of the shop's own tables: what an option costs for parcels up to this weight. */
export type ShippingRate = ShippingOption & { readonly upToGrams: number };

/** What the shop says about itself, and the promotions that apply without a code. */
export type ShopTerms = {
  /** Where it is established: sales to businesses elsewhere in its VAT area are not taxed there. */
  readonly country: Country | undefined;
  /** IANA name. Promotions begin and end by the clock on its wall. */
  readonly timeZone: string;
  /** Of the methods that are off by themselves, those that it has switched on. */
  readonly extraMethods?: readonly ExtraMethod[];
  readonly promotions: readonly Promotion[];
  /** Which country a region's goods are sent from, where that is not `country`. */
  readonly shipsFrom: Partial<Readonly<Record<RegionCode, Country>>>;
  /** What it tells before an order is placed, in the order in which that is shown. */
  readonly notices: readonly ShopNotice[];
};

/**
 * What a quote is made from. Reads may be as old as a minute; the quote that was made from them is
 * kept and paid as shown.
 */
export interface Catalogue {
  /** Prices now, the SKUs that nobody knows, and those without a price in this currency. */
  prices(skus: readonly Sku[], currency: Currency): Promise<CataloguePrices>;
  terms(): Promise<ShopTerms>;
  /** The promotions that these codes stand for; codes that nobody knows are left out. */
  promotionsOf(codes: readonly string[]): Promise<readonly Promotion[]>;
  /** By rank, the lowest first; each option's rates by weight. */
  shippingRates(place: ShippingPlace, currency: Currency): Promise<readonly ShippingRate[]>;
}

export type ShippingPlace = { readonly country: Country; readonly region: RegionCode };

/** Which rates hold at a place today, by a table or a tax service. A missing one is never zero. */
export interface TaxRates {
  /**
   * One rate for each class that the place knows; none where it is not known at all.
   *
   * Refuses: state_needed.
   */
  taxRates(place: TaxPlace): Promise<readonly TaxRate[] | Refusal<"state_needed">>;
}

/** What a storefront shows before anybody quotes. */
export interface Showcase {
  /** What the shop sells now in this currency, by SKU. `next` is the `after` of the next page. */
  products(currency: Currency, page: ShelfPage): Promise<Shelf>;
}

export type ShelfPage = { readonly after: string; readonly limit: number };
export type Shelf = { readonly products: readonly Price[]; readonly next?: Sku };

export type Parcel = ShippingPlace & {
  readonly currency: Currency;
  readonly weightGrams: number;
  readonly postalCode?: string | undefined;
};

/** Carriers' rates as of now, and the carriers whose rates are missing, with the reason. */
export type LiveShipping = {
  readonly options: readonly ShippingOption[];
  readonly leftOut: readonly { readonly carrier: string; readonly reason: string }[];
};

/** Carriers' own rates. A carrier that is slow or broken is left out, never waited for. */
export interface Carriers {
  live(parcel: Parcel): Promise<LiveShipping>;
}

/** Goods that cross a customs border, as far as duties depend on them: no address, no name. */
export type Shipment = {
  readonly from: Country;
  readonly to: Pick<ShippingPlace, "country"> & { readonly state?: string | undefined };
  readonly currency: Currency;
  readonly items: readonly ShipmentItem[];
  /** Without tax, as the goods' values are. */
  readonly shipping: Money;
};

export type ShipmentItem = {
  readonly sku: Sku;
  readonly tariffCode: string;
  readonly originCountry: Country;
  readonly quantity: number;
  /** Of all its pieces, after discounts and without tax. */
  readonly value: Money;
};

/** What is due for each item, or why nobody says so. */
export type DutiesAnswer =
  | { readonly duties: ReadonlyMap<Sku, Money> }
  | { readonly leftOut: "slow" | "broken" | "resting" | "busy" };

/** A service that computes import duties, which are then paid with the order. */
export interface Duties {
  /** Never throws and never keeps a quote waiting: without an answer duties are not included. */
  dutiesOn(shipment: Shipment): Promise<DutiesAnswer>;
}

/**
 * Looks which of these promotions have no use left for this buyer. It takes none: that happens with
 * the hold (decision 12).
 */
export interface PromotionUses {
  usedUp(promotions: readonly CountedPromotion[]): Promise<ReadonlySet<PromotionId>>;
}
