import { share } from "../../schema/money.ts";
import type { Duties, Shipment, ShipmentItem } from "../catalogue.ts";
import type { GoldenQuote } from "./golden-shop.ts";

/** Rates of duty as this service has them: nobody's tariff, a round number for each destination. */
const ppm: Readonly<Record<string, number>> = { US: 100_000, GB: 60_000, JP: 40_000, NO: 50_000 };
const UNION_PPM = 40_000;
const LOW_VALUE_MINOR = 15_000;
/** Regulation (EU) 2026/382: 3 EUR for each tariff line of a consignment up to 150 EUR. */
const LOW_VALUE_DUTY_MINOR = 300;

/** A service that always answers. */
export const goldenDuties: Duties = {
  dutiesOn: async (shipment) => ({
    duties: new Map(shipment.items.map((item) => [item.sku, dutyOn(item, shipment)])),
  }),
};

function dutyOn({ sku, tariffCode, value }: ShipmentItem, { to, items, currency }: Shipment) {
  if (to.country === "CH") return { amountMinor: 0, currency }; // none on industrial goods since 2024
  if (to.country !== "DE") return share(value, ppm[to.country] ?? 0);
  const goods = items.reduce((all, each) => all + each.value.amountMinor, 0);
  if (goods > LOW_VALUE_MINOR) return share(value, UNION_PPM);
  const first = items.find((each) => each.tariffCode === tariffCode);
  return { amountMinor: first?.sku === sku ? LOW_VALUE_DUTY_MINOR : 0, currency };
}

export type GoldenDuties = GoldenQuote & {
  /** In minor units where it is paid with the order; else why not, or that no border is crossed. */
  readonly duty: number | "unclassified" | "place_unknown" | "no border";
};

/**
 * Sales across customs borders with a service that computes duties, and beside them some that cross none.
 * Worked out on paper from the rules, before the code ran: the arithmetic stands above each.
 */
export const goldenAcrossBorders: readonly GoldenDuties[] = [
  // 2798, tax 2798*7.25%=202.86 -> 203; parcel 590, not taxed; duty 279.8 -> 280
  {
    name: "two mugs to California: duty on the goods, tax on the goods",
    rules: 3,
    wanted: { country: "US", state: "CA", currency: "USD", lines: { mug: 2 } },
    sums: [2798, 0, 590, 203, 3871],
    duty: 280,
  },
  // 1399, tax 55.96 -> 56; 2699, tax 107.96 -> 108; parcel 590, tax 23.6 -> 24
  // duty 139.9 -> 140, 269.9 -> 270
  {
    name: "a mug and a shirt to New York: each line has its duty",
    rules: 3,
    wanted: { country: "US", state: "NY", currency: "USD", lines: { mug: 1, shirt: 1 } },
    sums: [4098, 0, 590, 188, 5286],
    duty: 410,
  },
  // 1099, tax 1099*20/120=183.17 -> 183; parcel 420, tax 70; duty on 916: 54.96 -> 55
  {
    name: "a mug to London: duty on the price without the tax in it",
    rules: 2,
    wanted: { country: "GB", postalCode: "SW1A 1AA", currency: "GBP", lines: { mug: 1 } },
    sums: [1099, 0, 420, 253, 1574],
    duty: 55,
  },
  // 219.8 -> 220, 219.9 -> 220 off; 1978, tax 329.67 -> 330; 1979, tax 329.83 -> 330; parcel tax 70
  // duty on 1648: 98.88 -> 99; on 1649: 98.94 -> 99
  {
    name: "a tenth off on the way to London: duty on what is left",
    rules: 3,
    wanted: {
      ...{ country: "GB", postalCode: "M1 1AE", currency: "GBP" },
      ...{ lines: { mug: 2, shirt: 1 }, promotionCodes: ["TEN"] },
    },
    sums: [4397, 440, 420, 730, 4575],
    duty: 198,
  },
  // 1290, tax 1290*8.1/108.1=96.66 -> 97; parcel 900, tax 67.44 -> 67; no duty
  {
    name: "a mug to Zurich: the duty is nothing, and included",
    rules: 2,
    wanted: { country: "CH", postalCode: "8001", currency: "CHF", lines: { mug: 1 } },
    sums: [1290, 0, 900, 164, 2190],
    duty: 0,
  },
  // 1980 + 3980 + 700 = 6660, tax 605.45 -> 605, over 179.86, 361.55, 63.59 -> 180, 361, 64
  // duty on 1800: 72; on 3619: 144.76 -> 145
  {
    name: "a mug and a shirt to Tokyo: tax once, duty by line",
    rules: 3,
    wanted: { country: "JP", currency: "JPY", lines: { mug: 1, shirt: 1 } },
    sums: [5960, 0, 700, 605, 6877],
    duty: 217,
  },
  // 1299, tax 259.8 -> 260; parcel 490, tax 98; duty on 1039: 51.95 -> 52
  {
    name: "a mug to Oslo",
    rules: 2,
    wanted: { country: "NO", postalCode: "0150", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 358, 1841],
    duty: 52,
  },
  // 2598, tax 414.81 -> 415; 2499, tax 399; parcel 490, tax 78.24 -> 78; 3 EUR a tariff line
  {
    name: "from Zurich to Berlin below 150 EUR: three euros for each of two tariff lines",
    rules: 3,
    wanted: { country: "DE", postalCode: "10119", currency: "EUR", lines: { mug: 2, shirt: 1 } },
    sums: [5097, 0, 490, 892, 6187],
    ...{ duty: 600, shopCountry: "CH" },
  },
  // 6495, tax 1037.02 -> 1037; parcel tax 78; one tariff line
  {
    name: "five mugs are one tariff line",
    rules: 2,
    wanted: { country: "DE", postalCode: "10119", currency: "EUR", lines: { mug: 5 } },
    sums: [6495, 0, 490, 1115, 7285],
    ...{ duty: 300, shopCountry: "CH" },
  },
  // 19470, 5 % off for over 100: 973.5 -> 974; 18496, tax 2953.14 -> 2953; parcel of 5.7 kg 980, tax
  // 156.47 -> 156; duty on 15543, over 150 EUR: 621.72 -> 622
  {
    name: "from Zurich to Berlin above 150 EUR: by the tariff",
    rules: 4,
    wanted: { country: "DE", postalCode: "10119", currency: "EUR", lines: { lamp: 3 } },
    sums: [19_470, 974, 980, 3109, 20_098],
    ...{ duty: 622, shopCountry: "CH" },
  },
  // 1399 + 1850, no tax in Oregon; nobody has classified the book
  {
    name: "one line without a tariff code leaves all duties out",
    rules: 2,
    wanted: { country: "US", state: "OR", currency: "USD", lines: { mug: 1, book: 1 } },
    sums: [3249, 0, 590, 0, 3839],
    duty: "unclassified",
  },
  // the price of an export; Büsingen is in Switzerland's customs territory
  {
    name: "a mug to Büsingen is declared to Swiss customs",
    rules: 2,
    wanted: { country: "DE", postalCode: "78266", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
    duty: 0,
  },
  // the price of an export
  {
    name: "no code names Heligoland's customs",
    rules: 2,
    wanted: { country: "DE", postalCode: "27498", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
    duty: "place_unknown",
  },
  // the price of an export that stays inside the customs union
  {
    name: "a mug to Las Palmas crosses no customs border",
    rules: 2,
    wanted: { country: "ES", postalCode: "35001", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
    duty: "no border",
  },
  // 1099, tax 183; parcel 420, tax 70
  {
    name: "a mug to Belfast crosses none",
    rules: 2,
    wanted: { country: "GB", postalCode: "BT1 5GS", currency: "GBP", lines: { mug: 1 } },
    sums: [1099, 0, 420, 253, 1519],
    duty: "no border",
  },
  // 1399, tax 146.90 -> 147; parcel 590, tax 61.95 -> 62
  {
    name: "from the States to San Juan none either",
    rules: 2,
    wanted: { country: "US", state: "PR", currency: "USD", lines: { mug: 1 } },
    sums: [1399, 0, 590, 209, 2198],
    ...{ duty: "no border", shopCountry: "US" },
  },
  // 1399 + 590, no tax in Guam; the service knows no duty there
  {
    name: "but to Guam one is",
    rules: 2,
    wanted: { country: "GU", currency: "USD", lines: { mug: 1 } },
    sums: [1399, 0, 590, 0, 1989],
    ...{ duty: 0, shopCountry: "US" },
  },
];
