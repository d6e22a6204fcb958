import { createHash } from "node:crypto";
import type { ShippingOption } from "./catalogue.ts";
import type { Applied } from "./discounts.ts";
import type { Ingredients, Rates } from "./quote-ingredients.ts";

type Used = {
  readonly applied: readonly Applied[];
  readonly rates: Rates;
  readonly ingredients: Ingredients;
};

/** Names the versions of all that a quote was made from, so that it can be explained later. */
export function versionsOf(
  { option }: ShippingOption,
  { applied, rates, ingredients }: Used,
): Record<string, string> {
  const { prices, table, live, terms } = ingredients;
  const used = prices.prices.map(({ sku, facts: _facts, ...price }) => [sku, price] as const);
  const taxes = new Set(
    [...rates.lines, rates.shipping].map(({ taxClass, validFrom }) => `${taxClass}@${validFrom}`),
  );
  const promotions = applied.map(({ promotion: { promotionId, version } }) => {
    return `${promotionId}@${version}`;
  });
  return {
    prices: digestOf(used.toSorted(([a], [b]) => (a < b ? -1 : 1))).slice(0, 16),
    taxes: [...taxes].join(" "),
    shipping: digestOf([option, table, live.options]).slice(0, 16),
    ...(promotions.length > 0 && { promotions: promotions.join(" "), timeZone: terms.timeZone }),
  };
}

export function digestOf(content: unknown): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}
