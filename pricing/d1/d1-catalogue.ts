import { type ShopId, Sku } from "../../schema/ids.ts";
import type { Currency } from "../../schema/money.ts";
import { isRefusal, type Refusal } from "../../schema/outcome.ts";
import { ProductFacts } from "../../schema/product-facts.ts";
import { type Promotion, promotionCodeOf } from "../../schema/promotion.ts";
import type { Country } from "../../schema/regions.ts";
import type {
  Catalogue,
  CataloguePrices,
  ProductPrice,
  Shelf,
  ShelfPage,
  ShippingPlace,
  ShippingRate,
  ShopTerms,
  Showcase,
  TaxRate,
  TaxRates,
} from "../catalogue.ts";
import { IsolateCache } from "../isolate-cache.ts";
import { type TaxPlace, taxPlaceOf } from "../tax/tax-place.ts";
import { ratesAt, showsTax, type TaxRow } from "../tax-table.ts";
import { CatalogueQueries } from "./catalogue-queries.ts";

/** A product with its price windows in one currency, those to come included. */
type Product = Omit<ProductPrice, "sku" | "unitAmount"> & { readonly windows: readonly Window[] };
type Window = {
  readonly fromMs: number;
  readonly untilMs: number | undefined;
  readonly amountMinor: number;
};
type ProductRow = Awaited<ReturnType<CatalogueQueries["products"]>>[number];

const productCache = new IsolateCache<Product>(20_000); // with some 1 KB of facts each; an isolate has 128 MB
const showcaseCache = new IsolateCache<ReadonlyMap<string, Product>>(100); // pages of 200 of the client's choice; an isolate has 128 MB
const termsCache = new IsolateCache<ShopTerms>(1_000);
const codeCache = new IsolateCache<Promotion>(10_000);
const taxCache = new IsolateCache<readonly TaxRow[]>(1_000);
const shippingCache = new IsolateCache<readonly ShippingRate[]>(5_000);

/** The catalogue in D1, remembered in the isolate: a quote's reads usually cost nothing. */
export class D1Catalogue implements Catalogue, Showcase, TaxRates {
  readonly #queries: CatalogueQueries;
  readonly #shopId: ShopId;
  readonly #nowMs: () => number;

  constructor(d1: D1Database, shopId: ShopId, nowMs: () => number) {
    this.#queries = new CatalogueQueries(d1, shopId);
    this.#shopId = shopId;
    this.#nowMs = nowMs;
  }

  async prices(skus: readonly Sku[], currency: Currency): Promise<CataloguePrices> {
    const nowMs = this.#nowMs();
    const keyOf = (sku: string) => `${this.#shopId}/${currency}/${sku}`;
    const found = await productCache.get(skus.map(keyOf), nowMs, async (missing) => {
      const asked = new Set(missing);
      const wanted = skus.filter((sku) => asked.has(keyOf(sku)));
      const bySku = productsIn(await this.#queries.products(wanted, currency));
      return new Map([...bySku].map(([sku, product]) => [keyOf(sku), product]));
    });
    const known = skus.flatMap((sku) => {
      const product = found.get(keyOf(sku));
      return product ? [{ sku, product, amountMinor: priceAt(product, nowMs) }] : [];
    });
    return {
      prices: known.flatMap(({ sku, product, amountMinor }): ProductPrice[] => {
        if (amountMinor === undefined) return [];
        const { windows: _windows, ...known } = product;
        return [{ sku, ...known, unitAmount: { amountMinor, currency } }];
      }),
      unknownSkus: skus.filter((sku) => !found.has(keyOf(sku))),
      unpricedSkus: known.filter((each) => each.amountMinor === undefined).map(({ sku }) => sku),
    };
  }

  async products(currency: Currency, { after, limit }: ShelfPage): Promise<Shelf> {
    const nowMs = this.#nowMs();
    const key = `${this.#shopId}/${currency}/${limit}/${after}`;
    // One more than wanted says whether another page follows.
    const read = () => this.#queries.shelf({ after, limit: limit + 1 }, currency);
    const found = await one(showcaseCache, key, nowMs, async () => productsIn(await read()));
    const page = [...(found ?? [])].slice(0, limit);
    const products = page.flatMap(([sku, product]) => {
      const amountMinor = priceAt(product, nowMs);
      if (amountMinor === undefined) return [];
      const { name, facts } = product;
      const price = { sku: Sku.parse(sku), name, unitAmount: { amountMinor, currency } };
      return [facts ? { ...price, facts } : price];
    });
    const last = page.at(-1)?.[0];
    const hasMore = last !== undefined && (found?.size ?? 0) > limit;
    return hasMore ? { products, next: Sku.parse(last) } : { products };
  }

  async terms(): Promise<ShopTerms> {
    const read = () => this.#queries.terms();
    const terms = await one(termsCache, this.#shopId, this.#nowMs(), read);
    return terms ?? read();
  }

  async promotionsOf(codes: readonly string[]): Promise<readonly Promotion[]> {
    const wanted = new Set(codes.flatMap((code) => promotionCodeOf(code) ?? []));
    const keyOf = (code: string | undefined) => `${this.#shopId}/${code}`;
    const keys = [...wanted].map(keyOf);
    const found = await codeCache.get(keys, this.#nowMs(), async (missing) => {
      const asked = [...wanted].filter((code) => missing.includes(keyOf(code)));
      const rows = await this.#queries.promotionsOf(asked);
      return new Map(rows.map((promotion) => [keyOf(promotion.code), promotion]));
    });
    return [...found.values()];
  }

  async taxRates(place: TaxPlace): Promise<readonly TaxRate[] | Refusal<"state_needed">> {
    const nowMs = this.#nowMs();
    const day = new Date(nowMs).toISOString().slice(0, 10);
    return ratesAt(await this.#taxRows(place.country, nowMs), place, day);
  }

  /** Whether prices are shown with tax in a country; undefined where the table lacks it. */
  async pricesIncludeTax(country: Country): Promise<boolean | undefined> {
    const place = taxPlaceOf({ country });
    if (isRefusal(place)) return undefined;
    if (place.exportTo) return false;
    return showsTax(await this.#taxRows(place.country, this.#nowMs()), place.country);
  }

  async shippingRates(place: ShippingPlace, currency: Currency): Promise<readonly ShippingRate[]> {
    const key = `${this.#shopId}/${place.region}/${place.country}/${currency}`;
    const read = () => this.#queries.shippingRates(place, currency);
    return (await one(shippingCache, key, this.#nowMs(), read)) ?? [];
  }

  async #taxRows(country: Country, nowMs: number): Promise<readonly TaxRow[]> {
    return (await one(taxCache, country, nowMs, () => this.#queries.taxRows(country))) ?? [];
  }
}

async function one<V>(
  cache: IsolateCache<V>,
  key: string,
  nowMs: number,
  read: () => Promise<V>,
): Promise<V | undefined> {
  const found = await cache.get([key], nowMs, async () => new Map([[key, await read()]]));
  return found.get(key);
}

function productsIn(rows: readonly ProductRow[]): ReadonlyMap<string, Product> {
  const bySku = new Map<string, Product>();
  for (const { sku, name, taxClass, weightGrams, facts, ...price } of rows) {
    const known = bySku.get(sku);
    const windows = [...(known?.windows ?? []), ...windowIn(price)];
    const product = known ?? { name, taxClass, weightGrams, ...factsIn(facts) };
    bySku.set(sku, { ...product, windows });
  }
  return bySku;
}

const NO_FACTS = "{}";

function factsIn(facts: string): Pick<Product, "facts"> {
  return facts === NO_FACTS ? {} : { facts: ProductFacts.parse(JSON.parse(facts)) };
}

function windowIn(
  row: Pick<ProductRow, "amountMinor" | "validFromMs" | "validUntilMs">,
): readonly Window[] {
  const { amountMinor, validFromMs: fromMs, validUntilMs } = row;
  if (amountMinor === null || fromMs === null) return [];
  return [{ fromMs, untilMs: validUntilMs ?? undefined, amountMinor }];
}

/** Of the windows that hold, the one that began last. */
function priceAt({ windows }: Product, nowMs: number): number | undefined {
  return windows
    .filter(({ fromMs, untilMs }) => fromMs <= nowMs && (untilMs === undefined || nowMs < untilMs))
    .reduce<Window | undefined>(
      (last, next) => (!last || next.fromMs > last.fromMs ? next : last),
      undefined,
    )?.amountMinor;
}
