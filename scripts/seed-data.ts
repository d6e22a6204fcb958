import { regionCodes } from "../schema/regions.ts";
import { shopKeys } from "./local-keys.ts";

/** The shop that `npm start`, `npm run serve` and the tests sell from. Pure data: the tests load it in workerd. */
export const shop = { shopId: "demo", name: "Demo shop" };

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
const catalogue: readonly { sku: string; name: string; prices: Amounts }[] = [
  { sku: "mug", name: "Mug", prices: [1299, 1399, 1099, 99_900, 6990, 1980] },
  { sku: "shirt", name: "Shirt", prices: [2499, 2699, 2199, 199_900, 13_990, 3980] },
  { sku: "poster", name: "Poster", prices: [1750, 1850, 1500, 149_900, 9990, 2800] },
  { sku: "lamp", name: "Lamp", prices: [6490, 6990, 5490, 549_900, 37_990, 9980] },
  {
    sku: "last-one",
    name: "The last one",
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

export const products = catalogue.map(({ sku, name }) => ({ shopId: shop.shopId, sku, name }));

export const prices = catalogue.flatMap(({ sku, prices }) =>
  perCurrency(prices).map((price) => ({ shopId: shop.shopId, sku, ...price })),
);

export const shippingOptions = regionCodes.flatMap((region) =>
  (["standard", "express"] as const).flatMap((option, index) =>
    perCurrency(shipping[region][option]).map((price) => ({
      shopId: shop.shopId,
      region,
      option,
      name: option === "standard" ? "Standard" : "Express",
      rank: index + 1,
      ...price,
    })),
  ),
);

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
