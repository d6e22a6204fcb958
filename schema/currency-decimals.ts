import type { Money } from "./money.ts";

/** Currencies whose minor unit is not a hundredth. Source: ISO 4217, list one, https://www.six-group.com/en/products-services/financial-information/data-standards.html */
const NOT_TWO: readonly (readonly [decimals: number, currencies: string])[] = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  // Metals and funds, which have no minor unit.
  [0, "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA"],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
];

const decimals: ReadonlyMap<string, number> = new Map(
  NOT_TWO.flatMap(([digits, currencies]) =>
    currencies.split(" ").map((currency) => [currency, digits] as const),
  ),
);

/**
 * How many decimals ISO 4217 gives a currency: 2 for EUR and HUF, 0 for JPY, 3 for KWD. Never from
 * Intl, which follows what people in a country do and gives HUF none.
 */
export function decimalsOf(currency: string): number {
  return decimals.get(currency) ?? 2;
}

/** The amount as a decimal without its currency: "12.99", "700", "1.250". No float on the way. */
export function decimalOf({ amountMinor, currency }: Money): `${number}` {
  const places = decimalsOf(currency);
  const digits = String(amountMinor).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places);
  return (fraction ? `${whole}.${fraction}` : whole) as `${number}`;
}

/** An amount as people read it, as `locale` writes it: "€12.99", "HUF 12,990.00", "¥700". */
export function moneyInWords(money: Money, locale = "en"): string {
  return formatOf(locale, money.currency).format(decimalOf(money));
}

/** Making one takes longer than a whole mail: each is made once. Both names come from short lists. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(locale: string, currency: string): Intl.NumberFormat {
  const name = `${locale} ${currency}`;
  const known = formats.get(name);
  if (known) return known;
  const places = decimalsOf(currency);
  const made = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  formats.set(name, made);
  return made;
}
