import { AMOUNT_MAX_MINOR } from "../schema/amount-limits.ts";
import type { CartLine } from "../schema/cart.ts";
import type { WantedLine } from "../schema/checkout.ts";
import type { Sku } from "../schema/ids.ts";
import { withdrawalOf } from "../schema/iso-4217.ts";
import { type Currency, type Money, sum, timesUpTo } from "../schema/money.ts";
import type { Refusal } from "../schema/outcome.ts";
import { refuse } from "../schema/refusals.ts";
import type { Catalogue } from "./catalogue.ts";

/** Past ten times of what can be charged at all, only that it is too much is of interest. */
const COUNTED_MAX_MINOR = 10 * AMOUNT_MAX_MINOR;

export type Subtotal = { readonly lines: CartLine[]; readonly subtotal: Money };

/**
 * What lines cost now, before shipping, promotions and tax. A line that is no longer sold stays,
 * without a price: the shopper has to see why the checkout will refuse it.
 *
 * Throws: when the catalogue cannot be read.
 */
export async function subtotalOf(
  catalogue: Pick<Catalogue, "prices">,
  lines: readonly WantedLine[],
  currency: Currency,
): Promise<Subtotal> {
  const skus = lines.map(({ sku }) => sku);
  const { prices } = await catalogue.prices(skus, currency);
  const priced = lines.map((line): CartLine => {
    const { sku, quantity } = line;
    const price = prices.find((candidate) => candidate.sku === sku);
    if (!price) return line;
    const { name, unitAmount } = price;
    return {
      ...line,
      name,
      unitAmount,
      amount: timesUpTo(unitAmount, quantity, COUNTED_MAX_MINOR),
    };
  });
  const amounts = priced.flatMap(({ amount }) => (amount ? [amount] : []));
  return { lines: priced, subtotal: sum(amounts, currency) };
}

export type Unsold = Refusal<"unknown_sku" | "currency_not_sold">;

/** Why this SKU cannot be put into a cart of this currency. */
export async function whyNotSold(
  catalogue: Pick<Catalogue, "prices">,
  sku: Sku,
  currency: Currency,
): Promise<Unsold | undefined> {
  const withdrawal = withdrawalOf(currency);
  if (withdrawal) return refuse("currency_not_sold", { skus: [sku], currency, ...withdrawal });
  const { unknownSkus, unpricedSkus } = await catalogue.prices([sku], currency);
  if (unknownSkus.length > 0) return refuse("unknown_sku", { skus: unknownSkus });
  if (unpricedSkus.length === 0) return undefined;
  return refuse("currency_not_sold", { skus: unpricedSkus, currency });
}
