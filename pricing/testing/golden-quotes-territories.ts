import type { GoldenQuote } from "./golden-shop.ts";

/**
 * Territories that are not taxed as their country is.
 * Worked out on paper from the rules, before the code ran: the arithmetic stands above each.
 */
export const goldenTerritories: readonly GoldenQuote[] = [
  // 1299*21/121=225.45 -> 225
  // parcel 490*21/121=85.04 -> 85
  {
    name: "a mug to mainland Spain",
    rules: 1,
    wanted: { country: "ES", postalCode: "28013", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 310, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Gran Canaria",
    rules: 1,
    wanted: { country: "ES", postalCode: "35001", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // 259.8 -> 260; leaves the VAT area: no tax
  {
    name: "a tenth off two mugs to Tenerife",
    rules: 2,
    wanted: {
      country: "ES",
      postalCode: "38700",
      currency: "EUR",
      lines: { mug: 2 },
      promotionCodes: ["TEN"],
    },
    sums: [2598, 260, 490, 0, 2828],
  },
  // leaves the VAT area: no tax
  {
    name: "a shirt to Ceuta",
    rules: 1,
    wanted: { country: "ES", postalCode: "51001", currency: "EUR", lines: { shirt: 1 } },
    sums: [2499, 0, 490, 0, 2989],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Melilla",
    rules: 1,
    wanted: { country: "ES", postalCode: "52006", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // leaves the VAT area: no tax, whatever the class
  {
    name: "a mug and a book to Büsingen",
    rules: 2,
    wanted: { country: "DE", postalCode: "78266", currency: "EUR", lines: { mug: 1, book: 1 } },
    sums: [3049, 0, 490, 0, 3539],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Heligoland, written with a D",
    rules: 1,
    wanted: { country: "DE", postalCode: "D-27498", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Livigno",
    rules: 1,
    wanted: { country: "IT", postalCode: "23041", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Livigno by its former code",
    rules: 1,
    wanted: {
      country: "IT",
      postalCode: "23030",
      city: "LIVIGNO (SO)",
      currency: "EUR",
      lines: { mug: 1 },
    },
    sums: [1299, 0, 490, 0, 1789],
  },
  // 1299*22/122=234.25 -> 234
  // parcel 490*22/122=88.36 -> 88
  {
    name: "a mug to a neighbour of Livigno with that code",
    rules: 1,
    wanted: {
      country: "IT",
      postalCode: "23030",
      city: "Valfurva",
      currency: "EUR",
      lines: { mug: 1 },
    },
    sums: [1299, 0, 490, 322, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Campione",
    rules: 1,
    wanted: { country: "IT", postalCode: "22061", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Campione by its former code",
    rules: 1,
    wanted: {
      country: "IT",
      postalCode: "22060",
      city: "Campione d'Italia",
      currency: "EUR",
      lines: { mug: 1 },
    },
    sums: [1299, 0, 490, 0, 1789],
  },
  // 1299*22/122=234.25 -> 234
  // parcel 490*22/122=88.36 -> 88
  {
    name: "a mug to Cabiate, which has that code still",
    rules: 1,
    wanted: {
      country: "IT",
      postalCode: "22060",
      city: "Cabiate",
      currency: "EUR",
      lines: { mug: 1 },
    },
    sums: [1299, 0, 490, 322, 1789],
  },
  // 1299*25.5/125.5=263.94 -> 264
  // parcel 490*25.5/125.5=99.56 -> 100
  {
    name: "a mug to Helsinki",
    rules: 1,
    wanted: { country: "FI", postalCode: "00100", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 364, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Mariehamn in Finland",
    rules: 1,
    wanted: { country: "FI", postalCode: "22100", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Mariehamn on Åland",
    rules: 1,
    wanted: { country: "AX", postalCode: "AX-22100", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // 1299*24/124=251.42 -> 251
  // parcel 490*24/124=94.84 -> 95
  {
    name: "a mug to Athens",
    rules: 1,
    wanted: { country: "GR", postalCode: "105 57", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 346, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Mount Athos",
    rules: 1,
    wanted: { country: "GR", postalCode: "630 86", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // whoever sells from elsewhere exports: no tax
  {
    name: "a mug to Guadeloupe in France",
    rules: 1,
    wanted: { country: "FR", postalCode: "97110", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // whoever sells from elsewhere exports: no tax
  {
    name: "a mug to Réunion by its own code",
    rules: 1,
    wanted: { country: "RE", postalCode: "97400", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Nouméa",
    rules: 1,
    wanted: { country: "FR", postalCode: "98800", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // 1299*20/120=216.50 -> 217
  // parcel 490*20/120=81.67 -> 82
  {
    name: "a mug to Monaco in France",
    rules: 1,
    wanted: { country: "FR", postalCode: "98000", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 299, 1789],
  },
  // 1299*20/120=216.50 -> 217
  // parcel 490*20/120=81.67 -> 82
  {
    name: "a mug to Monaco by its own code",
    rules: 1,
    wanted: { country: "MC", postalCode: "98000", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 299, 1789],
  },
  // 1299*23/123=242.90 -> 243
  // parcel 490*23/123=91.63 -> 92
  {
    name: "a mug to Lisbon",
    rules: 1,
    wanted: { country: "PT", postalCode: "1100-148", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 335, 1789],
  },
  // 1299*16/116=179.17 -> 179
  // parcel 490*16/116=67.59 -> 68
  {
    name: "a mug to the Azores",
    rules: 1,
    wanted: { country: "PT", postalCode: "9500-321", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 247, 1789],
  },
  // 1299*22/122=234.25 -> 234
  // parcel 490*22/122=88.36 -> 88
  {
    name: "a mug to Madeira",
    rules: 1,
    wanted: { country: "PT", postalCode: "9000-017", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 322, 1789],
  },
  // 25960-2596=23364, tax 23364*22/122=4213.18 -> 4213
  // parcel 980*22/122=176.72 -> 177
  {
    name: "four lamps to Madeira save 10 %",
    rules: 2,
    wanted: { country: "PT", postalCode: "9050", currency: "EUR", lines: { lamp: 4 } },
    sums: [25960, 2596, 980, 4390, 24344],
  },
  // 1299*20/120=216.50 -> 217
  // parcel 490*20/120=81.67 -> 82
  {
    name: "a mug to Innsbruck",
    rules: 1,
    wanted: { country: "AT", postalCode: "6020", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 299, 1789],
  },
  // 1299*19/119=207.40 -> 207
  // parcel 490*19/119=78.24 -> 78
  {
    name: "a mug to Jungholz",
    rules: 1,
    wanted: { country: "AT", postalCode: "6691", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 285, 1789],
  },
  // 1299*19/119=207.40 -> 207
  // parcel 490*19/119=78.24 -> 78
  {
    name: "a mug to Mittelberg, written with an A",
    rules: 1,
    wanted: { country: "AT", postalCode: "A-6992", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 285, 1789],
  },
  // 1750*10/110=159.09 -> 159
  // parcel 490*10/110=44.55 -> 45
  {
    name: "a book to Mittelberg",
    rules: 1,
    wanted: { country: "AT", postalCode: "6991", currency: "EUR", lines: { book: 1 } },
    sums: [1750, 0, 490, 204, 2240],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Jersey in the United Kingdom",
    rules: 1,
    wanted: { country: "GB", postalCode: "je2 3ab", currency: "GBP", lines: { mug: 1 } },
    sums: [1099, 0, 420, 0, 1519],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Guernsey by its own code",
    rules: 1,
    wanted: { country: "GG", postalCode: "GY1 1AA", currency: "GBP", lines: { mug: 1 } },
    sums: [1099, 0, 420, 0, 1519],
  },
  // 1099*20/120=183.17 -> 183
  // parcel 420*20/120=70.00 -> 70
  {
    name: "a mug to the Isle of Man",
    rules: 1,
    wanted: { country: "GB", postalCode: "IM1 1AA", currency: "GBP", lines: { mug: 1 } },
    sums: [1099, 0, 420, 253, 1519],
  },
  // 1099*20/120=183.17 -> 183
  // parcel 420*20/120=70.00 -> 70
  {
    name: "a mug to the Isle of Man by its own code",
    rules: 1,
    wanted: { country: "IM", postalCode: "IM1 1AA", currency: "GBP", lines: { mug: 1 } },
    sums: [1099, 0, 420, 253, 1519],
  },
  // 1099*20/120=183.17 -> 183
  // parcel 420*20/120=70.00 -> 70
  {
    name: "a mug to Belfast",
    rules: 1,
    wanted: { country: "GB", postalCode: "BT1 5GS", currency: "GBP", lines: { mug: 1 } },
    sums: [1099, 0, 420, 253, 1519],
  },
  // 1299*25/125=259.80 -> 260
  // parcel 490*25/125=98.00 -> 98
  {
    name: "a mug to Oslo",
    rules: 1,
    wanted: { country: "NO", postalCode: "0150", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 358, 1789],
  },
  // no VAT on Svalbard
  {
    name: "a mug to Longyearbyen",
    rules: 1,
    wanted: { country: "NO", postalCode: "9170", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
  // leaves the VAT area: no tax
  {
    name: "a mug to Samnaun",
    rules: 1,
    wanted: { country: "CH", postalCode: "7563", currency: "EUR", lines: { mug: 1 } },
    sums: [1299, 0, 490, 0, 1789],
  },
];
