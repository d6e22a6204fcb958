/** What the simulated carriers charge: a price to begin with and one per kilogram, more abroad. */

export type Service = { readonly code: string; readonly name: string; readonly minor: number };

type Tariff = {
  readonly code: string;
  readonly name: string;
  /** In cents of a euro. */
  readonly base: number;
  readonly perKilogram: number;
  readonly gramsMax: number;
};

const services: Readonly<Record<string, readonly Tariff[]>> = {
  northline: [
    { code: "STD", name: "Northline Standard", base: 590, perKilogram: 90, gramsMax: 31_500 },
    { code: "24H", name: "Northline 24 hours", base: 1190, perKilogram: 190, gramsMax: 31_500 },
  ],
  kestrel: [{ code: "11", name: "Kestrel Air", base: 1490, perKilogram: 320, gramsMax: 70_000 }],
  landpost: [
    { code: "parcel", name: "Landpost parcel", base: 540, perKilogram: 70, gramsMax: 20_000 },
  ],
};

/** Cents of a euro in other currencies' minor units. Others are not sold. */
const minorPerCent: Readonly<Record<string, number>> = {
  ...{ EUR: 1, USD: 1.1, GBP: 0.85, INR: 95, BRL: 6, JPY: 1.6 },
};

const AT_HOME = "DE";
const ABROAD = 1.6;

export function tariffs(
  carrier: string,
  { currency, to, grams }: { currency: string; to: string; grams: number },
): readonly Service[] {
  const rate = minorPerCent[currency];
  if (rate === undefined) return [];
  return (services[carrier] ?? [])
    .filter(({ gramsMax }) => grams <= gramsMax)
    .map(({ code, name, base, perKilogram }) => {
      const cents = (base + perKilogram * (grams / 1000)) * (to === AT_HOME ? 1 : ABROAD);
      return { code, name, minor: Math.round(cents * rate) };
    });
}

/** As the carriers write amounts: "5.90", and yen without a point. */
export function decimals(minor: number, currency: string): string {
  return currency === "JPY" ? String(minor) : (minor / 100).toFixed(2);
}
