import { canMove, nearestTakable, stepOf } from "../../../payments/amounts.ts";
import { capabilityOf } from "../../../payments/method-capabilities.ts";
import type { Line } from "../../../schema/checkout.ts";
import type { Money } from "../../../schema/money.ts";
import type { RefundLine } from "../../../schema/order.ts";
import { assert, type Refusal } from "../../../schema/outcome.ts";
import { type RefusalCode, refuse } from "../../../schema/refusals.ts";
import { checkoutCan } from "../../../schema/states.ts";
import { type Checkout, hasParcels, isCancelled } from "../sale/checkout.ts";
import { merged } from "../sale/lines.ts";
import { capturable } from "./captures.ts";
import { unsent } from "./lines/line-accounts.ts";
import type { Wanted } from "./lines/wanted-lines.ts";
import { whyNotCancelLines, whyNotCaptureLines, whyNotRefundLines } from "./lines/why-not-lines.ts";
import { refundable } from "./refunds.ts";

/** Why this cannot go back. Only captured money is refunded: before that, the order is cancelled. */
export function whyNotRefund(
  checkout: Checkout,
  wanted: Wanted<RefundLine>,
  nowMs: number,
): Refusal<RefusalCode> | undefined {
  const { order, paidBy } = checkout;
  assert(order, "only an order is refunded");
  const left = refundable(checkout);
  const isByName = wanted.lines !== undefined && left.amountMinor > 0;
  if (isCancelled(checkout) || !(isByName || isWithin(wanted.amount, left))) {
    return refuse("order_not_refundable", { orderStatus: order.status, left });
  }
  const notLeft = isByName ? whyNotRefundLines(checkout, wanted, left) : undefined;
  if (notLeft) return notLeft;
  if (order.dispute === "open") return refuse("order_disputed", { orderStatus: order.status });
  assert(paidBy, "what was captured was paid");
  const { provider, method } = paidBy.secured;
  const endsAtMs = Date.parse(order.createdAt) + (capabilityOf(provider, method)?.refundMs ?? 0);
  if (nowMs <= endsAtMs) return isByName ? undefined : whyNotMove(checkout, wanted.amount, left);
  return refuse("refund_window_over", { method, endedAt: new Date(endsAtMs).toISOString() });
}

/** Why this cannot be captured: it is captured already, let go, or was never that much. */
export function whyNotCapture(
  checkout: Checkout,
  wanted: Wanted,
): Refusal<RefusalCode> | undefined {
  const { order } = checkout;
  assert(order, "only an order is captured");
  const left = capturable(checkout);
  const isByName = wanted.lines !== undefined && left.amountMinor > 0;
  if (isByName && !isCancelled(checkout)) return whyNotCaptureLines(checkout, wanted, left);
  if (isCancelled(checkout) || !isWithin(wanted.amount, left)) {
    return refuse("order_not_capturable", { orderStatus: order.status, left });
  }
  return whyNotMove(checkout, wanted.amount, left);
}

/** Said at once, for the call itself would never be answered: the provider does not count so finely. */
function whyNotMove(
  { paidBy }: Checkout,
  amount: Money,
  left: Money,
): Refusal<RefusalCode> | undefined {
  assert(paidBy, "an order has its payment");
  const { provider } = paidBy.secured;
  if (canMove(provider, amount)) return undefined;
  const nearest = nearestTakable(provider, amount, left);
  const stepMinor = stepOf(provider, amount.currency);
  return refuse("amount_not_takable", { provider, stepMinor, ...(nearest ? { nearest } : {}) });
}

/** Why these pieces cannot be handed over: they are gone already, not asked for, or not paid. */
export function whyNotFulfil(
  checkout: Checkout,
  lines: readonly Line[],
): Refusal<RefusalCode> | undefined {
  const { order } = checkout;
  assert(order, "only an order is sent");
  const left = unsent(checkout);
  const wanted = merged(lines);
  const fits = wanted.every(({ sku, quantity }) =>
    left.some((line) => line.sku === sku && line.quantity >= quantity),
  );
  const isAsked = order.fulfilment === "requested" || order.fulfilment === "partial";
  // Whoever gave all the money back: its goods are nobody's any more.
  const isPaid = order.payment !== "refunded";
  if (isAsked && isPaid && fits && wanted.length > 0 && !isCancelled(checkout)) return undefined;
  const pieces = Object.fromEntries(left.map(({ sku, quantity }) => [sku, quantity]));
  return refuse("order_not_fulfillable", { orderStatus: order.status, left: pieces });
}

function isWithin(amount: Money, left: Money): boolean {
  const isSome = amount.amountMinor > 0 && amount.amountMinor <= left.amountMinor;
  return isSome && amount.currency === left.currency;
}

/** Why a placed order cannot be cancelled any more. */
export function whyNotCancelOrder(checkout: Checkout): Refusal<RefusalCode> | undefined {
  const { order, status, cancelBecause } = checkout;
  assert(order, "only an order is cancelled");
  const isUnderWay = checkoutCan.moveMoney(status);
  if (!isUnderWay || hasParcels(checkout) || cancelBecause) {
    return refuse("order_not_cancellable", { orderStatus: order.status });
  }
  if (order.dispute === "open") return refuse("order_disputed", { orderStatus: order.status });
  return undefined;
}

/** Why these pieces cannot be cancelled by themselves: they are sent, or their money is taken. */
export function whyNotCancelPieces(
  checkout: Checkout,
  wanted: Wanted,
): Refusal<RefusalCode> | undefined {
  const { order, status, cancelBecause } = checkout;
  assert(order, "only an order is cancelled");
  if (!checkoutCan.moveMoney(status) || cancelBecause) {
    return refuse("order_not_cancellable", { orderStatus: order.status });
  }
  return whyNotCancelLines(checkout, wanted, capturable(checkout));
}
