import { ProductFacts } from "../../schema/product-facts.ts";
import type { ShippingRate } from "../catalogue.ts";
import type { QuoteSources } from "../quote.ts";
import type { QuoteRequest } from "../quote-request.ts";
import type { TaxRow } from "../tax-table.ts";
import { promotion, rate, type Shelf, sourcesOf } from "./quote-fixtures.ts";

/** What a cart in one currency and country comes to: subtotal, discount, shipping, tax, total. */
export type GoldenQuote = {
  readonly name: string;
  /** How many rules meet in it: promotions, rates, weight steps, reverse charge. */
  readonly rules: number;
  readonly wanted: Pick<QuoteRequest, "country" | "currency"> &
    Partial<Omit<QuoteRequest, "lines">> & { readonly lines: Readonly<Record<string, number>> };
  readonly sums: readonly [number, number, number, number, number];
  /** Where the shop stands, if not in Germany. */
  readonly shopCountry?: string;
};

const currencies: readonly string[] = [
  "EUR",
  "USD",
  "GBP",
  "CHF",
  "JPY",
  "INR",
  "BRL",
  "KWD",
  "BHD",
];
type Amounts = readonly [number, number, number, number, number, number, number, number, number];

/** Minor units in the order of `currencies`; yen have none, dinars a thousand fils. */
type Product = { grams: number; taxClass?: string; facts?: ProductFacts; prices: Amounts };
const products: Readonly<Record<string, Product>> = {
  mug: {
    grams: 350,
    facts: customs("69120023", "CN"),
    prices: [1299, 1399, 1099, 1290, 1980, 99_900, 6990, 4250, 4250],
  },
  shirt: {
    ...{ grams: 220, facts: customs("6109 10 00 10", "PT") },
    prices: [2499, 2699, 2199, 2490, 3980, 199_900, 13_990, 8125, 8125],
  },
  book: {
    ...{ grams: 400, taxClass: "books" },
    prices: [1750, 1850, 1500, 1750, 2800, 149_900, 9990, 5500, 5500],
  },
  lamp: {
    ...{ grams: 1900, facts: customs("940521", "CN") },
    prices: [6490, 6990, 5490, 6490, 9980, 549_900, 37_990, 21_000, 21_000],
  },
};

function customs(tariffCode: string, originCountry: string): ProductFacts {
  return ProductFacts.parse({ tariffCode, originCountry });
}

const standard: Amounts = [490, 590, 420, 900, 700, 29_900, 1990, 1500, 1500];
const express: Amounts = [1290, 1490, 1090, 1900, 1800, 89_900, 4990, 4000, 4000];

const books = { taxClass: "books" } as const;
const onTop = { inclusive: false } as const;
const noTax = { ...onTop, ratePpm: 0, treatment: "no_tax" } as const;

/** Each rate with the rule that it is taken from. */
const rates: readonly TaxRow[] = [
  rate({ country: "DE", ratePpm: 190_000 }), // § 12 (1) UStG
  rate({ country: "DE", ...books, ratePpm: 70_000 }), // § 12 (2) no. 1 with annex 2 no. 49 UStG
  rate({ country: "FR", ratePpm: 200_000 }), // art. 278 CGI
  rate({ country: "FR", ...books, ratePpm: 55_000 }), // art. 278-0 bis A 3° CGI
  rate({ country: "GB", ratePpm: 200_000 }), // s. 2 (1) VATA 1994
  rate({ country: "GB", ...books, ratePpm: 0, treatment: "zero_rated" }), // sch. 8 group 3 VATA 1994
  rate({ country: "CH", ratePpm: 81_000 }), // art. 25 (1) MWSTG
  rate({ country: "CH", ...books, ratePpm: 26_000 }), // art. 25 (2) MWSTG
  rate({ country: "JP", ratePpm: 100_000 }), // 7.8 % national and 2.2 % local consumption tax
  rate({ country: "IN", ratePpm: 180_000 }), // IGST, schedule at 18 %
  rate({ country: "BR", ratePpm: 219_512 }), // ICMS of 18 % within the price: 18/82 of the net
  rate({ country: "BH", ratePpm: 100_000 }), // 10 % since 1 January 2022
  rate({ country: "AT", ratePpm: 200_000 }), // § 10 (1) UStG 1994
  rate({ country: "AT", state: "Jungholz and Mittelberg", ratePpm: 190_000 }), // § 10 (4)
  rate({ country: "AT", state: "Jungholz and Mittelberg", ...books, ratePpm: 100_000 }), // § 10 (2)
  rate({ country: "ES", ratePpm: 210_000 }), // art. 90 LIVA
  rate({ country: "FI", ratePpm: 255_000 }), // § 84 AVL
  rate({ country: "GR", ratePpm: 240_000 }), // art. 21 of law 2859/2000
  rate({ country: "IT", ratePpm: 220_000 }), // art. 16 DPR 633/1972
  rate({ country: "NL", ratePpm: 210_000 }), // art. 9 (1) Wet OB 1968
  rate({ country: "NO", ratePpm: 250_000 }), // § 5-1 merverdiavgiftsloven
  rate({ country: "PT", ratePpm: 230_000 }), // art. 18 (1) c CIVA
  rate({ country: "PT", state: "Azores", ratePpm: 160_000 }), // art. 18 (3) a CIVA
  rate({ country: "PT", state: "Madeira", ratePpm: 220_000 }), // art. 18 (3) b CIVA
  rate({ country: "US", state: "CA", ...onTop, ratePpm: 72_500 }), // Cal. RTC 6051 and what it levies everywhere
  rate({ country: "US", state: "DC", ...onTop, ratePpm: 70_000 }), // D.C. Code 47-2002, since October 2026
  rate({ country: "US", state: "FL", ...onTop, ratePpm: 60_000 }), // Fla. Stat. 212.05
  rate({ country: "US", state: "KS", ...onTop, ratePpm: 65_000 }), // Kan. Stat. 79-3603
  rate({ country: "US", state: "MA", ...onTop, ratePpm: 62_500 }), // Mass. G.L. c. 64H § 2
  rate({ country: "US", state: "MI", ...onTop, ratePpm: 60_000 }), // Mich. Comp. Laws 205.52
  rate({ country: "US", state: "NY", ...onTop, ratePpm: 40_000 }), // N.Y. Tax Law 1105
  rate({ country: "US", state: "TX", ...onTop, ratePpm: 62_500 }), // Tex. Tax Code 151.051
  rate({ country: "US", state: "PR", ...onTop, ratePpm: 105_000 }), // IVU, without a municipality's
  ...["AA", "AE", "AP", "GU", "VI"].map((state) => rate({ country: "US", state, ...noTax })),
  rate({ country: "US", state: "MN", ...onTop, ratePpm: 68_750 }), // Minn. Stat. 297A.62, state alone
  rate({ country: "US", state: "OR", ...noTax }), // Oregon has no sales tax
  rate({ country: "CA", state: "ON", ...onTop, ratePpm: 130_000 }), // HST
  rate({ country: "CA", state: "NL", ...onTop, ratePpm: 150_000 }), // HST
  rate({ country: "CA", state: "QC", ...onTop, ratePpm: 50_000 }), // GST
  rate({ country: "CA", state: "BC", ...onTop, ratePpm: 50_000 }), // GST
  rate({ country: "KW", ...noTax }), // Kuwait has no VAT
  rate({ country: "RS", ...onTop, ratePpm: 0, treatment: "export" }), // art. 146 2006/112/EC
];

const amounts = (...list: Amounts) =>
  Object.fromEntries(currencies.map((currency, at) => [currency, list[at] ?? 0]));

const twentieth = { ppm: 50_000 };
const promotions = [
  promotion("ten", { kind: "percentage", ppm: 100_000 }, { code: "TEN", rank: 10 }),
  promotion(
    "five",
    { kind: "fixed", amounts: amounts(500, 500, 500, 500, 800, 50_000, 3000, 1500, 1500) },
    { code: "FIVE", rank: 20 },
  ),
  promotion(
    "three-for-two",
    {
      kind: "buy_x_get_y",
      buy: { quantity: 2, skus: ["mug", "shirt", "book"] },
      get: { quantity: 1, ppm: 1_000_000 },
    },
    { code: "B2G1", rank: 5 },
  ),
  promotion(
    "cosy",
    {
      kind: "bundle",
      items: [
        { sku: "mug", quantity: 1 },
        { sku: "lamp", quantity: 1 },
      ],
      amounts: { EUR: 6990, USD: 7490, GBP: 5890, JPY: 10_900, KWD: 23_000, BHD: 23_000 },
    },
    { code: "COSY", rank: 4 },
  ),
  promotion(
    "free-delivery",
    {
      kind: "free_shipping",
      from: amounts(3000, 3000, 3000, 3000, 5000, 300_000, 18_000, 9000, 9000),
      options: ["standard"],
    },
    { code: "FREESHIP", rank: 90 },
  ),
  promotion(
    "spend",
    {
      kind: "threshold",
      steps: [
        { from: { EUR: 10_000, USD: 10_000, JPY: 16_000 }, off: twentieth },
        { from: { EUR: 20_000, USD: 20_000, JPY: 32_000 }, off: { ppm: 100_000 } },
      ],
    },
    { rank: 30 },
  ),
  promotion("vip", { kind: "percentage", ppm: 250_000 }, { code: "VIP", rank: 1, exclusive: true }),
  promotion(
    "read",
    { kind: "percentage", ppm: 500_000, skus: ["book"] },
    { code: "READ", rank: 15 },
  ),
  promotion(
    "pair",
    {
      kind: "buy_x_get_y",
      buy: { quantity: 1, skus: ["shirt"] },
      get: { quantity: 1, ppm: 500_000 },
    },
    { code: "PAIR", rank: 6 },
  ),
];

/** The shop of the golden quotes, established in Germany, as it sells in one currency. */
export function goldenShop(
  currency: string,
  more: Pick<Shelf, "duties" | "shopCountry"> = {},
): QuoteSources {
  const column = currencies.indexOf(currency);
  const option = (name: string, prices: Amounts): Partial<ShippingRate>[] =>
    [1, 2].map((times) => ({
      option: name,
      upToGrams: times === 1 ? 5_000 : 30_000,
      amount: { amountMinor: (prices[column] ?? 0) * times, currency },
    }));
  return sourcesOf({
    ...{ currency, rates, promotions, ...more },
    shipping: [...option("standard", standard), ...option("express", express)],
    products: Object.fromEntries(
      Object.entries(products).map(([sku, { prices, ...product }]) => [
        sku,
        { ...product, price: prices[column] ?? 0 },
      ]),
    ),
  });
}
