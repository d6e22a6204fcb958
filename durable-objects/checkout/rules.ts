import type { PatchCheckout, PayCheckout } from "../../schema/checkout.ts";
import { type Money, sameMoney } from "../../schema/money.ts";
import { assert, type Refusal } from "../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../schema/refusals.ts";
import { checkoutCan } from "../../schema/states.ts";
import type { Checkout } from "./checkout.ts";
import { refundable } from "./money-calls.ts";
import { expiryMs } from "./schedule.ts";

/** Why this call may not pay. Another payment that is still alive is no reason: it is dealt with. */
export function whyNotPay(
  checkout: Checkout,
  { expectedTotal }: PayCheckout,
  nowMs: number,
): Refusal<RefusalCode> | undefined {
  const { status, quote } = checkout;
  if (status === "expired" || (expiryMs(checkout) ?? nowMs + 1) <= nowMs) {
    return refuse("checkout_expired", { expiredAt: quote.expiresAt });
  }
  if (checkoutCan.waitOut(status)) return undefined;
  if (!checkoutCan.pay(status)) return refuse("checkout_not_open", { checkoutStatus: status });
  if (!sameMoney(expectedTotal, quote.total))
    return refuse("quote_changed", { total: quote.total });
  return undefined;
}

/** Why the checkout cannot be called off any more. */
export function whyNotCancel({ status, quote }: Checkout): Refusal<RefusalCode> | undefined {
  if (status === "expired") return refuse("checkout_expired", { expiredAt: quote.expiresAt });
  return checkoutCan.cancel(status)
    ? undefined
    : refuse("checkout_not_open", { checkoutStatus: status });
}

/** Why this amount cannot go back. Only captured money is refunded: before that, the order is cancelled. */
export function whyNotRefund(checkout: Checkout, amount: Money): Refusal<RefusalCode> | undefined {
  const { order, status, cancelRequested } = checkout;
  assert(order, "only an order is refunded");
  const isOver = status === "cancelling" || status === "cancelled" || cancelRequested === true;
  const left = refundable(checkout);
  const fits = amount.currency === left.currency && amount.amountMinor <= left.amountMinor;
  if (!isOver && fits && amount.amountMinor > 0) return undefined;
  return refuse("order_not_refundable", { orderStatus: order.status, left });
}

/** Why a placed order cannot be cancelled any more. */
export function whyNotCancelOrder(checkout: Checkout): Refusal<RefusalCode> | undefined {
  const { order, status, cancelRequested } = checkout;
  assert(order, "only an order is cancelled");
  const isUnderWay = status === "placed" || status === "captured";
  const isShipped = order.fulfilment === "partial" || order.fulfilment === "fulfilled";
  if (isUnderWay && !isShipped && !cancelRequested) return undefined;
  return refuse("order_not_cancellable", { orderStatus: order.status });
}

/** Why the checkout cannot be changed now. */
export function whyNotPatch(
  checkout: Checkout,
  { shippingAddress }: PatchCheckout,
  nowMs: number,
): Refusal<RefusalCode> | undefined {
  const { status, quote, request } = checkout;
  if (status === "expired" || (expiryMs(checkout) ?? nowMs + 1) <= nowMs) {
    return refuse("checkout_expired", { expiredAt: quote.expiresAt });
  }
  if (!checkoutCan.patch(status)) return refuse("checkout_not_open", { checkoutStatus: status });
  const { country } = request;
  if (!shippingAddress || shippingAddress.country === country) return undefined;
  return refuse("country_mismatch", { country, shippingCountry: shippingAddress.country });
}
