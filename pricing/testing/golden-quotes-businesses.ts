import type { GoldenQuote } from "./golden-shop.ts";

/**
 * Buyers with a VAT number.
 * Worked out on paper from the rules, before the code ran: the arithmetic stands above each.
 */
export const goldenBusinesses: readonly GoldenQuote[] = [
  // 1099 - 183 = 916; 420 - 70 = 350
  {
    name: "a business in Belfast buys goods as one in the union",
    rules: 2,
    wanted: {
      country: "GB",
      postalCode: "BT1 5GS",
      currency: "GBP",
      lines: { mug: 1 },
      vatNumber: "XI 123 4567 89",
    },
    sums: [916, 0, 350, 0, 1266],
  },
  // 1299 - 251 = 1048; 490 - 95 = 395
  {
    name: "a Greek business, small letters",
    rules: 2,
    wanted: {
      country: "GR",
      postalCode: "10557",
      currency: "EUR",
      lines: { mug: 1 },
      vatNumber: "el 123 456 789",
    },
    sums: [1048, 0, 395, 0, 1443],
  },
  // 1299*21/121=225.45 -> 225, 1299 - 225 = 1074; 490*21/121=85.04 -> 85, 490 - 85 = 405
  {
    name: "a Dutch business, dots",
    rules: 2,
    wanted: {
      country: "NL",
      postalCode: "1012 JS",
      currency: "EUR",
      lines: { mug: 1 },
      vatNumber: "nl 1234.56.789.B01",
    },
    sums: [1074, 0, 405, 0, 1479],
  },
  // 1299 - 207 = 1092; 490 - 78 = 412
  {
    name: "an Austrian business in Jungholz",
    rules: 2,
    wanted: {
      country: "AT",
      postalCode: "6691",
      currency: "EUR",
      lines: { mug: 1 },
      vatNumber: "ATU 1234 5678",
    },
    sums: [1092, 0, 412, 0, 1504],
  },
  // 1299 - 217 = 1082; 490 - 82 = 408
  {
    name: "a business in Monaco has a French number",
    rules: 2,
    wanted: {
      country: "MC",
      postalCode: "98000",
      currency: "EUR",
      lines: { mug: 1 },
      vatNumber: "FR40303265045",
    },
    sums: [1082, 0, 408, 0, 1490],
  },
  // the price of an export
  {
    name: "a Spanish number does not turn an export into reverse charge",
    rules: 2,
    wanted: {
      country: "ES",
      postalCode: "35001",
      currency: "EUR",
      lines: { mug: 1 },
      vatNumber: "ES B-12345678",
    },
    sums: [1299, 0, 490, 0, 1789],
  },
  // the price of an export
  {
    name: "nor does an Italian one in Livigno",
    rules: 2,
    wanted: {
      country: "IT",
      postalCode: "23041",
      currency: "EUR",
      lines: { book: 2 },
      vatNumber: "IT 12345678901",
    },
    sums: [3500, 0, 490, 0, 3990],
  },
  // 6490 + 1299 + 2499 = 10288 with tax, over 10000; 5408 + 1082 + 2082 = 8572 without
  // 5 %: 270.4 -> 270, 54.1 -> 54, 104.1 -> 104
  {
    name: "a threshold fixed with tax is reached by prices with tax",
    rules: 2,
    wanted: {
      country: "FR",
      postalCode: "75001",
      currency: "EUR",
      lines: { lamp: 1, mug: 1, shirt: 1 },
      vatNumber: "FR40303265045",
    },
    sums: [8572, 428, 408, 0, 8552],
  },
  // 1299 + 1750 = 3049 with tax, over 3000; 1082 + 1659 = 2741 without
  // parcel 490 over 1750 + 1299: 281 + 209; 281*5.5/105.5=14.65 -> 15, 209*20/120=34.83 -> 35; 440
  {
    name: "so is the amount from which delivery is free",
    rules: 3,
    wanted: {
      country: "FR",
      postalCode: "75001",
      currency: "EUR",
      lines: { mug: 1, book: 1 },
      promotionCodes: ["FREESHIP"],
      vatNumber: "FR40303265045",
    },
    sums: [2741, 440, 440, 0, 2741],
  },
  // 500*20/120=83.33 -> 83, 500 - 83 = 417
  {
    name: "five euros off were fixed with tax",
    rules: 2,
    wanted: {
      country: "FR",
      postalCode: "75001",
      currency: "EUR",
      lines: { mug: 1 },
      promotionCodes: ["FIVE"],
      vatNumber: "FR40303265045",
    },
    sums: [1082, 417, 408, 0, 1073],
  },
  // 7789 - 6990 = 799 with tax: 133.25, 665.75 -> 133 + 666; 133 - 22 = 111, 666 - 111 = 555
  {
    name: "a bundle's price was fixed with tax",
    rules: 2,
    wanted: {
      country: "FR",
      postalCode: "75001",
      currency: "EUR",
      lines: { mug: 1, lamp: 1 },
      promotionCodes: ["COSY"],
      vatNumber: "FR40303265045",
    },
    sums: [6490, 666, 408, 0, 6232],
  },
];
