import { minus, plus, splitInSteps } from "../../../../schema/money.ts";
import type { RefundLine } from "../../../../schema/order.ts";
import type { Checkout } from "../../sale/checkout.ts";
import { stepMinorOf } from "../lines/provider-step.ts";
import { type Wanted, wantedRefund } from "../lines/wanted-lines.ts";
import { refundable } from "../refunds.ts";

/**
 * What goes back for withdrawn pieces: what was paid for them, and their part of the delivery as far
 * as the least expensive standard one would have cost. Who chose a dearer one pays the difference.
 *
 * Source: Directive 2011/83/EU, article 13(1) and (2)
 */
export function wantedBack(checkout: Checkout, lines: readonly RefundLine[]): Wanted<RefundLine> {
  const body = { lines: [...lines], shipping: true };
  const wanted = wantedRefund(checkout, body, refundable(checkout));
  const { shipping: carried } = wanted;
  const { paidBy, quote } = checkout;
  const chosen = quote.shipping.amount;
  const offered = [chosen, ...(quote.shippingOptions ?? []).map(({ amount }) => amount)];
  const least = offered.reduce((a, b) => (b.amountMinor < a.amountMinor ? b : a));
  if (!carried || least.amountMinor === chosen.amountMinor) return wanted;
  const weights = [least, minus(chosen, least)];
  const step = stepMinorOf(paidBy, carried.currency);
  const [shipping = carried] = splitInSteps(carried, weights, step);
  return { ...wanted, amount: plus(minus(wanted.amount, carried), shipping), shipping };
}
