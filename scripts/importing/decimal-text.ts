import { moneyFrom } from "../../pricing/money-text.ts";
import { isoDecimalsOf, whyNoCurrency } from "../../schema/iso-4217.ts";

/** What stands before the decimals, where a file says so. */
export type DecimalMark = "point" | "comma";

type Read<T> = { readonly value: T } | { readonly wrong: string };
type Parts = { readonly whole: string; readonly fraction: string };

const WHOLE_DIGITS_MAX = 12;

/**
 * An amount as shops write it, in minor units: `12.99`, `12,99`, `1.234,56`, `1,234.56`, `1 234,56`.
 * Never guessed: `1.234` may be a thousand and more, so it is refused unless `mark` says what it is,
 * or the currency has three decimals and it has a point.
 */
export function amountMinorFrom(text: string, currency: string, mark?: DecimalMark): Read<number> {
  const exponent = isoDecimalsOf(currency);
  const whyNot = whyNoCurrency(currency);
  if (whyNot !== undefined || exponent === undefined) return { wrong: whyNot ?? currency };
  const own = mark ?? (exponent === 3 && /^\d+\.\d{3}$/.test(text) ? "point" : undefined);
  const read = partsOf(text, own);
  if ("wrong" in read) return read;
  const { whole, fraction } = read.value;
  if (fraction.replace(/0+$/, "").length > exponent) {
    return { wrong: `${currency} has ${exponent === 0 ? "no" : exponent} decimals` };
  }
  if (whole.length > WHOLE_DIGITS_MAX) return { wrong: "this is more than a price may be" };
  const decimal = exponent === 0 ? whole : `${whole}.${fraction.padEnd(1, "0").slice(0, exponent)}`;
  return { value: moneyFrom(decimal, currency).amountMinor };
}

const GRAMS: Readonly<Record<string, number>> = {
  ...{ g: 1, kg: 1000 },
  // Source: https://www.nist.gov/pml/special-publication-811 (exact)
  ...{ lb: 453.59237, lbs: 453.59237, oz: 28.349523125 },
};

/** A weight in whole grams, rounded: `0.8` of `lbs` is 363. */
export function weightGramsFrom(text: string, unit: string, mark?: DecimalMark): Read<number> {
  const grams = GRAMS[unit.toLowerCase()];
  if (grams === undefined)
    return { wrong: `a weight has a unit of ${Object.keys(GRAMS).join(", ")}` };
  // Nobody sends thousands of kilograms: 1.250 of them has decimals.
  const own = mark ?? (unit === "g" ? undefined : markIn(text));
  const read = partsOf(text.startsWith(".") ? `0${text}` : text, own);
  if ("wrong" in read) return read;
  return { value: Math.round(Number(`${read.value.whole}.${read.value.fraction}`) * grams) };
}

function markIn(text: string): DecimalMark | undefined {
  const marks = text.match(/[.,]/g) ?? [];
  if (marks.length !== 1) return undefined;
  return marks[0] === "." ? "point" : "comma";
}

const NO_NUMBER = "this is no number such as 12.99, 12,99 or 1.234,56";

/** Groups of three, all by the same sign, and then decimals by another one. */
function partsOf(text: string, mark?: DecimalMark): Read<Parts> {
  const spaced = text.trim().replace(/[\s\u00A0\u2009\u202F'’]/g, "_");
  const points = mark ? [mark === "point" ? "." : ","] : decimalMarks(spaced);
  if (points === undefined) {
    const whole = spaced.replace(/[.,]/, "");
    return {
      wrong: `this may have three decimals or be ${whole}: write ${whole}.00, or add --decimal point|comma`,
    };
  }
  const [point = "."] = points;
  const at = spaced.lastIndexOf(point);
  const hasFraction = points.length > 0 && at !== -1;
  const whole = hasFraction ? spaced.slice(0, at) : spaced;
  const fraction = hasFraction ? spaced.slice(at + 1) : "";
  const isGrouped = /^\d{1,3}(?:([.,_])\d{3})(?:\1\d{3})*$/.test(whole);
  const isWhole = /^\d+$/.test(whole) || (isGrouped && !(hasFraction && whole.includes(point)));
  const isFraction = !hasFraction || /^\d+$/.test(fraction);
  if (!isWhole || !isFraction) return { wrong: NO_NUMBER };
  return { value: { whole: whole.replace(/\D/g, ""), fraction } };
}

/** The sign before the decimals, none where there are none; undefined where it could be either. */
function decimalMarks(text: string): readonly string[] | undefined {
  const signs = text.match(/[.,]/g) ?? [];
  const last = signs.at(-1);
  if (last === undefined) return [];
  const isMixed = signs.some((sign) => sign !== last);
  if (isMixed || (signs.length === 1 && text.includes("_"))) return [last];
  if (signs.length > 1) return [];
  return /^[1-9]\d{0,2}[.,]\d{3}$/.test(text) ? undefined : [last];
}
