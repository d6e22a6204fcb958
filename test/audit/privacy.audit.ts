import { type Finding, violation, type World } from "./audited-world.ts";

const EMAIL = /[\w.+-]+@[\w-]+\.[\w.-]+/;
/** What stories write into the fields that only a sale's own object may know. */
/** A phone cannot be a word: these are of those that are kept free for films (Berlin, 030 23125). */
const PLANTED = /planted-personal-\w+|30 23125 4\d\d|\+4930231254\d\d/;
/** A run of digits as long as a card number, beginning as the large networks' numbers do. */
const CARD_LIKE = /(?<![\w.])[2-6]\d{12,18}(?![\w.])/g;

/** I10, as far as dumps show it: no e-mail address, and nothing that a
 * story planted in a personal field, in an order store, a log or a provider's ledger. */
export function* personalDataAtHome(world: World): Iterable<Finding> {
  for (const { subject, text } of texts(world)) {
    if (EMAIL.test(text)) yield violation(subject, "carries an e-mail address.");
    const planted = PLANTED.exec(text)?.[0];
    if (planted) yield violation(subject, `carries what only its sale knows: ${planted}.`);
  }
}

/** I11, as far as dumps show it: nothing that could be a card number. */
export function* noCardData(world: World): Iterable<Finding> {
  for (const { subject, text } of texts(world)) {
    const numbers = text.match(CARD_LIKE) ?? [];
    if (numbers.some(passesLuhn)) yield violation(subject, "carries a card number.");
  }
}

function* texts({ orders, events, ledger }: World) {
  for (const order of orders) yield { subject: order.orderId, text: JSON.stringify(order) };
  for (const event of events) yield { subject: event.id, text: JSON.stringify(event) };
  for (const payment of ledger) yield { subject: payment.id, text: JSON.stringify(payment) };
}

/** Source: ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  const doubled = [...digits].reverse().map((digit, place) => Number(digit) * (1 + (place % 2)));
  return doubled.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) % 10 === 0;
}
