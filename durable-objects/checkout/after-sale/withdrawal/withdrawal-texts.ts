import { wallTime } from "../../../../pricing/time/shop-time.ts";
import type { Line } from "../../../../schema/checkout.ts";
import { orderIdOf } from "../../../../schema/ids.ts";
import { orderNumberOf } from "../../../../schema/order-number.ts";
import type { WithdrawalView } from "../../../../schema/withdrawal.ts";
import type { Checkout } from "../../sale/checkout.ts";
import type { Withdrawal, WithdrawalTerms } from "../../sale/withdrawal.ts";
import { lastDayOf } from "./withdrawal-period.ts";

/**
 * The acknowledgement of receipt: the declaration, its date and its time by the shop's clock.
 *
 * Source: Directive 2011/83/EU, article 11a(4), as amended by Directive (EU) 2023/2673
 */
export function acknowledgementOf(
  checkout: Checkout,
  lines: readonly Line[],
  { nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string },
): string {
  const [day, time] = wallTime(nowMs, timeZone).split("T");
  return [
    `We received your withdrawal on ${day} at ${time} (${timeZone}).`,
    `You declared: ${statementOf(checkout, lines)}`,
    "What you have not got yet will not be sent. Send back what you have got within fourteen days; " +
      "your money goes back to how you paid once it, or the proof that you sent it, is here.",
  ].join("\n\n");
}

/** As the shopper and the API read it. */
export function withdrawalView(
  checkout: Checkout,
  { n, lines, confirmedAtMs, acknowledgement }: Withdrawal,
  terms: WithdrawalTerms,
): WithdrawalView {
  const orderId = orderIdOf(checkout.checkoutId);
  const lastDay = lastDayOf(checkout, terms);
  return {
    ...{ orderId, orderNumber: orderNumberOf(orderId), withdrawal: n },
    status: confirmedAtMs === undefined ? "asked" : "confirmed",
    lines: lines.map((line) => ({ ...line, name: nameOf(checkout, line) })),
    statement: statementOf(checkout, lines),
    ...(lastDay === undefined ? {} : { lastDay }),
    ...(confirmedAtMs === undefined ? {} : { confirmedAt: new Date(confirmedAtMs).toISOString() }),
    ...(acknowledgement === undefined ? {} : { acknowledgement }),
  };
}

function statementOf(checkout: Checkout, lines: readonly Line[]): string {
  const goods = lines.map((line) => `${line.quantity} × ${nameOf(checkout, line)}`).join(", ");
  const number = orderNumberOf(orderIdOf(checkout.checkoutId));
  return `I withdraw from my contract for order ${number}: ${goods}.`;
}

function nameOf({ quote }: Checkout, { sku }: Line): string {
  return quote.lines.find((line) => line.sku === sku)?.name ?? sku;
}
