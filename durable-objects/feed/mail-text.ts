import { moneyInWords } from "../../schema/currency-decimals.ts";
import type { OrderEventType } from "../../schema/events.ts";
import type { OrderId } from "../../schema/ids.ts";
import type { Money } from "../../schema/money.ts";

export type MailText = { readonly subject: string; readonly text: string };

/** What a shopper is told of an event; undefined where it is none of their business. */
export function mailText(
  type: OrderEventType,
  orderId: OrderId,
  amount: Money,
): MailText | undefined {
  const money = moneyInWords(amount);
  if (type === "tender.order.placed.v1") {
    return {
      subject: `Your order ${orderId}`,
      text: `Thank you. We have your order ${orderId} over ${money} and are getting it ready.`,
    };
  }
  if (type === "tender.order.refunded.v1") {
    return {
      subject: `A refund for your order ${orderId}`,
      text: `So far ${money} of your order ${orderId} went back to how you paid.`,
    };
  }
  if (type === "tender.order.cancelled.v1") {
    return {
      subject: `Your order ${orderId} is cancelled`,
      text: `Your order ${orderId} over ${money} is cancelled. What you paid for it goes back to you.`,
    };
  }
  return undefined;
}
