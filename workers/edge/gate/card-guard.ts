import { type ProviderEnv, registry } from "../../../payments/providers/registry.ts";
import { ProviderName } from "../../../schema/payment.ts";

/** Groups of digits as people write them: with a blank, dash, dot or underscore between, or two. */
const RUN = /\d+(?:[\s._-]{1,2}\d+)*/g;
const BETWEEN_GROUPS = /[\s._-]+/;

const DIGITS_MIN = 13;
const DIGITS_MAX = 19; // ISO/IEC 7812-1

/**
 * How numbers of the schemes begin: Visa, Mastercard, American Express, Discover, Diners, JCB,
 * UnionPay, Maestro. Source: ISO/IEC 7812 ranges as the schemes publish them.
 */
const ISSUER =
  /^(?:4|5[0-8]|2(?:2[2-9]|[3-6]|7[01]|720)|3[47]|6(?:011|22|4[4-9]|5)|3(?:0[0-5]|[689])|35|62|6[37])/;

/** Whether a parsed body holds something that is a card number by length, issuer and check digit. */
export function holdsCardNumber(value: unknown): boolean {
  if (typeof value === "string") return textHoldsCardNumber(value);
  if (typeof value === "number") return isCardNumber(String(value));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) => holdsCardNumber(name) || holdsCardNumber(inner),
  );
}

/**
 * A body as the guard looks at it: without the test values in providers' tokens that look like a
 * card and that only a test account takes.
 */
export function withoutTestCards(env: ProviderEnv, body: unknown): unknown {
  const { payment } = recordOf(body) ?? {};
  const tokens = recordOf(recordOf(payment)?.tokens);
  if (!tokens) return body;
  const looked = ProviderName.options.flatMap((provider) => {
    const token = recordOf(tokens[provider]);
    const { withoutTestCard } = registry[provider];
    return token && withoutTestCard ? [[provider, withoutTestCard(env, token)]] : [];
  });
  return {
    ...recordOf(body),
    payment: { ...recordOf(payment), tokens: { ...tokens, ...Object.fromEntries(looked) } },
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** Compatibility forms first: full-width digits and no-break blanks are digits and blanks. */
function textHoldsCardNumber(text: string): boolean {
  const runs = text.normalize("NFKC").match(RUN) ?? [];
  return runs.some((run) => run.length >= DIGITS_MIN && someGroupsAreCardNumber(run));
}

/** From each group on: a card number may stand between an order's number and its own expiry. */
function someGroupsAreCardNumber(run: string): boolean {
  const groups = run.split(BETWEEN_GROUPS);
  return groups.some((_group, first) => {
    let digits = "";
    for (const group of groups.slice(first, first + DIGITS_MAX)) {
      digits += group;
      if (digits.length > DIGITS_MAX) return false;
      if (isCardNumber(digits)) return true;
    }
    return false;
  });
}

function isCardNumber(digits: string): boolean {
  const isLong = digits.length >= DIGITS_MIN && digits.length <= DIGITS_MAX;
  return isLong && /^\d+$/.test(digits) && ISSUER.test(digits) && hasLuhnDigit(digits);
}

/** Source: ISO/IEC 7812-1, annex B. */
function hasLuhnDigit(digits: string): boolean {
  const total = [...digits].reverse().reduce((sum, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return sum + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return total % 10 === 0;
}
