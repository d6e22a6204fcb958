import { type Currency, type Money, sum, times } from "../schema/money.ts";
import { assert } from "../schema/outcome.ts";
import type { CataloguePrices } from "./catalogue.ts";
import type { Basket } from "./promotion-rules.ts";
import type { Rates } from "./quote-ingredients.ts";
import type { QuoteRequest } from "./quote-request.ts";
import { netOf } from "./tax.ts";
import { netShipping } from "./taxed-parts.ts";

/** Lines in the order of their SKUs: nothing may depend on the order of a cart. */
export function inSkuOrder({ lines }: QuoteRequest, { prices }: CataloguePrices) {
  const bySku = new Map(prices.map((price) => [price.sku, price]));
  return lines
    .toSorted((a, b) => (a.sku < b.sku ? -1 : 1))
    .map(({ sku, quantity }) => {
      const price = bySku.get(sku);
      assert(price, `${sku} has a price`);
      return { ...price, quantity };
    });
}

type Priced = CataloguePrices["prices"][number] & { readonly quantity: number };

/** Lines and shipping as the shelf shows them. */
export function basketOf(
  products: readonly Priced[],
  shipping: Basket["shipping"],
  currency: Currency,
): Basket {
  const lines = products.map(({ sku, name, quantity, unitAmount, facts }) => {
    const line = { sku, name, quantity, unitAmount, amount: times(unitAmount, quantity) };
    return facts ? { ...line, facts } : line;
  });
  return { currency, lines, shipping, subtotal: subtotalOf(lines, currency) };
}

/** For a buyer who accounts for the tax: prices a piece and shipping without it. */
export function withoutTax(
  { currency, lines: shown, shipping, subtotal }: Basket,
  rates: Rates,
): Basket {
  const lines = shown.map((line, at) => {
    const unitAmount = netOf(line.unitAmount, rates.lines[at] ?? rates.shipping);
    return { ...line, unitAmount, amount: times(unitAmount, line.quantity) };
  });
  const goods = shown.map(({ amount }) => amount);
  const units = shown.map(({ unitAmount }) => unitAmount);
  return {
    ...{ currency, lines, subtotal: subtotalOf(lines, currency) },
    shipping: { ...shipping, amount: netShipping(shipping.amount, goods, rates) },
    shelf: { units, rates: rates.lines, subtotal },
  };
}

function subtotalOf(lines: Basket["lines"], currency: Currency): Money {
  return sum(
    lines.map(({ amount }) => amount),
    currency,
  );
}
