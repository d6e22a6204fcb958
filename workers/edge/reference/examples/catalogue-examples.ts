/** What the reference shows of the catalogue. A test parses each against the schema of its call. */

const prices = [
  { currency: "EUR", amountMinor: 1299 },
  {
    ...{ currency: "EUR", amountMinor: 999 },
    ...{ validFrom: "2026-11-27T00:00:00.000Z", validUntil: "2026-12-01T00:00:00.000Z" },
  },
  { currency: "USD", amountMinor: 1399 },
];
const facts = {
  manufacturer: {
    name: "Kilnworks Ltd",
    postalAddress: "1 Potter's Lane, Stoke-on-Trent ST1 1AA, United Kingdom",
    electronicAddress: "safety@kilnworks.example",
  },
  responsiblePerson: {
    name: "Tonwerk GmbH",
    postalAddress: "Torstraße 1, 10119 Berlin, Germany",
    electronicAddress: "https://tonwerk.example/contact",
  },
  warnings: "Hot drinks make the handle hot.",
  tariffCode: "69120023",
  originCountry: "GB",
};
export const productTerms = { name: "Mug", taxClass: "standard", weightGrams: 350, facts, prices };
export const product = { sku: "mug", ...productTerms };
export const productBatch = { products: [product] };
export const productPage = { products: [product], next: "mug" };

export const promotionTerms = {
  ...{ name: "Early access", code: "EARLY", rule: { kind: "percentage", ppm: 150_000 } },
  ...{ exclusive: false, rank: 10, startsAt: "2026-11-27T00:00", endsAt: "2026-12-01T00:00" },
  ...{ usesMax: 500, flag: "early-access" },
};
export const promotion = { promotionId: "early-access", version: 2, ...promotionTerms };

const parcel = { option: "standard", name: "Parcel", rank: 1 };
export const rates = {
  rates: [
    { ...parcel, upToGrams: 2000, amountMinor: 690 },
    { ...parcel, upToGrams: 31_500, amountMinor: 1290 },
  ],
};
export const zone = { country: "CH", zone: "alps" };

export const notices = {
  notices: [
    {
      ...{ kind: "withdrawal", title: "Your right to withdraw" },
      ...{ text: "Within 14 days, without a reason.", url: "https://shop.example/withdrawal" },
    },
    {
      ...{ kind: "legal_guarantee", title: "Legal guarantee of conformity" },
      ...{ url: "https://shop.example/legal-guarantee", countries: ["DE", "FR", "NL"] },
      from: "2026-09-27T00:00",
    },
  ],
};
export const shipsFrom = { shipsFrom: { us: "US" } };
