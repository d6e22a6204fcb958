import { sameMoney } from "../../schema/money.ts";
import { saysPlaced } from "./answers.audit.ts";
import {
  type Finding,
  holdsMoney,
  isCancelled,
  isCaptured,
  netReceived,
  unfinished,
  violation,
  type World,
} from "./audited-world.ts";
import type { LedgerRow, OrderRow, Told } from "./dumps.ts";

/** I1: at most one order and one net capture per checkout, never above what was quoted. */
export function* oneCharge(world: World): Iterable<Finding> {
  yield* oneOrder(world);
  for (const [checkoutId, payments] of world.paymentsOf) {
    if (checkoutId === "") continue; // I3 speaks of payments that name no checkout
    const taken = payments.filter((payment) => netReceived(payment) > 0);
    if (taken.length > 1) {
      yield violation(checkoutId, `was charged ${taken.length} times: ${idsOf(taken)}.`);
    }
    for (const payment of payments) yield* withinBounds(payment);
    const order = world.orderOf.get(checkoutId);
    if (order !== undefined) yield* chargedForOrder(order, payments);
  }
  for (const order of world.orders) {
    if (order.provider === undefined) yield* paidByNobody(order);
    else if (world.paymentsOf.has(order.checkoutId)) continue;
    else yield violation(order.orderId, "is an order without any payment at the provider.");
  }
}

/** Only what costs nothing is placed without a provider. */
function* paidByNobody({ orderId, total, captured }: OrderRow): Iterable<Finding> {
  if (total.amountMinor > 0) {
    yield violation(orderId, `costs ${total.amountMinor} and names no provider.`);
  }
  if ((captured?.amountMinor ?? 0) > 0) {
    yield violation(orderId, "says that money was captured, and names no provider.");
  }
}

function* oneOrder({ orders }: World): Iterable<Finding> {
  for (const [checkoutId, rows] of Map.groupBy(orders, (order) => order.checkoutId)) {
    if (rows.length > 1) yield violation(checkoutId, `has ${rows.length} order rows.`);
  }
}

function* withinBounds(payment: LedgerRow): Iterable<Finding> {
  if (payment.amountReceived > payment.amount) {
    yield violation(payment.id, `took ${payment.amountReceived} of ${payment.amount} authorized.`);
  }
  const refunds = payment.refunds.filter(({ status }) => status === "succeeded");
  const refunded = refunds.reduce((sum, { amount }) => sum + amount, 0);
  if (Math.max(refunded, payment.amountRefunded) > payment.amountReceived) {
    yield violation(payment.id, "refunded more than it captured.");
  }
}

function* chargedForOrder(order: OrderRow, payments: readonly LedgerRow[]): Iterable<Finding> {
  if (order.provider === undefined) {
    // A card that was tried before a code made it free, and whose money came late, goes back.
    yield* othersLetGo(order, payments);
    for (const { id } of payments.filter((payment) => netReceived(payment) > 0)) {
      yield unfinished(id, `holds money of ${order.orderId}, which names no provider.`);
    }
    return;
  }
  const own = payments.find((payment) => payment.id === order.providerReference);
  if (own === undefined) {
    yield violation(order.orderId, `names ${order.providerReference}, which is none of its own.`);
    return;
  }
  yield* othersLetGo(order, payments);
  if (order.status === "placed") yield unfinished(order.orderId, "is placed and not captured yet.");
  if (order.status === "capture_failed") {
    yield unfinished(order.orderId, "could not be captured and is not cancelled yet.");
  }
  if (!isCaptured(order)) return;
  // Of an order that is taken in parts, or let go in part, it is what the order says was taken.
  const due = order.payment === "captured" ? order.total : (order.captured ?? order.total);
  if (own.amountReceived !== due.amountMinor) {
    yield violation(order.orderId, `owes ${due.amountMinor}; ${own.amountReceived} was captured.`);
  }
}

function* othersLetGo(order: OrderRow, payments: readonly LedgerRow[]): Iterable<Finding> {
  for (const payment of payments) {
    if (payment.id === order.providerReference || payment.amountCapturable === 0) continue;
    yield unfinished(payment.id, `is still authorized beside ${order.orderId}'s own payment.`);
  }
}

/** I3: all money at a provider belongs to a live order, or goes back without a human. */
export function* noOrphanMoney(world: World): Iterable<Finding> {
  for (const payment of world.ledger) {
    if (payment.status === "processing") yield unfinished(payment.id, "is still processing.");
    if (!holdsMoney(payment)) continue;
    const checkoutId = payment.metadata.checkout_id;
    if (checkoutId === undefined) {
      yield violation(payment.id, "holds money and names no checkout.");
      continue;
    }
    const order = world.orderOf.get(checkoutId);
    const money = netReceived(payment) > 0 ? "captured money" : "an authorization";
    if (order === undefined) {
      yield unfinished(payment.id, `is ${money} of ${checkoutId}, which has no order.`);
    } else if (isCancelled(order)) {
      yield unfinished(payment.id, `is ${money} of ${order.orderId}, which is cancelled.`);
    }
  }
}

/** I6: what was authorized and what the shopper saw is the order's total. */
export function* quotedIsPaid(world: World): Iterable<Finding> {
  for (const order of world.orders) {
    const payments = world.paymentsOf.get(order.checkoutId) ?? [];
    const own = payments.find((payment) => payment.id === order.providerReference);
    const { amountMinor, currency } = order.total;
    if (own !== undefined && (own.amount !== amountMinor || own.currency !== currency)) {
      const authorized = `${own.amount} ${own.currency}`;
      yield violation(
        order.orderId,
        `is ${amountMinor} ${currency}; ${authorized} was authorized.`,
      );
    }
    yield* asTheShopperSaw(order, world.toldOf.get(order.checkoutId) ?? []);
  }
}

function* asTheShopperSaw(order: OrderRow, told: readonly Told[]): Iterable<Finding> {
  const { amountMinor, currency } = order.total;
  for (const answer of told) {
    // Before a decline or a refusal the shopper may have seen another total.
    const seen = saysPlaced(answer) ? answer.expectedTotal : undefined;
    if (seen === undefined || sameMoney(seen, order.total)) continue;
    const shown = `${seen.amountMinor} ${seen.currency}`;
    yield violation(order.orderId, `is ${amountMinor} ${currency}; the shopper saw ${shown}.`);
  }
}

function idsOf(payments: readonly LedgerRow[]): string {
  return payments.map(({ id }) => id).join(", ");
}
