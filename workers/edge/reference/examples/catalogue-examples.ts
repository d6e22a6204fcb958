/** What the reference shows of the catalogue. A test parses each against the schema of its call. */

const prices = [
  { currency: "EUR", amountMinor: 1299 },
  {
    ...{ currency: "EUR", amountMinor: 999 },
    ...{ validFrom: "2026-11-27T00:00:00.000Z", validUntil: "2026-12-01T00:00:00.000Z" },
  },
  { currency: "USD", amountMinor: 1399 },
];
export const productTerms = { name: "Mug", taxClass: "standard", weightGrams: 350, prices };
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
