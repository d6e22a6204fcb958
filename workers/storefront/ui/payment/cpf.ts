const DIGITS = 11;

/**
 * Whether this is a Brazilian tax number by its two check digits, with or without dots and dash.
 * Source: https://www.gov.br/receitafederal (módulo 11)
 */
export function isCpf(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  const isOneDigitOnly = /^(\d)\1*$/.test(digits);
  return (
    digits.length === DIGITS && !isOneDigitOnly && isChecked(digits, 9) && isChecked(digits, 10)
  );
}

/** Whether the digit at `place` follows from those before it. */
function isChecked(digits: string, place: number): boolean {
  const sum = [...digits.slice(0, place)].reduce(
    (total, digit, index) => total + Number(digit) * (place + 1 - index),
    0,
  );
  return ((sum * 10) % 11) % 10 === Number(digits[place]);
}
