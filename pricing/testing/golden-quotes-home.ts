import type { GoldenQuote } from "./golden-shop.ts";

/**
 * Worked out on paper from the rules of test-golden-shop.ts, before any code ran. The arithmetic of
 * each stands above it: why so much is taken off; each line, what is taken off it in order, its tax.
 */
export const goldenHome: readonly GoldenQuote[] = [
  // 1299, tax 1299*19/119=207.40 -> 207
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "one mug to Germany",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 285, 1789],
  },
  // 2598, tax 2598*19/119=414.81 -> 415
  // 2499, tax 2499*19/119=399.00 -> 399
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "two mugs and a shirt",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { mug: 2, shirt: 1 } },
    sums: [5097, 0, 490, 892, 5587],
  },
  // 1750, tax 1750*7/107=114.49 -> 114
  // parcel 490, tax 490*7/107=32.06 -> 32
  {
    name: "a book at the reduced rate, its parcel too",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { book: 1 } },
    sums: [1750, 0, 490, 146, 2240],
  },
  // 1299, tax 1299*19/119=207.40 -> 207
  // 1750, tax 1750*7/107=114.49 -> 114
  // parcel 490 over 1299 + 1750: 208.76, 281.24 -> 209 + 281; tax 33.37 -> 33, 18.38 -> 18
  {
    name: "a mug and a book, two rates",
    rules: 2,
    wanted: { country: "DE", currency: "EUR", lines: { mug: 1, book: 1 } },
    sums: [3049, 0, 490, 372, 3539],
  },
  // 1299, tax 1299*19/119=207.40 -> 207
  // parcel 1290, tax 1290*19/119=205.97 -> 206
  {
    name: "a mug by express",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { mug: 1 }, shippingOption: "express" },
    sums: [1299, 0, 1290, 413, 2589],
  },
  // 5 % of 19470 = 973.5 -> 974
  // 19470-974=18496, tax 18496*19/119=2953.14 -> 2953
  // parcel 980, tax 980*19/119=156.47 -> 156
  {
    name: "three lamps: over 100.00 saves 5 %, over 5 kg the second step",
    rules: 2,
    wanted: { country: "DE", currency: "EUR", lines: { lamp: 3 } },
    sums: [19470, 974, 980, 3109, 19476],
  },
  // 649; 124.95 -> 125
  // 12980-649=12331, tax 12331*19/119=1968.82 -> 1969
  // 2499-125=2374, tax 2374*19/119=379.04 -> 379
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "two lamps and a shirt save 5 % each",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { lamp: 2, shirt: 1 } },
    sums: [15479, 774, 490, 2426, 15195],
  },
  // 25960-2596=23364, tax 23364*19/119=3730.39 -> 3730
  // parcel 980, tax 980*19/119=156.47 -> 156
  {
    name: "four lamps save 10 %",
    rules: 2,
    wanted: { country: "DE", currency: "EUR", lines: { lamp: 4 } },
    sums: [25960, 2596, 980, 3886, 24344],
  },
  // 129.9 -> 130
  // 1299-130=1169, tax 1169*19/119=186.65 -> 187
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "a tenth off a mug",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { mug: 1 }, promotionCodes: ["TEN"] },
    sums: [1299, 130, 490, 265, 1659],
  },
  // 259.8 -> 260; 249.9 -> 250
  // 2598-260=2338, tax 2338*19/119=373.29 -> 373
  // 2499-250=2249, tax 2249*19/119=359.08 -> 359
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "a tenth off is rounded line by line",
    rules: 1,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { mug: 2, shirt: 1 },
      promotionCodes: ["TEN"],
    },
    sums: [5097, 510, 490, 810, 5077],
  },
  // 1299-500=799, tax 799*19/119=127.57 -> 128
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "five euros off a mug",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { mug: 1 }, promotionCodes: ["FIVE"] },
    sums: [1299, 500, 490, 206, 1289],
  },
  // 500 over 3798: 171.01, 328.99 -> 171 + 329
  // 1299-171=1128, tax 1128*19/119=180.10 -> 180
  // 2499-329=2170, tax 2170*19/119=346.47 -> 346
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "five euros off are split by largest remainder",
    rules: 1,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { mug: 1, shirt: 1 },
      promotionCodes: ["FIVE"],
    },
    sums: [3798, 500, 490, 604, 3788],
  },
  // 500 over 5548: 117.07, 157.71, 225.22 -> 117 + 158 + 225
  // 1299-117=1182, tax 1182*19/119=188.72 -> 189
  // 1750-158=1592, tax 1592*7/107=104.15 -> 104
  // 2499-225=2274, tax 2274*19/119=363.08 -> 363
  // parcel 490 over 3456 + 1592: 335.47, 154.53 -> 335 + 155; tax 53.49 -> 53, 10.14 -> 10
  {
    name: "five euros off over three lines and two rates",
    rules: 2,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { mug: 1, book: 1, shirt: 1 },
      promotionCodes: ["FIVE"],
    },
    sums: [5548, 500, 490, 719, 5538],
  },
  // 3897-1299=2598, tax 2598*19/119=414.81 -> 415
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "three mugs for two",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { mug: 3 }, promotionCodes: ["B2G1"] },
    sums: [3897, 1299, 490, 493, 3088],
  },
  // 2598-1299=1299, tax 1299*19/119=207.40 -> 207
  // 1750, tax 1750*7/107=114.49 -> 114
  // parcel 490 over 1299 + 1750: 209 + 281; tax 33, 18
  {
    name: "of two mugs and a book the cheapest piece is free",
    rules: 2,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { mug: 2, book: 1 },
      promotionCodes: ["B2G1"],
    },
    sums: [4348, 1299, 490, 372, 3539],
  },
  // list 11998 >= 10000; free: two books; 5 %: 249.9 -> 250, 175
  // 4998-250=4748, tax 4748*19/119=758.08 -> 758
  // 7000-3500-175=3325, tax 3325*7/107=217.52 -> 218
  // parcel 490 over 4748 + 3325: 288.18, 201.82 -> 288 + 202; tax 45.98 -> 46, 13.21 -> 13
  {
    name: "six pieces, two free; then 5 % of the rest, two rates",
    rules: 3,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { shirt: 2, book: 4 },
      promotionCodes: ["B2G1"],
    },
    sums: [11998, 3925, 490, 1035, 8563],
  },
  // 7789 - 6990 = 799: 133.25, 665.75 -> 133 + 666
  // 1299-133=1166, tax 1166*19/119=186.17 -> 186
  // 6490-666=5824, tax 5824*19/119=929.88 -> 930
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "mug and lamp together",
    rules: 1,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { mug: 1, lamp: 1 },
      promotionCodes: ["COSY"],
    },
    sums: [7789, 799, 490, 1194, 7480],
  },
  // as one bundle
  // 2598-133=2465, tax 2465*19/119=393.57 -> 394
  // 6490-666=5824, tax 5824*19/119=929.88 -> 930
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "one bundle and a mug besides",
    rules: 1,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { mug: 2, lamp: 1 },
      promotionCodes: ["COSY"],
    },
    sums: [9088, 799, 490, 1402, 8779],
  },
  // 4998, tax 4998*19/119=798.00 -> 798
  // parcel 490-490=0, no tax
  {
    name: "free delivery from 30.00",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { shirt: 2 }, promotionCodes: ["FREESHIP"] },
    sums: [4998, 490, 490, 798, 4998],
  },
  // 1622.5 -> 1623
  // 6490-1623=4867, tax 4867*19/119=777.08 -> 777
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "a quarter off, half a cent rounds up",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { lamp: 1 }, promotionCodes: ["VIP"] },
    sums: [6490, 1623, 490, 855, 5357],
  },
  // 6490 > 2596
  // 25960-6490=19470, tax 19470*19/119=3108.66 -> 3109
  // parcel 980, tax 980*19/119=156.47 -> 156
  {
    name: "the exclusive quarter instead of the automatic tenth",
    rules: 3,
    wanted: { country: "DE", currency: "EUR", lines: { lamp: 4 }, promotionCodes: ["VIP"] },
    sums: [25960, 6490, 980, 3265, 20450],
  },
  // 3500-1750=1750, tax 1750*7/107=114.49 -> 114
  // parcel 490, tax 490*7/107=32.06 -> 32
  {
    name: "half off two books",
    rules: 2,
    wanted: { country: "DE", currency: "EUR", lines: { book: 2 }, promotionCodes: ["READ"] },
    sums: [3500, 1750, 490, 146, 2240],
  },
  // 1299, tax 1299*19/119=207.40 -> 207
  // 1750-875=875, tax 875*7/107=57.24 -> 57
  // parcel 490 over 1299 + 875: 292.78, 197.22 -> 293 + 197; tax 46.78 -> 47, 12.89 -> 13
  {
    name: "half off the book, nothing off the mug",
    rules: 2,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { mug: 1, book: 1 },
      promotionCodes: ["READ"],
    },
    sums: [3049, 875, 490, 324, 2664],
  },
  // 1249.5 -> 1250
  // 4998-1250=3748, tax 3748*19/119=598.42 -> 598
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "the second shirt at half price",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { shirt: 2 }, promotionCodes: ["PAIR"] },
    sums: [4998, 1250, 490, 676, 4238],
  },
  // 7497-1250=6247, tax 6247*19/119=997.42 -> 997
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "three shirts are one pair",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { shirt: 3 }, promotionCodes: ["PAIR"] },
    sums: [7497, 1250, 490, 1075, 6737],
  },
  // 499.8 -> 500
  // 4998-500-500=3998, tax 3998*19/119=638.34 -> 638
  // parcel 490-490=0, no tax
  {
    name: "a tenth, then five euros, then free delivery",
    rules: 3,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { shirt: 2 },
      promotionCodes: ["FREESHIP", "FIVE", "TEN"],
    },
    sums: [4998, 1490, 490, 638, 3998],
  },
  // 259.8 -> 260; list 3897 >= 3000
  // 3897-1299-260=2338, tax 2338*19/119=373.29 -> 373
  // parcel 490-490=0, no tax
  {
    name: "three for two, then a tenth, then free delivery",
    rules: 3,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { mug: 3 },
      promotionCodes: ["TEN", "B2G1", "FREESHIP"],
    },
    sums: [3897, 2049, 490, 373, 2338],
  },
  // 116.6, 582.4; 500 over 1049 + 5242: 83.37, 416.63
  // 1299-133-117-83=966, tax 966*19/119=154.24 -> 154
  // 6490-666-582-417=4825, tax 4825*19/119=770.38 -> 770
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "bundle, then a tenth, then five euros",
    rules: 3,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { mug: 1, lamp: 1 },
      promotionCodes: ["FIVE", "TEN", "COSY"],
    },
    sums: [7789, 1998, 490, 1002, 6281],
  },
  // list 11740; 175, 324.5 -> 325
  // 5250-1750-175=3325, tax 3325*7/107=217.52 -> 218
  // 6490-325=6165, tax 6165*19/119=984.33 -> 984
  // parcel 490-490=0, no tax
  {
    name: "a free book, 5 % of the rest, free delivery, two rates",
    rules: 4,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { book: 3, lamp: 1 },
      promotionCodes: ["B2G1", "FREESHIP"],
    },
    sums: [11740, 2740, 490, 1202, 9490],
  },
  // list 9990 < 10000; half of 3150
  // 3500-350-1575=1575, tax 1575*7/107=103.04 -> 103
  // 6490-649=5841, tax 5841*19/119=932.60 -> 933
  // parcel 490-490=0, no tax
  {
    name: "a tenth, half of the books, free delivery; 0.10 short of the threshold",
    rules: 4,
    wanted: {
      country: "DE",
      currency: "EUR",
      lines: { book: 2, lamp: 1 },
      promotionCodes: ["READ", "TEN", "FREESHIP"],
    },
    sums: [9990, 3064, 490, 1036, 7416],
  },
  // 25980-2598=23382, tax 23382*19/119=3733.26 -> 3733
  // parcel 980, tax 980*19/119=156.47 -> 156
  {
    name: "twenty mugs: 10 % and the second weight step",
    rules: 2,
    wanted: { country: "DE", currency: "EUR", lines: { mug: 20 } },
    sums: [25980, 2598, 980, 3889, 24362],
  },
  // 1299, tax 1299*19/119=207.40 -> 207
  // parcel 490, tax 490*19/119=78.24 -> 78
  {
    name: "a German business in Germany pays the tax",
    rules: 1,
    wanted: { country: "DE", currency: "EUR", lines: { mug: 1 }, vatNumber: "DE123456789" },
    sums: [1299, 0, 490, 285, 1789],
  },
];
