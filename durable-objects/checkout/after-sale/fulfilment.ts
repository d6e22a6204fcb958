import type { Line } from "../../../schema/checkout.ts";
import { leftOf, lesser, type Money, plus, sum, zero } from "../../../schema/money.ts";
import { assert } from "../../../schema/outcome.ts";
import type { Checkout } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withShipment } from "../sale/checkout-changes.ts";
import { capturable, type WantedCapture, withQueuedCapture } from "./captures.ts";
import { fulfilmentAfter } from "./lines/fulfilment-fact.ts";
import { lineAccounts } from "./lines/line-accounts.ts";
import { shippingOf, worthOf } from "./lines/line-worth.ts";
import { withLineFacts } from "./lines/order-lines.ts";
import { nextOrder } from "./order.ts";

/** The money is in, or will be as the goods go out: they may be packed. Asked for once. */
export function requestFulfilment(tx: CheckoutTx, nowMs: number): void {
  const { order: before, cancelBecause } = tx.checkout;
  if (cancelBecause || before?.fulfilment !== "none" || before.payment === "refunded") return;
  const order = nextOrder(before, { fulfilment: "requested" }, nowMs);
  tx.save({ ...tx.checkout, order });
  tx.emit("tender.order.fulfillment_requested.v1", order);
}

/** Notes a parcel before its pieces leave the shelf, so that nothing is sent twice. */
export function withParcel(checkout: Checkout, lines: readonly Line[]): Checkout {
  const { shipments = [] } = checkout;
  const parcel = { n: shipments.length + 1, lines, status: "sent" } as const;
  return { ...checkout, shipments: [...shipments, parcel] };
}

/** The parcel has left: the order says so, and where money is taken as goods go out it is due. */
export function recordShipped(tx: CheckoutTx, n: number, nowMs: number): void {
  tx.save(withShipment(tx.checkout, n, { status: "shipped", atMs: nowMs }));
  tellFulfilment(tx, nowMs);
}

/** Tells how the order's goods stand, and queues the money that is due for those that have left. */
export function tellFulfilment(tx: CheckoutTx, nowMs: number): void {
  const fulfilment = fulfilmentAfter(tx.checkout);
  const next = nextOrder(tx.checkout.order, { fulfilment }, nowMs);
  const order = withLineFacts(tx.checkout, next);
  tx.save({ ...tx.checkout, order });
  tx.emit("tender.order.fulfillment_updated.v1", order);
  const due = dueNow(tx.checkout);
  if (due.amount.amountMinor > 0) tx.save(withQueuedCapture(tx.checkout, due));
}

/**
 * What is to be captured for the goods that have left so far: what was paid for them and for carrying
 * them, less what is or will be taken; with the last of them all that is left. A payment that can be
 * captured only once is captured whole with the first parcel: what would be left would be let go.
 */
function dueNow(checkout: Checkout): WantedCapture {
  const { order, paidBy } = checkout;
  assert(order, "only an order is sent");
  const left = capturable(checkout);
  const isLast = order.fulfilment === "fulfilled";
  const hasLeft = isLast || order.fulfilment === "partial";
  if (paidBy?.captureMode !== "on_fulfillment" || !hasLeft)
    return { amount: zero(left.currency), isLast };
  if (!paidBy.secured.severalCaptures) return { amount: left, isLast };
  const parcel = dueByName(checkout);
  return isLast ? { ...parcel, amount: left, isLast } : { ...parcel, isLast };
}

/** Of each line the pieces that have left and that no capture names yet. */
function dueByName(checkout: Checkout) {
  const { captures = [], quote } = checkout;
  const { currency } = quote.total;
  const sent = lineAccounts(checkout, "done");
  const accounts = lineAccounts(checkout, "promised").map((each, at) => {
    const gone = sent[at]?.sent ?? 0;
    return { ...each, gone, covered: Math.max(gone, each.captured) };
  });
  const standing = captures.filter(({ status }) => status !== "refused");
  const sumOf = (amounts: readonly Money[]) => sum(amounts, currency);
  const carried = sumOf(accounts.map((each) => shippingOf(each, { from: 0, to: each.gone })));
  const goods = sumOf(accounts.map((each) => worthOf(each, { from: 0, to: each.covered })));
  const taken = sumOf(standing.map(({ amount }) => amount));
  const takenToCarry = sumOf(standing.flatMap(({ shipping }) => shipping ?? []));
  const lines = accounts
    .map(({ sku, covered, captured }) => ({ sku, quantity: covered - captured }))
    .filter(({ quantity }) => quantity > 0);
  // What was captured by hand may be ahead of the goods.
  const amount = lesser(leftOf(plus(goods, carried), taken), capturable(checkout));
  return { amount, lines, shipping: leftOf(carried, takenToCarry) };
}
