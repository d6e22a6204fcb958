import { type Finding, violation, type World } from "./audited-world.ts";
import type { OrderLineRow, OrderRow } from "./dumps.ts";

/** I14: of each line and of the whole order, no piece and no cent counts twice or beyond what was paid. */
export function* linesAddUp({ orders }: World): Iterable<Finding> {
  for (const order of orders) {
    // Orders of before their lines were accounts say nothing of them.
    if (order.lines.every(({ paid }) => paid === undefined)) continue;
    for (const line of order.lines) yield* lineAddsUp(order, line);
    yield* moneyAddsUp(order);
  }
}

function* lineAddsUp({ orderId, fulfilment }: OrderRow, line: OrderLineRow): Iterable<Finding> {
  const { sku, quantity, sent = 0, cancelled = 0, returned = 0, restocked = 0 } = line;
  const name = `${orderId}/${sku}`;
  if (sent + cancelled > quantity) {
    yield violation(name, `has ${quantity} pieces: ${sent} were sent and ${cancelled} cancelled.`);
  }
  if (returned > sent) yield violation(name, `sent ${sent} pieces, and ${returned} came back.`);
  if (restocked > returned) {
    yield violation(name, `has ${restocked} pieces on the shelf again; ${returned} came back.`);
  }
  const isOver = fulfilment === "fulfilled" || fulfilment === "cancelled";
  if (isOver && sent + cancelled < quantity) {
    yield violation(name, `is ${fulfilment}; ${quantity - sent - cancelled} pieces are left.`);
  }
  const refunded = line.refunded?.quantity ?? 0;
  if (refunded > quantity) yield violation(name, `refunded ${refunded} of ${quantity} pieces.`);
  const { paid, captured, back } = moneyOf(line);
  if (captured > paid) yield violation(name, `captured ${captured}; ${paid} was paid for it.`);
  if (back > captured) yield violation(name, `refunded ${back}; ${captured} was captured for it.`);
}

/** The lines' sums, and the shipping's as what the order has beside them. */
function* moneyAddsUp(order: OrderRow): Iterable<Finding> {
  const lines = order.lines.map(moneyOf);
  const sumOf = (what: "paid" | "captured" | "back") =>
    lines.reduce((sum, line) => sum + line[what], 0);
  const carried = order.total.amountMinor - sumOf("paid");
  const captured = (order.captured?.amountMinor ?? sumOf("captured")) - sumOf("captured");
  const back = order.refunded.amountMinor - sumOf("back");
  if (carried < 0) yield violation(order.orderId, `is ${-carried} below what its lines were paid.`);
  if (captured < 0 || captured > Math.max(carried, 0)) {
    yield violation(order.orderId, `captured ${captured} beside its lines; ${carried} is there.`);
  }
  if (back < 0 || back > Math.max(captured, 0)) {
    yield violation(order.orderId, `refunded ${back} beside its lines, of ${captured}.`);
  }
}

function moneyOf({ paid, captured, refunded }: OrderLineRow) {
  return {
    paid: paid?.amountMinor ?? 0,
    captured: captured?.amountMinor ?? 0,
    back: refunded?.amount.amountMinor ?? 0,
  };
}
