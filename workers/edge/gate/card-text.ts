import { CARD_DIGITS_MAX, CARD_DIGITS_MIN, isCardNumber } from "./card-schemes.ts";

/**
 * Groups of digits as people write a number: with up to three signs between, a comma or semicolon
 * only by itself, for ", " separates the things of a list.
 */
const RUN = /\d+(?:(?:[^\p{L}\p{N},;]{1,3}|[,;])\d+)*/gu;
const BETWEEN_GROUPS = /\D+/;
const DECODINGS_MAX = 3; // a percent sign may itself have been encoded

/** Whether a text holds a card number, however it is spelled: blanks, dashes, scripts, encodings. */
export function textHoldsCardNumber(text: string): boolean {
  return readings(text).some((reading) => {
    if (!mayHoldCardNumber(reading)) return false;
    const runs = withPlainDigits(reading).match(RUN) ?? [];
    return runs.some((run) => run.length >= CARD_DIGITS_MIN && someGroupsAreCardNumber(run));
  });
}

/** The text as it is, and as a form or a page would read it: one reading may hide what another shows. */
function readings(text: string): readonly string[] {
  const found = [text];
  for (let decoded = text; found.length <= DECODINGS_MAX; found.push(decoded)) {
    const next = unescaped(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return found;
}

function unescaped(text: string): string {
  if (!/[%&]/.test(text)) return text;
  return text
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => percentDecoded(bytes))
    .replaceAll(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi, (_all, hex: string, decimal: string) =>
      characterOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
    )
    .replaceAll(/&[a-z]{2,24};/gi, " ");
}

function percentDecoded(bytes: string): string {
  const octets = bytes.match(/[0-9a-f]{2}/gi) ?? [];
  return new TextDecoder().decode(Uint8Array.from(octets, (octet) => Number.parseInt(octet, 16)));
}

function characterOf(codePoint: number): string {
  return codePoint <= 0x10_ff_ff ? String.fromCodePoint(codePoint) : "";
}

/** Nearly every text has too few digits, and costs no more than counting them. */
function mayHoldCardNumber(text: string): boolean {
  let digits = 0;
  for (let index = 0; index < text.length && digits < CARD_DIGITS_MIN; index += 1) {
    const code = text.charCodeAt(index);
    if ((code >= 48 && code <= 57) || code > 127) digits += 1;
  }
  return digits >= CARD_DIGITS_MIN;
}

/** Digits of any script as 0 to 9, without signs that nobody sees. */
function withPlainDigits(text: string): string {
  if (!/[^\t\n\r -~]/.test(text)) return text;
  return text
    .normalize("NFKC")
    .replaceAll(/[\p{DI}\p{Cf}\p{M}]|(?![\t\n\r])\p{Cc}/gu, "")
    .replaceAll(/(?![0-9])\p{Nd}/gu, digitOf);
}

/** Unicode keeps the ten digits of a script side by side, from zero. */
function digitOf(sign: string): string {
  const codePoint = sign.codePointAt(0) ?? 0;
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(codePoint - value - 1))) value += 1;
  return String(value % 10);
}

/** From each group on: a card number may stand between an order's number and its own expiry. */
function someGroupsAreCardNumber(run: string): boolean {
  const groups = run.split(BETWEEN_GROUPS);
  return groups.some((_group, first) => {
    let digits = "";
    for (const group of groups.slice(first, first + CARD_DIGITS_MAX)) {
      digits += group;
      if (digits.length > CARD_DIGITS_MAX) return false;
      if (isCardNumber(digits)) return true;
    }
    return false;
  });
}
