import type { GoldenQuote } from "./golden-shop.ts";

/**
 * States, territories and military posts of countries that tax by state.
 * Worked out on paper from the rules, before the code ran: the arithmetic stands above each.
 */
export const goldenStates: readonly GoldenQuote[] = [
  // 1399*7.25/100=101.43 -> 101
  // parcel 590, not taxed there
  {
    name: "a mug to California, whose tax leaves delivery out",
    rules: 1,
    wanted: {
      country: "US",
      state: "California",
      postalCode: "94105",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 101, 2090],
  },
  // 2699*7.25/100=195.68 -> 196
  // parcel 590, not taxed there
  {
    name: "a shirt to California, written as ISO 3166-2 has it",
    rules: 1,
    wanted: {
      country: "US",
      state: "us-ca",
      postalCode: "94105-1234",
      currency: "USD",
      lines: { shirt: 1 },
    },
    sums: [2699, 0, 590, 196, 3485],
  },
  // 1399*7.25/100=101.43 -> 101
  // parcel 1490, not taxed there
  {
    name: "a mug to California by express",
    rules: 1,
    wanted: {
      country: "US",
      state: " ca ",
      postalCode: "90001",
      currency: "USD",
      lines: { mug: 1 },
      shippingOption: "express",
    },
    sums: [1399, 0, 1490, 101, 2990],
  },
  // 539.8 -> 540
  // 5398-540=4858, tax 4858*7.25/100=352.21 -> 352; parcel 590-590=0
  {
    name: "a tenth off and free delivery in California",
    rules: 3,
    wanted: {
      country: "US",
      state: "CA",
      postalCode: "94105",
      currency: "USD",
      lines: { shirt: 2 },
      promotionCodes: ["TEN", "FREESHIP"],
    },
    sums: [5398, 1130, 590, 352, 5210],
  },
  // 13980-699=13281, tax 13281*7.25/100=962.87 -> 963; parcel not taxed
  {
    name: "two lamps to California save 5 %",
    rules: 2,
    wanted: {
      country: "US",
      state: "CA",
      postalCode: "94105",
      currency: "USD",
      lines: { lamp: 2 },
    },
    sums: [13980, 699, 590, 963, 14834],
  },
  // 1399*4/100=55.96 -> 56
  // parcel 590*4/100=23.60 -> 24
  {
    name: "a mug to New York, whose tax takes delivery in",
    rules: 1,
    wanted: {
      country: "US",
      state: "new  york",
      postalCode: "10001",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 80, 2069],
  },
  // 1399*4/100=55.96 -> 56
  // parcel 590*4/100=23.60 -> 24
  {
    name: "a mug to Fishers Island, among codes of Connecticut",
    rules: 1,
    wanted: { country: "US", state: "NY", postalCode: "06390", currency: "USD", lines: { mug: 1 } },
    sums: [1399, 0, 590, 80, 2069],
  },
  // 1399*6.25/100=87.44 -> 87
  // parcel 590*6.25/100=36.88 -> 37
  {
    name: "a mug to El Paso, among codes of New Mexico",
    rules: 1,
    wanted: {
      country: "US",
      state: "Texas",
      postalCode: "88510",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 124, 2113],
  },
  // 1399*6.25/100=87.44 -> 87
  // parcel 590, not taxed there
  {
    name: "a mug to Andover, among codes of Vermont",
    rules: 1,
    wanted: {
      country: "US",
      state: "Massachusetts",
      postalCode: "05501",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 87, 2076],
  },
  // 1399*7/100=97.93 -> 98
  // parcel 590, not taxed there
  {
    name: "a mug to Washington",
    rules: 1,
    wanted: {
      country: "US",
      state: "Washington, D.C.",
      postalCode: "20001",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 98, 2087],
  },
  // 1399*6.5/100=90.94 -> 91
  // parcel 590, not taxed there
  {
    name: "a mug to Kansas, where delivery is free of tax since July 2023",
    rules: 1,
    wanted: { country: "US", state: "KS", postalCode: "66101", currency: "USD", lines: { mug: 1 } },
    sums: [1399, 0, 590, 91, 2080],
  },
  // 1399*6/100=83.94 -> 84
  // parcel 590, not taxed there
  {
    name: "a mug to Michigan, where delivery is free of tax since April 2023",
    rules: 1,
    wanted: {
      country: "US",
      state: "Michigan",
      postalCode: "48201",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 84, 2073],
  },
  // 1399*6/100=83.94 -> 84
  // parcel 590*6/100=35.40 -> 35
  {
    name: "a mug to Florida, where delivery that cannot be declined is taxed",
    rules: 1,
    wanted: { country: "US", state: "FL", postalCode: "33101", currency: "USD", lines: { mug: 1 } },
    sums: [1399, 0, 590, 119, 2108],
  },
  // Oregon has no sales tax
  {
    name: "a mug to Portland",
    rules: 1,
    wanted: {
      country: "US",
      state: "Oregon",
      postalCode: "97201",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 0, 1989],
  },
  // military post lies in no state
  {
    name: "a mug to a base in Germany",
    rules: 1,
    wanted: {
      country: "US",
      state: "Armed Forces Europe",
      postalCode: "09012",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 0, 1989],
  },
  // military post lies in no state
  {
    name: "a mug to a ship in the Pacific",
    rules: 1,
    wanted: { country: "US", state: "ap", postalCode: "96266", currency: "USD", lines: { mug: 1 } },
    sums: [1399, 0, 590, 0, 1989],
  },
  // military post lies in no state
  {
    name: "a mug to a post in Panama",
    rules: 1,
    wanted: { country: "US", state: "AA", postalCode: "34002", currency: "USD", lines: { mug: 1 } },
    sums: [1399, 0, 590, 0, 1989],
  },
  // 1399*10.5/100=146.90 -> 147
  // parcel 590*10.5/100=61.95 -> 62
  {
    name: "a mug to San Juan as a state",
    rules: 1,
    wanted: {
      country: "US",
      state: "Puerto Rico",
      postalCode: "00901",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 209, 2198],
  },
  // 1399*10.5/100=146.90 -> 147
  // parcel 590*10.5/100=61.95 -> 62
  {
    name: "a mug to San Juan by its own code",
    rules: 1,
    wanted: { country: "PR", postalCode: "00901", currency: "USD", lines: { mug: 1 } },
    sums: [1399, 0, 590, 209, 2198],
  },
  // taxes on sales there are not the buyer's
  {
    name: "a mug to Guam",
    rules: 1,
    wanted: {
      country: "US",
      state: "guam",
      postalCode: "96910",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 0, 1989],
  },
  // taxes on sales there are not the buyer's
  {
    name: "a mug to the Virgin Islands by their own code",
    rules: 1,
    wanted: { country: "VI", postalCode: "00802", currency: "USD", lines: { mug: 1 } },
    sums: [1399, 0, 590, 0, 1989],
  },
  // 1399*13/100=181.87 -> 182
  // parcel 590*13/100=76.70 -> 77
  {
    name: "a mug to Ontario, by name",
    rules: 1,
    wanted: {
      country: "CA",
      state: "Ontario",
      postalCode: "M5V 2T6",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 259, 2248],
  },
  // 1399*5/100=69.95 -> 70
  // parcel 590*5/100=29.50 -> 30
  {
    name: "a mug to Québec, with its accent",
    rules: 1,
    wanted: {
      country: "CA",
      state: "Québec",
      postalCode: "H2X 1Y4",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 100, 2089],
  },
  // 1399*5/100=69.95 -> 70
  // parcel 590*5/100=29.50 -> 30
  {
    name: "a mug to British Columbia, written as ISO 3166-2 has it",
    rules: 1,
    wanted: {
      country: "CA",
      state: "ca-bc",
      postalCode: "V6B 1A1",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 100, 2089],
  },
  // 1399*15/100=209.85 -> 210
  // parcel 590*15/100=88.50 -> 89
  {
    name: "a mug to Newfoundland",
    rules: 1,
    wanted: {
      country: "CA",
      state: "Newfoundland and Labrador",
      postalCode: "A1C 5S7",
      currency: "USD",
      lines: { mug: 1 },
    },
    sums: [1399, 0, 590, 299, 2288],
  },
];
