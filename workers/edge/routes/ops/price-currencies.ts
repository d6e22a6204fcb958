import { exponentOf } from "../../../../pricing/money-text.ts";
import type { CatalogueProduct } from "../../../../schema/catalogue.ts";
import type { Currency } from "../../../../schema/money.ts";
import { refuse } from "../../../../schema/refusals.ts";

/** What is wrong with the currencies of products' prices, if anything. */
export function unknownIn(products: readonly CatalogueProduct[]) {
  return unknownCurrency(products.flatMap(({ prices }) => prices.map((each) => each.currency)));
}

/** Three capital letters are not yet a currency. */
export function unknownCurrency(currencies: readonly Currency[]) {
  const unknown = currencies.filter((currency) => exponentOf(currency) === undefined);
  if (unknown.length === 0) return undefined;
  return refuse("invalid_request", { issues: unknown.map((each) => `${each}: no currency`) });
}
