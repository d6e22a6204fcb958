import type { Line, Quote, QuoteLine } from "../../../schema/checkout.ts";
import { type Money, minus, plus, shareOf, sum, zero } from "../../../schema/money.ts";
import type { Checkout } from "../sale/checkout.ts";

type Wanted = { readonly amount?: Money | undefined; readonly lines?: readonly Line[] | undefined };

/**
 * What a call about some lines is worth: their share of what was paid for them, after discounts and
 * with the tax on top, without the shipping. Undefined when the call names neither an amount nor
 * lines: it then means all that is left.
 */
export function amountOf({ quote }: Checkout, { amount, lines }: Wanted): Money | undefined {
  if (!lines) return amount;
  const worth = lines.flatMap(({ sku, quantity }) => {
    const line = quote.lines.find((each) => each.sku === sku);
    return line ? [shareOf(paidFor(line, quote), quantity, line.quantity)] : [];
  });
  return sum(worth, quote.total.currency);
}

function paidFor({ amount, discount, tax, taxClass }: QuoteLine, { taxes }: Quote): Money {
  const nothing = zero(amount.currency);
  const left = minus(amount, discount ?? nothing);
  const isOnTop = taxes.some((each) => each.taxClass === taxClass && !each.inclusive);
  return plus(left, isOnTop ? (tax ?? nothing) : nothing);
}
