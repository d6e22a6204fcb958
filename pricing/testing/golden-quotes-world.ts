import type { GoldenQuote } from "./golden-shop.ts";

/**
 * Worked out on paper from the rules of test-golden-shop.ts, before any code ran. The arithmetic of
 * each stands above it: why so much is taken off; each line, what is taken off it in order, its tax.
 */
export const goldenWorld: readonly GoldenQuote[] = [
  // once for the rate: 1980 + 700 = 2680, tax 2680*10/110=243.64 -> 244
  {
    name: "one mug to Japan, whole yen",
    rules: 1,
    wanted: { country: "JP", currency: "JPY", lines: { mug: 1 } },
    sums: [1980, 0, 700, 244, 2680],
  },
  // 5940-594=5346; 5346 + 700 = 6046, tax 6046*10/110=549.64 -> 550
  {
    name: "a tenth off in yen",
    rules: 1,
    wanted: { country: "JP", currency: "JPY", lines: { mug: 3 }, promotionCodes: ["TEN"] },
    sums: [5940, 594, 700, 550, 6046],
  },
  // 5960-800=5160; 5160 + 700 = 5860, tax 5860*10/110=532.73 -> 533
  {
    name: "800 yen over two lines",
    rules: 1,
    wanted: {
      country: "JP",
      currency: "JPY",
      lines: { mug: 1, shirt: 1 },
      promotionCodes: ["FIVE"],
    },
    sums: [5960, 800, 700, 533, 5860],
  },
  // 19960-998=18962; 18962 + 700 = 19662, tax 19662*10/110=1787.45 -> 1787
  {
    name: "two lamps save 5 % from 16000 yen",
    rules: 1,
    wanted: { country: "JP", currency: "JPY", lines: { lamp: 2 } },
    sums: [19960, 998, 700, 1787, 19662],
  },
  // list 7940 >= 5000
  // 3960-1980-198=1782, 3980-398=3582; parcel 700-700=0
  // 1782 + 3582 = 5364, tax 5364*10/110=487.64 -> 488
  {
    name: "three for two, a tenth, free delivery, in yen",
    rules: 3,
    wanted: {
      country: "JP",
      currency: "JPY",
      lines: { mug: 2, shirt: 1 },
      promotionCodes: ["B2G1", "TEN", "FREESHIP"],
    },
    sums: [7940, 3276, 700, 488, 5364],
  },
  // 7960-1990=5970; 5970 + 700 = 6670, tax 6670*10/110=606.36 -> 606
  {
    name: "the second shirt at half price, in yen",
    rules: 1,
    wanted: { country: "JP", currency: "JPY", lines: { shirt: 2 }, promotionCodes: ["PAIR"] },
    sums: [7960, 1990, 700, 606, 6670],
  },
  // 1980 + 1800 = 3780, tax 3780*10/110=343.64 -> 344
  {
    name: "a mug to Japan by express",
    rules: 1,
    wanted: { country: "JP", currency: "JPY", lines: { mug: 1 }, shippingOption: "express" },
    sums: [1980, 0, 1800, 344, 3780],
  },
  // 4250, no tax
  // parcel 1500, no tax
  {
    name: "one mug to Kuwait, three decimals, no tax there",
    rules: 1,
    wanted: { country: "KW", currency: "KWD", lines: { mug: 1 } },
    sums: [4250, 0, 1500, 0, 5750],
  },
  // 4250-425=3825, no tax
  // parcel 1500, no tax
  {
    name: "a tenth off in fils",
    rules: 1,
    wanted: { country: "KW", currency: "KWD", lines: { mug: 1 }, promotionCodes: ["TEN"] },
    sums: [4250, 425, 1500, 0, 5325],
  },
  // 8125, tax 8125*10/110=738.64 -> 739
  // parcel 1500, tax 1500*10/110=136.36 -> 136
  {
    name: "a shirt to Bahrain, three decimals",
    rules: 1,
    wanted: { country: "BH", currency: "BHD", lines: { shirt: 1 } },
    sums: [8125, 0, 1500, 875, 9625],
  },
  // 16250-1625-1500=13125, tax 13125*10/110=1193.18 -> 1193
  // parcel 1500-1500=0, no tax
  {
    name: "a tenth, 1.500 dinars and free delivery",
    rules: 3,
    wanted: {
      country: "BH",
      currency: "BHD",
      lines: { shirt: 2 },
      promotionCodes: ["TEN", "FIVE", "FREESHIP"],
    },
    sums: [16250, 4625, 1500, 1193, 13125],
  },
  // 1500 over 33375: 191.01, 365.17, 943.82 -> 191 + 365 + 944
  // 4250-191=4059, tax 4059*10/110=369.00 -> 369
  // 8125-365=7760, tax 7760*10/110=705.45 -> 705
  // 21000-944=20056, tax 20056*10/110=1823.27 -> 1823
  // parcel 1500, tax 1500*10/110=136.36 -> 136
  {
    name: "1.500 dinars over three lines",
    rules: 1,
    wanted: {
      country: "BH",
      currency: "BHD",
      lines: { mug: 1, shirt: 1, lamp: 1 },
      promotionCodes: ["FIVE"],
    },
    sums: [33375, 1500, 1500, 3033, 33375],
  },
  // 1399, tax 1399*6.875/100=96.18 -> 96
  // parcel 590, tax 590*6.875/100=40.56 -> 41
  {
    name: "one mug to Minnesota, tax on top",
    rules: 1,
    wanted: { country: "US", currency: "USD", lines: { mug: 1 }, state: "MN" },
    sums: [1399, 0, 590, 137, 2126],
  },
  // 539.8 -> 540
  // 5398-540=4858, tax 4858*6.875/100=333.99 -> 334
  // parcel 590, tax 590*6.875/100=40.56 -> 41
  {
    name: "a tenth off before the tax on top",
    rules: 2,
    wanted: {
      country: "US",
      currency: "USD",
      lines: { shirt: 2 },
      state: "MN",
      promotionCodes: ["TEN"],
    },
    sums: [5398, 540, 590, 375, 5823],
  },
  // 5398-540=4858, tax 4858*6.875/100=333.99 -> 334
  // parcel 590-590=0, no tax
  {
    name: "free delivery is not taxed",
    rules: 3,
    wanted: {
      country: "US",
      currency: "USD",
      lines: { shirt: 2 },
      state: "MN",
      promotionCodes: ["TEN", "FREESHIP"],
    },
    sums: [5398, 1130, 590, 334, 5192],
  },
  // 13980-699=13281, tax 13281*6.875/100=913.07 -> 913
  // parcel 590, tax 590*6.875/100=40.56 -> 41
  {
    name: "5 % off two lamps, tax on top",
    rules: 2,
    wanted: { country: "US", currency: "USD", lines: { lamp: 2 }, state: "MN" },
    sums: [13980, 699, 590, 954, 14825],
  },
  // 1399, no tax
  // parcel 590, no tax
  {
    name: "one mug to Oregon, which taxes nothing",
    rules: 1,
    wanted: { country: "US", currency: "USD", lines: { mug: 1 }, state: "OR" },
    sums: [1399, 0, 590, 0, 1989],
  },
  // 8389 - 7490 = 899: 149.92, 749.08; 124.9, 624.1; 500 over 1124 + 5617: 83.37, 416.63
  // 1399-150-125-83=1041, tax 1041*6.875/100=71.57 -> 72
  // 6990-749-624-417=5200, tax 5200*6.875/100=357.50 -> 358
  // parcel 590, tax 590*6.875/100=40.56 -> 41
  {
    name: "bundle, a tenth, five dollars, tax on top",
    rules: 4,
    wanted: {
      country: "US",
      currency: "USD",
      lines: { mug: 1, lamp: 1 },
      state: "MN",
      promotionCodes: ["COSY", "TEN", "FIVE"],
    },
    sums: [8389, 2148, 590, 471, 7302],
  },
  // 1399, tax 1399*13/100=181.87 -> 182
  // parcel 590, tax 590*13/100=76.70 -> 77
  {
    name: "one mug to Ontario",
    rules: 1,
    wanted: { country: "CA", currency: "USD", lines: { mug: 1 }, state: "ON" },
    sums: [1399, 0, 590, 259, 2248],
  },
  // 99900, tax 99900*18/118=15238.98 -> 15239
  // parcel 29900, tax 29900*18/118=4561.02 -> 4561
  {
    name: "one mug to India",
    rules: 1,
    wanted: { country: "IN", currency: "INR", lines: { mug: 1 } },
    sums: [99900, 0, 29900, 19800, 129800],
  },
  // 399800-39980-50000=309820, tax 309820*18/118=47260.68 -> 47261
  // parcel 29900-29900=0, no tax
  {
    name: "a tenth, 500 rupees, free delivery",
    rules: 3,
    wanted: {
      country: "IN",
      currency: "INR",
      lines: { shirt: 2 },
      promotionCodes: ["TEN", "FIVE", "FREESHIP"],
    },
    sums: [399800, 119880, 29900, 47261, 309820],
  },
  // 6990, tax 6990*21.9512/121.9512=1258.20 -> 1258
  // parcel 1990, tax 1990*21.9512/121.9512=358.20 -> 358
  {
    name: "one mug to Brazil",
    rules: 1,
    wanted: { country: "BR", currency: "BRL", lines: { mug: 1 } },
    sums: [6990, 0, 1990, 1616, 8980],
  },
  // 6990-699=6291, tax 6291*21.9512/121.9512=1132.38 -> 1132
  // parcel 4990, tax 4990*21.9512/121.9512=898.20 -> 898
  {
    name: "a tenth off by express to Brazil",
    rules: 2,
    wanted: {
      country: "BR",
      currency: "BRL",
      lines: { mug: 1 },
      promotionCodes: ["TEN"],
      shippingOption: "express",
    },
    sums: [6990, 699, 4990, 2030, 11281],
  },
  // 1299, no tax
  // parcel 490, no tax
  {
    name: "an export to Serbia is zero-rated",
    rules: 1,
    wanted: { country: "RS", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // 3897-1299=2598, no tax
  // parcel 490-490=0, no tax
  {
    name: "an export with three for two and free delivery",
    rules: 3,
    wanted: {
      country: "RS",
      currency: "EUR",
      lines: { mug: 3 },
      promotionCodes: ["B2G1", "FREESHIP"],
    },
    sums: [3897, 1789, 490, 0, 2598],
  },
];
