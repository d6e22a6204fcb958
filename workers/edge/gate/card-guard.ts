import { type ProviderEnv, registry } from "../../../payments/providers/registry.ts";
import { ProviderName } from "../../../schema/payment.ts";
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
