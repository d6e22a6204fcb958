type Scheme = {
  readonly name: string;
  /** First digits, or a first and last of them with as many digits. */
  readonly begins: readonly (string | readonly [string, string])[];
  /** In digits, as issued. */
  readonly lengths: readonly number[];
};

/**
 * How card numbers begin and how long they are, as issued in November 2026.
 *
 * Source: credit-card-type 10.3.0 (Braintree's data; a test holds this table against it). What Braintree does not
 * take (RuPay, PayPak, Napas, Humo, UzCard, GPN) is from common knowledge, without a page that was read: to be compared
 * with https://en.wikipedia.org/wiki/Payment_card_number before anything leans on where one of them begins.
 * Left out: Visa of 13 digits (no longer issued) and 17, UnionPay of 14 and 15, UATP (a travel account, 15 digits that begin with 1).
 * Maestro of fewer than 16 digits is known by its own first digits alone: 50, 56 to 58 and 6 begin the
 * barcodes of Britain, Denmark and China and the telephones of half of Asia.
 */
export const cardSchemes: readonly Scheme[] = [
  { name: "Visa", begins: ["4"], lengths: [16, 18, 19] },
  { name: "Maestro among Visa's", begins: ["493698"], lengths: [16, 17, 18, 19] },
  { name: "Mastercard", begins: [["51", "55"]], lengths: [16] },
  { name: "Mastercard, 2 series", begins: [["2221", "2720"]], lengths: [16] },
  { name: "American Express", begins: ["34", "37"], lengths: [15] },
  {
    name: "Diners Club",
    begins: [["300", "305"], "309", "36", "38", "39"],
    lengths: [14, 16, 17, 18, 19],
  },
  { name: "JCB", begins: [["3528", "3589"]], lengths: [16, 17, 18, 19] },
  { name: "JCB, older", begins: ["1800", "2131"], lengths: [15, 16, 17, 18, 19] },
  // Discover, UnionPay, RuPay, Troy, Elo, Hipercard, Cabal and long numbers of Maestro share the sixes.
  { name: "the sixes", begins: ["6"], lengths: [16, 17, 18, 19] },
  { name: "the fifties", begins: ["50", ["56", "59"]], lengths: [16, 17, 18, 19] },
  {
    name: "Maestro, shorter",
    begins: ["5018", "5020", "5038", "5893", "6304", "6759", ["6761", "6763"]],
    lengths: [12, 13, 14, 15],
  },
  { name: "UnionPay and RuPay in the eighties", begins: ["81", "82"], lengths: [16, 17, 18, 19] },
  { name: "Mir and PayPak", begins: [["2200", "2205"]], lengths: [16, 17, 18, 19] },
  { name: "Troy", begins: ["9792"], lengths: [16] },
  { name: "Napas", begins: ["9704"], lengths: [16, 17, 18, 19] },
  { name: "UzCard and Humo", begins: ["8600", "9860"], lengths: [16] },
  { name: "GPN", begins: ["1946"], lengths: [16, 17, 18, 19] },
];

export const CARD_DIGITS_MIN = Math.min(...cardSchemes.map(({ lengths }) => Math.min(...lengths)));
export const CARD_DIGITS_MAX = 19; // ISO/IEC 7812-1

/** Whether plain digits are a card number by check digit, issuer and a length that it issues. */
export function isCardNumber(digits: string): boolean {
  if (digits.length < CARD_DIGITS_MIN || digits.length > CARD_DIGITS_MAX) return false;
  return hasLuhnDigit(digits) && cardSchemes.some((scheme) => isOf(scheme, digits));
}

function isOf({ begins, lengths }: Scheme, digits: string): boolean {
  if (!lengths.includes(digits.length)) return false;
  return begins.some((begin) => {
    const [first, last] = typeof begin === "string" ? [begin, begin] : begin;
    const own = digits.slice(0, first.length);
    return own >= first && own <= last;
  });
}

/** Source: ISO/IEC 7812-1, annex B. */
function hasLuhnDigit(digits: string): boolean {
  let total = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    total += doubled > 9 ? doubled - 9 : doubled;
  }
  return total % 10 === 0;
}
