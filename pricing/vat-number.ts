import type { Country } from "../schema/regions.ts";

/**
 * The forms of VAT numbers in the EU's VAT area, without their prefix. The form alone is checked:
 * whether a number is anybody's only VIES knows.
 *
 * Source: https://ec.europa.eu/taxation_customs/vies/#/faq (Q11, structure of VAT numbers)
 */
const forms: Readonly<Record<Country, RegExp>> = {
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
  NL: /^[A-Z\d+*]{10}\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
};

/** Greece writes EL where everybody else writes GR. */
const prefixOf = (country: Country) => (country === "GR" ? "EL" : country);

export function isInVatArea(country: Country): boolean {
  return forms[country] !== undefined;
}

/** Whether this could be a VAT number of the country. Blanks, dots and dashes do not count. */
export function isVatNumber(country: Country, number: string): boolean {
  const plain = number.replaceAll(/[\s.-]/g, "").toUpperCase();
  const prefix = prefixOf(country);
  return plain.startsWith(prefix) && forms[country]?.test(plain.slice(prefix.length)) === true;
}
