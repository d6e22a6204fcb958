import type { GoldenQuote } from "./golden-shop.ts";

/**
 * Worked out on paper from the rules of test-golden-shop.ts, before any code ran. The arithmetic of
 * each stands above it: why so much is taken off; each line, what is taken off it in order, its tax.
 */
export const goldenNeighbours: readonly GoldenQuote[] = [
  // 1299, tax 1299*20/120=216.50 -> 217
  // parcel 490, tax 490*20/120=81.67 -> 82
  {
    name: "one mug to France",
    rules: 1,
    wanted: { country: "FR", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 299, 1789],
  },
  // 1750, tax 1750*5.5/105.5=91.23 -> 91
  // parcel 490, tax 490*5.5/105.5=25.55 -> 26
  {
    name: "a book to France",
    rules: 1,
    wanted: { country: "FR", currency: "EUR", lines: { book: 1 } },
    sums: [1750, 0, 490, 117, 2240],
  },
  // 1299 - 217 = 1082 a piece; 490 - 82
  // 2164, no tax
  // parcel 408, no tax
  {
    name: "a French business accounts for the tax itself",
    rules: 1,
    wanted: { country: "FR", currency: "EUR", lines: { mug: 2 }, vatNumber: "FR40303265045" },
    sums: [2164, 0, 408, 0, 2572],
  },
  // 216.4 -> 216
  // 2164-216=1948, no tax
  // parcel 408, no tax
  {
    name: "a tenth off the net price",
    rules: 2,
    wanted: {
      country: "FR",
      currency: "EUR",
      lines: { mug: 2 },
      promotionCodes: ["TEN"],
      vatNumber: "FR40303265045",
    },
    sums: [2164, 216, 408, 0, 2356],
  },
  // 1750*5.5/105.5 = 91.23 -> 91
  // 1659, no tax
  // parcel 490 - 26 = 464, no tax
  {
    name: "a book without its 5.5 %",
    rules: 2,
    wanted: { country: "FR", currency: "EUR", lines: { book: 1 }, vatNumber: "FR40303265045" },
    sums: [1659, 0, 464, 0, 2123],
  },
  // 2499 - 417 = 2082; 216.4, 208.2; 1948 + 390 and 1874 + 375 with tax
  // 500 with tax over 2338 + 2249: 254.85, 245.15 -> 255 + 245; 255 - 43, 245 - 41 without
  // 2164-216-212=1736, no tax
  // 2082-208-204=1670, no tax
  // parcel 408-408=0, no tax
  {
    name: "reverse charge, a tenth, five euros and free delivery",
    rules: 4,
    wanted: {
      country: "FR",
      currency: "EUR",
      lines: { mug: 2, shirt: 1 },
      promotionCodes: ["TEN", "FIVE", "FREESHIP"],
      vatNumber: "FR40303265045",
    },
    sums: [4246, 1248, 408, 0, 3406],
  },
  // 1099, tax 1099*20/120=183.17 -> 183
  // parcel 420, tax 420*20/120=70.00 -> 70
  {
    name: "one mug to the United Kingdom",
    rules: 1,
    wanted: { country: "GB", currency: "GBP", lines: { mug: 1 } },
    sums: [1099, 0, 420, 253, 1519],
  },
  // 1500, no tax
  // parcel 420, no tax
  {
    name: "a zero-rated book, its parcel too",
    rules: 2,
    wanted: { country: "GB", currency: "GBP", lines: { book: 1 } },
    sums: [1500, 0, 420, 0, 1920],
  },
  // 109.9 -> 110
  // 1099-110=989, tax 989*20/120=164.83 -> 165
  // 1500-150=1350, no tax
  // parcel 420 over 989 + 1350: 177.59, 242.41 -> 178 + 242; tax 178*20/120=29.67 -> 30
  {
    name: "a tenth off a taxed mug and an untaxed book",
    rules: 2,
    wanted: { country: "GB", currency: "GBP", lines: { mug: 1, book: 1 }, promotionCodes: ["TEN"] },
    sums: [2599, 260, 420, 195, 2759],
  },
  // 6589 - 5890 = 699: 116.59, 582.41 -> 117 + 582
  // 1099-117=982, tax 982*20/120=163.67 -> 164
  // 5490-582=4908, tax 4908*20/120=818.00 -> 818
  // parcel 420-420=0, no tax
  {
    name: "bundle and free delivery in pounds",
    rules: 2,
    wanted: {
      country: "GB",
      currency: "GBP",
      lines: { mug: 1, lamp: 1 },
      promotionCodes: ["COSY", "FREESHIP"],
    },
    sums: [6589, 1119, 420, 982, 5890],
  },
  // 1290, tax 1290*8.1/108.1=96.66 -> 97
  // parcel 900, tax 900*8.1/108.1=67.44 -> 67
  {
    name: "one mug to Switzerland",
    rules: 1,
    wanted: { country: "CH", currency: "CHF", lines: { mug: 1 } },
    sums: [1290, 0, 900, 164, 2190],
  },
  // 1750-875=875, tax 875*2.6/102.6=22.17 -> 22
  // parcel 900, tax 900*2.6/102.6=22.81 -> 23
  {
    name: "half a book at 2.6 %",
    rules: 2,
    wanted: { country: "CH", currency: "CHF", lines: { book: 1 }, promotionCodes: ["READ"] },
    sums: [1750, 875, 900, 45, 1775],
  },
  // 2490-249-500=1741, tax 1741*8.1/108.1=130.45 -> 130
  // parcel 900, tax 900*8.1/108.1=67.44 -> 67
  {
    name: "a tenth and five francs",
    rules: 2,
    wanted: {
      country: "CH",
      currency: "CHF",
      lines: { shirt: 1 },
      promotionCodes: ["TEN", "FIVE"],
    },
    sums: [2490, 749, 900, 197, 2641],
  },
];
