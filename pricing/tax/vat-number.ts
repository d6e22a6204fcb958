/**
 * The forms of VAT numbers in the EU's VAT area for goods, without their prefix; `XI` is Northern
 * Ireland. The form alone is checked: whether a number is anybody's only VIES knows.
 *
 * Source: https://ec.europa.eu/taxation_customs/vies/#/faq (Q11, structure of VAT numbers), read on
 * 2026-11-30
 */
const forms: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  ES: /^(?:[A-Z]\d{7}[A-Z\d]|\d{8}[A-Z])$/,
  FI: /^\d{8}$/,
  FR: /^[A-HJ-NP-Z\d]{2}\d{9}$/,
  GR: /^\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^(?:\d[A-Z\d+*]\d{5}[A-Z]|\d{7}[A-W][A-I])$/,
  IT: /^\d{11}$/,
  LT: /^(?:\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^[A-Z\d+*]{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^(?:\d{9}|\d{12}|GD[0-4]\d{2}|HA[5-9]\d{2})$/,
};

/** Greece writes EL where everybody else writes GR. */
const prefixOf = (country: string) => (country === "GR" ? "EL" : country);

export function isInVatArea(country: string): boolean {
  return forms[country] !== undefined;
}

/**
 * Whether this could be a VAT number of the country. As people write it: blanks, dots, dashes and
 * slashes do not count, nor do small letters.
 */
export function isVatNumber(country: string, number: string): boolean {
  const plain = number
    .normalize("NFKC")
    .replaceAll(/[\s./·\p{Dash}]/gu, "")
    .toUpperCase();
  const prefix = prefixOf(country);
  return plain.startsWith(prefix) && forms[country]?.test(plain.slice(prefix.length)) === true;
}
