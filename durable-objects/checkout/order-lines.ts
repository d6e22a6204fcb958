import type { Line } from "../../schema/checkout.ts";
import type { Money } from "../../schema/money.ts";
import { minus, shareOf } from "../../schema/money.ts";
import type { Checkout } from "./checkout.ts";

type Wanted = { readonly amount?: Money | undefined; readonly lines?: readonly Line[] | undefined };

/**
 * What a call about some lines is worth: their share of what was paid for goods, without the
 * shipping. Undefined when the call names neither an amount nor lines: it then means all that is left.
 */
export function amountOf({ quote }: Checkout, { amount, lines }: Wanted): Money | undefined {
  if (!lines) return amount;
  const goods = minus(quote.total, quote.shipping.amount);
  const worth = lines.reduce((total, { sku, quantity }) => {
    const unit = quote.lines.find((line) => line.sku === sku)?.unitAmount.amountMinor ?? 0;
    return total + unit * quantity;
  }, 0);
  return shareOf(goods, worth, quote.subtotal.amountMinor);
}
