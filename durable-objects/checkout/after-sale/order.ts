import { capabilityOf } from "../../../payments/method-capabilities.ts";
import { orderIdOf } from "../../../schema/ids.ts";
import { compare, zero } from "../../../schema/money.ts";
import type { Order } from "../../../schema/order.ts";
import { orderNumberOf } from "../../../schema/order-number.ts";
import { assert } from "../../../schema/outcome.ts";
import {
  disputeMoves,
  fulfilmentMoves,
  moved,
  type OrderFacts,
  orderStatus,
  paymentMoves,
} from "../../../schema/states.ts";
import { due } from "../sale/cancellation.ts";
import type { Checkout, PaidBy } from "../sale/checkout.ts";
import { withStatus } from "../sale/checkout-changes.ts";
import { withLineFacts } from "./lines/order-lines.ts";

/**
 * The order that a paid and allocated checkout becomes: version 1 of its life. What costs nothing is
 * paid by nothing.
 */
export function placed(
  checkout: Checkout,
  paidBy: PaidBy | undefined,
  nowMs: number,
): Checkout & { readonly order: Order } {
  const { quote, shopId, checkoutId, region, customerReference, hold } = checkout;
  const at = new Date(nowMs).toISOString();
  const payment = paidBy ? "authorized" : "not_required";
  const facts: OrderFacts = { payment, fulfilment: "none", dispute: "none" };
  const orderId = orderIdOf(checkoutId);
  const order: Order = {
    orderId,
    orderNumber: orderNumberOf(orderId),
    checkoutId,
    shopId,
    region,
    version: 1,
    status: orderStatus(facts),
    ...facts,
    total: quote.total,
    captured: zero(quote.total.currency),
    refunded: zero(quote.total.currency),
    lines: quote.lines.map(({ sku, quantity, unitAmount }) => {
      const shipsFrom = hold.from?.[sku];
      return { sku, quantity, unitAmount, ...(shipsFrom ? { shipsFrom } : {}) };
    }),
    ...paidWith(paidBy, nowMs),
    customerReference,
    createdAt: at,
    updatedAt: at,
  };
  const sold = { ...withStatus(checkout, "placed"), ...(paidBy ? { paidBy } : {}) };
  return { ...sold, order: withLineFacts(sold, order) };
}

/** What the order says of its payment at the provider. */
function paidWith(paidBy: PaidBy | undefined, nowMs: number) {
  if (!paidBy) return { method: "none" as const };
  const { provider, reference, method } = paidBy.secured;
  const heldUntilMs = heldUntilMsOf(paidBy, nowMs);
  const until = heldUntilMs === undefined ? undefined : new Date(heldUntilMs).toISOString();
  const named = { provider, providerReference: reference, method };
  return until ? { ...named, authorizedUntil: until } : named;
}

/** Some providers say until when they hold the money, the others at least for how long. */
function heldUntilMsOf({ secured }: PaidBy, nowMs: number): number | undefined {
  const { provider, method, captureBeforeMs, isCaptured } = secured;
  if (isCaptured) return undefined;
  const heldMs = capabilityOf(provider, method)?.authorizationMs;
  return captureBeforeMs ?? (heldMs === undefined ? undefined : nowMs + heldMs);
}

/** The order one version on. Facts move along their tables; anything else is a bug. */
export function nextOrder(
  order: Order | undefined,
  change: Partial<OrderFacts> & Pick<Partial<Order>, "captured" | "refunded" | "moneyBy">,
  nowMs: number,
): Order {
  assert(order, "only a placed sale has an order to change");
  const facts: OrderFacts = {
    payment: moved(paymentMoves, order.payment, change.payment ?? order.payment),
    fulfilment: moved(fulfilmentMoves, order.fulfilment, change.fulfilment ?? order.fulfilment),
    dispute: moved(disputeMoves, order.dispute, change.dispute ?? order.dispute),
  };
  const { captured, refunded } = { ...order, ...change };
  const { moneyBy: _ofBefore, ...before } = order;
  return {
    ...before,
    ...(change.moneyBy ? { moneyBy: change.moneyBy } : {}),
    // When a capture bounces, what was refunded was ours: no more goes back than the books say came.
    captured: compare(captured, refunded) < 0 ? refunded : captured,
    refunded,
    ...facts,
    status: orderStatus(facts),
    version: order.version + 1,
    updatedAt: new Date(nowMs).toISOString(),
  };
}

/** Where a placed sale stands while no money call is out: whether all that will be taken is taken. */
export function statusAtRest(checkout: Checkout): "placed" | "captured" {
  const { order, captures = [] } = checkout;
  assert(order, "only a placed sale has money to take");
  const hasLast = captures.some(({ isLast, status }) => isLast && status === "captured");
  const isAll = order.captured.amountMinor >= due(checkout).amountMinor;
  return hasLast || isAll ? "captured" : "placed";
}
