/** Thirteen to nineteen digits, perhaps grouped by blanks or dashes as people write them. */
const CANDIDATE = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;

/**
 * How numbers of the schemes begin: Visa, Mastercard, American Express, Discover, Diners, JCB,
 * UnionPay, Maestro. Source: ISO/IEC 7812 ranges as the schemes publish them.
 */
const ISSUER =
  /^(?:4|5[0-8]|2(?:2[2-9]|[3-6]|7[01]|720)|3[47]|6(?:011|22|4[4-9]|5)|3(?:0[0-5]|[689])|35|62|6[37])/;

/** Whether a parsed body holds something that is a card number by length, issuer and check digit. */
export function holdsCardNumber(value: unknown): boolean {
  if (typeof value === "string") return (value.match(CANDIDATE) ?? []).some(isCardNumber);
  if (typeof value === "number") return isCardNumber(String(value));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) => holdsCardNumber(name) || holdsCardNumber(inner),
  );
}

function isCardNumber(candidate: string): boolean {
  const digits = candidate.replaceAll(/[ -]/g, "");
  return /^\d{13,19}$/.test(digits) && ISSUER.test(digits) && hasLuhnDigit(digits);
}

/** Source: ISO/IEC 7812-1, annex B. */
function hasLuhnDigit(digits: string): boolean {
  const total = [...digits].reverse().reduce((sum, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return sum + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return total % 10 === 0;
}
