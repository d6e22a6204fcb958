import { isCardNumber } from "./card-schemes.ts";
import { textHoldsCardNumber } from "./card-text.ts";
import { fieldForms, isGtin } from "./field-forms.ts";

/** What a body was found to hold. */
export type Findings = {
  readonly holdsCard: boolean;
  /** SKUs that are barcodes by form and could be cards by chance: only the catalogue tells. */
  readonly doubtfulSkus: readonly string[];
};

type Fields = Readonly<Record<string, unknown>>;
const NONE: Fields = {};

/** Looks for numbers that are a card's by issuer, length and check digit, and no field's own form explains. */
export function findCards(body: unknown): Findings {
  const doubtfulSkus: string[] = [];
  const isCard = (value: unknown, field: string, beside: Fields): boolean => {
    if (typeof value === "number") return isCardNumber(String(value));
    if (typeof value === "string") {
      if (!textHoldsCardNumber(value)) return false;
      if (field !== "sku" || !isGtin(value)) return !fieldForms[field]?.(value, beside);
      doubtfulSkus.push(value);
      return false;
    }
    if (typeof value !== "object" || value === null) return false;
    const fields = Array.isArray(value) ? NONE : (value as Fields);
    return Object.entries(value).some(
      ([name, inner]) => textHoldsCardNumber(name) || isCard(inner, name, fields),
    );
  };
  return { holdsCard: isCard(body, "", NONE), doubtfulSkus };
}

/** Whether the text of one field holds a card number; the field is none that may be in doubt. */
export function fieldHoldsCard(field: string, text: string): boolean {
  return findCards({ [field]: text }).holdsCard;
}

/** Adyen's client component encrypts; in test environments it may send this prefix and digits. */
const ADYEN_TEST_VALUE = /^test_\d{1,19}$/;

/**
 * A body as the guard looks at it: without the test value of Adyen's encrypted card number, which
 * only an Adyen test account takes. It passes through and is stored nowhere, like any encrypted one.
 *
 * Source: https://docs.adyen.com/development-resources/testing/test-card-numbers
 */
export function withoutAdyenTestCard(body: unknown): unknown {
  const { payment } = recordOf(body) ?? {};
  const { tokens } = recordOf(payment) ?? {};
  const card = recordOf(recordOf(tokens)?.adyen);
  if (!card || !ADYEN_TEST_VALUE.test(String(card.encryptedCardNumber))) return body;
  const { encryptedCardNumber: _number, ...adyen } = card;
  return {
    ...recordOf(body),
    payment: { ...recordOf(payment), tokens: { ...recordOf(tokens), adyen } },
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Readonly<Record<string, unknown>>) : undefined;
}
