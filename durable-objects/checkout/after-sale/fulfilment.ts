import type { Line } from "../../../schema/checkout.ts";
import { type Money, minus, shareOf, sum } from "../../../schema/money.ts";
import { assert } from "../../../schema/outcome.ts";
import type { Checkout, Shipment } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withShipment } from "../sale/checkout-changes.ts";
import { capturable, withQueuedCapture } from "./captures.ts";
import { nextOrder } from "./order.ts";

/** The money is in, or will be as the goods go out: they may be packed. Asked for once. */
export function requestFulfilment(tx: CheckoutTx, nowMs: number): void {
  const { order: before, cancelBecause } = tx.checkout;
  if (cancelBecause || before?.fulfilment !== "none" || before.payment === "refunded") return;
  const order = nextOrder(before, { fulfilment: "requested" }, nowMs);
  tx.save({ ...tx.checkout, order });
  tx.emit("tender.order.fulfillment_requested.v1", order);
}

/** Pieces of each line that are not handed over yet; what is on its way counts as handed over. */
export function unsent(checkout: Checkout): readonly Line[] {
  return piecesBeside(checkout, ({ status }) => status !== "refused");
}

/** Pieces of each line that are in none of these parcels. */
function piecesBeside({ order, shipments = [] }: Checkout, isMeant: (parcel: Shipment) => boolean) {
  assert(order, "only an order is sent");
  const parcels = shipments.filter(isMeant);
  return order.lines
    .map(({ sku, quantity }) => ({ sku, quantity: quantity - piecesOf(parcels, sku) }))
    .filter(({ quantity }) => quantity > 0);
}

function piecesOf(parcels: readonly { readonly lines: readonly Line[] }[], sku: string): number {
  const lines = parcels.flatMap((parcel) => parcel.lines.filter((line) => line.sku === sku));
  return lines.reduce((total, { quantity }) => total + quantity, 0);
}

/** Notes a parcel before its pieces leave the shelf, so that nothing is sent twice. */
export function withParcel(checkout: Checkout, lines: readonly Line[]): Checkout {
  const { shipments = [] } = checkout;
  const parcel = { n: shipments.length + 1, lines, status: "sent" } as const;
  return { ...checkout, shipments: [...shipments, parcel] };
}

/** The parcel has left: the order says so, and where money is taken as goods go out it is due. */
export function recordShipped(tx: CheckoutTx, n: number, nowMs: number): void {
  tx.save(withShipment(tx.checkout, n, { status: "shipped" }));
  // A parcel that is still on its way out may yet be refused for want of pieces.
  const left = piecesBeside(tx.checkout, ({ status }) => status === "shipped");
  const fulfilment = left.length === 0 ? "fulfilled" : "partial";
  const order = nextOrder(tx.checkout.order, { fulfilment }, nowMs);
  tx.save({ ...tx.checkout, order });
  tx.emit("tender.order.fulfillment_updated.v1", order);
  const amount = dueFor(tx.checkout);
  if (amount.amountMinor === 0) return;
  const isLast = fulfilment === "fulfilled";
  tx.save(withQueuedCapture(tx.checkout, { amount, isLast }));
}

/**
 * What is to be captured for the goods that have left so far: their share of the total, the
 * shipping in proportion, less what is or will be taken. A payment that can be captured only once
 * is captured whole with the first parcel: what would be left of it would be let go.
 */
function dueFor(checkout: Checkout): Money {
  const { order, quote, paidBy, captures = [], shipments = [] } = checkout;
  assert(order && paidBy, "only an order is sent");
  const left = capturable(checkout);
  if (paidBy.captureMode !== "on_fulfillment") return minus(left, left);
  if (!paidBy.secured.severalCaptures) return left;
  const sent = shipments.filter(({ status }) => status === "shipped").flatMap(({ lines }) => lines);
  const worth = sent.reduce((total, { sku, quantity }) => {
    const unit = order.lines.find((line) => line.sku === sku)?.unitAmount.amountMinor ?? 0;
    return total + unit * quantity;
  }, 0);
  const share = shareOf(order.total, worth, quote.subtotal.amountMinor);
  const standing = captures.filter(({ status }) => status !== "refused");
  const taken = sum(
    standing.map(({ amount }) => amount),
    order.total.currency,
  );
  // What was captured by hand may be ahead of the goods.
  return share.amountMinor <= taken.amountMinor ? minus(left, left) : minus(share, taken);
}
