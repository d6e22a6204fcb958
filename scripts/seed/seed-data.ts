import { regionCodes } from "../../schema/regions.ts";
import { shopKeys } from "../machine/local-keys.ts";
import { productFacts } from "./seed-facts.ts";
import { shopNotices } from "./seed-notices.ts";

/** The shop that `npm start`, `npm run serve` and the tests sell from. Pure data: the tests load it in workerd. */
export const shop = {
  shopId: "demo",
  name: "Demo shop",
  country: "DE",
  timeZone: "Europe/Berlin",
  notices: shopNotices,
  // Each region sells from a shelf of its own.
  shipsFrom: { us: "US", apac: "JP", sam: "BR" },
};

export const apiKeys = [
  { key: shopKeys.publishable, kind: "publishable" },
  { key: shopKeys.secret, kind: "secret" },
  { key: shopKeys.operator, kind: "operator" },
] as const;

export const currencies = ["EUR", "USD", "GBP", "INR", "BRL", "JPY"] as const;

type Amounts = readonly [
  eur: number,
  usd: number,
  gbp: number,
  inr: number,
  brl: number,
  jpy: number,
];

/** Minor units in the order of `currencies`; yen have none. */
const catalogue: readonly { sku: string; name: string; grams: number; prices: Amounts }[] = [
  { sku: "mug", name: "Mug", grams: 350, prices: [1299, 1399, 1099, 99_900, 6990, 1980] },
  { sku: "shirt", name: "Shirt", grams: 220, prices: [2499, 2699, 2199, 199_900, 13_990, 3980] },
  { sku: "poster", name: "Poster", grams: 300, prices: [1750, 1850, 1500, 149_900, 9990, 2800] },
  { sku: "lamp", name: "Lamp", grams: 1900, prices: [6490, 6990, 5490, 549_900, 37_990, 9980] },
  {
    sku: "last-one",
    name: "The last one",
    grams: 2600,
    prices: [19_900, 21_500, 17_000, 1_799_900, 119_900, 32_000],
  },
];

/** What parcels cost to each region, in the order of `currencies`. */
const shipping: Record<(typeof regionCodes)[number], { standard: Amounts; express: Amounts }> = {
  eu: {
    standard: [490, 550, 420, 44_900, 2990, 800],
    express: [1290, 1390, 1090, 114_900, 7990, 2000],
  },
  us: {
    standard: [550, 590, 470, 49_900, 3290, 900],
    express: [1390, 1490, 1190, 124_900, 8490, 2200],
  },
  apac: {
    standard: [590, 650, 500, 29_900, 3490, 700],
    express: [1590, 1690, 1390, 89_900, 9490, 1800],
  },
  sam: {
    standard: [690, 750, 590, 64_900, 1990, 1100],
    express: [1790, 1890, 1490, 154_900, 4990, 2800],
  },
};

export const products = catalogue.map(({ sku, name, grams: weightGrams }) => {
  const product = { shopId: shop.shopId, sku, name, taxClass: "standard", weightGrams };
  return { ...product, facts: productFacts(sku) };
});

export const prices = catalogue.flatMap(({ sku, prices }) =>
  perCurrency(prices).map((price) => ({ shopId: shop.shopId, sku, ...price })),
);

/** What heavier parcels cost: a parcel of many mugs, and a pallet of anything. */
const steps = [
  { upToGrams: 20_000, times: 1 },
  { upToGrams: 1_000_000, times: 4 },
  { upToGrams: 1_000_000_000, times: 20 },
];

export const shippingRates = regionCodes.flatMap((region) =>
  (["standard", "express"] as const).flatMap((option, index) =>
    perCurrency(shipping[region][option]).flatMap(({ currency, amountMinor }) =>
      steps.map(({ upToGrams, times }) => ({
        ...{ shopId: shop.shopId, zone: region, currency, option, upToGrams },
        name: option === "standard" ? "Standard" : "Express",
        rank: index + 1,
        amountMinor: amountMinor * times,
      })),
    ),
  ),
);

const inEuros = (amountMinor: number) => ({
  ...{ EUR: amountMinor, USD: amountMinor, GBP: amountMinor },
  ...{ INR: amountMinor * 90, BRL: amountMinor * 6, JPY: Math.round(amountMinor * 1.6) },
});

/** All by code: what a cart costs without one is its list price. */
const codes = [
  {
    promotionId: "welcome-10",
    name: "Welcome",
    code: "WELCOME10",
    rule: { kind: "percentage", ppm: 100_000 },
    exclusive: 0,
    rank: 10,
    usesPerCustomerMax: 1,
  },
  {
    promotionId: "buy-2-get-1",
    name: "Three for two",
    code: "BUY2GET1",
    rule: {
      kind: "buy_x_get_y",
      buy: { quantity: 2, skus: ["mug", "shirt", "poster"] },
      get: { quantity: 1, ppm: 1_000_000 },
    },
    exclusive: 0,
    rank: 5,
    usesMax: 100,
  },
  {
    promotionId: "cosy",
    name: "A cosy evening",
    code: "COSY",
    rule: {
      kind: "bundle",
      items: [
        { sku: "mug", quantity: 1 },
        { sku: "lamp", quantity: 1 },
      ],
      amounts: { EUR: 6990, USD: 7490, GBP: 5890, INR: 584_900, BRL: 39_990, JPY: 10_900 },
    },
    exclusive: 0,
    rank: 4,
  },
  {
    promotionId: "free-shipping",
    name: "Delivery on us",
    code: "FREESHIP",
    rule: { kind: "free_shipping", from: inEuros(3000), options: ["standard"] },
    exclusive: 0,
    rank: 90,
  },
  {
    promotionId: "friends",
    name: "Friends of the house",
    code: "FRIENDS25",
    rule: { kind: "percentage", ppm: 250_000 },
    exclusive: 1,
    rank: 1,
  },
  {
    promotionId: "new-year",
    name: "New year, old mugs",
    code: "NEWYEAR26",
    rule: { kind: "fixed", amounts: inEuros(500) },
    exclusive: 0,
    rank: 20,
    startsAt: "2026-01-01T00:00",
    endsAt: "2026-02-01T00:00",
  },
];

export const promotions = codes.map((promotion) => ({
  ...{ shopId: shop.shopId, version: 1 },
  ...promotion,
}));

const PLENTY = 1_000_000;

/** Bodies for `POST /v1/ops/stock`. Their ids never change, so telling them again adds nothing. */
export const stockReceipts = regionCodes.flatMap((region) =>
  catalogue.map(({ sku }) => ({
    region,
    sku,
    quantity: sku === "last-one" ? 1 : PLENTY,
    movementId: `seed-${region}-${sku}`,
  })),
);

function perCurrency(amounts: Amounts) {
  return currencies.map((currency, index) => ({ currency, amountMinor: amounts[index] ?? 0 }));
}
