import { moneyInWords } from "../../schema/currency-decimals.ts";
import type { OrderEventType } from "../../schema/events.ts";
import type { OrderId } from "../../schema/ids.ts";
import type { Money } from "../../schema/money.ts";
import { orderNumberOf } from "../../schema/order-number.ts";

export type MailText = { readonly subject: string; readonly text: string };

const told: readonly OrderEventType[] = [
  ...(["tender.order.placed.v1", "tender.order.refunded.v1"] as const),
  ...(["tender.order.cancelled.v1", "tender.order.withdrawn.v1"] as const),
];

/** Whether a shopper gets a mail of such an event. */
export function isTold(type: OrderEventType): boolean {
  return told.includes(type);
}

/** Of an acknowledgement; its text comes from the sale. */
export function withdrawalSubject(orderId: OrderId): string {
  return `We received your withdrawal from order ${orderNumberOf(orderId)}`;
}

/**
 * What a shopper is told of an event; undefined where it is none of their business, or the
 * sale itself has written it.
 */
export function mailText(
  type: OrderEventType,
  orderId: OrderId,
  amount: Money,
): MailText | undefined {
  const money = moneyInWords(amount);
  const number = orderNumberOf(orderId);
  if (type === "tender.order.placed.v1") {
    return {
      subject: `Your order ${number}`,
      text: `Thank you. We have your order ${number} over ${money} and are getting it ready.`,
    };
  }
  if (type === "tender.order.refunded.v1") {
    return {
      subject: `A refund for your order ${number}`,
      text: `So far ${money} of your order ${number} went back to how you paid.`,
    };
  }
  if (type === "tender.order.cancelled.v1") {
    return {
      subject: `Your order ${number} is cancelled`,
      text: `Your order ${number} over ${money} is cancelled. ${whatComesBack(amount)}`,
    };
  }
  return undefined;
}

function whatComesBack({ amountMinor }: Money): string {
  return amountMinor === 0 ? "It cost you nothing." : "What you paid for it goes back to you.";
}
