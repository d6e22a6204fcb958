import type { OrderEvent } from "../schema/events.ts";
import { Order } from "../schema/order.ts";
import { assert } from "../schema/outcome.ts";

/** What of an order has a column of its own: what is searched by, and what must never be wrong. */
type ColumnOf =
  | ("orderId" | "checkoutId" | "shopId" | "region" | "version" | "lines")
  | ("status" | "payment" | "fulfilment" | "dispute" | "provider" | "providerReference")
  | ("total" | "captured" | "refunded" | "customerReference" | "createdAt" | "updatedAt");

/** The rest, kept as JSON: a new fact of `Order` needs no migration (decision 11). */
export type OrderDetails = Omit<Order, ColumnOf>;

/** The columns of a free order's provider are older than free orders: both are filled. */
const NOBODY = { provider: "none", providerReference: "" } as const;

/** An order as both stores keep it. */
export type OrderRow = ReturnType<typeof orderRow>;

export function orderRow(order: Order) {
  const { orderId, checkoutId, shopId, region, version, lines, ...facts } = order;
  const { status, payment, fulfilment, dispute, ...more } = facts;
  const {
    provider = NOBODY.provider,
    providerReference = NOBODY.providerReference,
    ...rest
  } = more;
  const { total, captured, refunded, customerReference, createdAt, updatedAt, ...details } = rest;
  return {
    ...{ orderId, checkoutId, shopId, region, version, lines },
    ...{ status, payment, fulfilment, dispute, provider, providerReference },
    currency: total.currency,
    totalMinor: total.amountMinor,
    capturedMinor: captured.amountMinor,
    refundedMinor: refunded.amountMinor,
    customerReference: customerReference ?? null,
    createdAtMs: Date.parse(createdAt),
    updatedAtMs: Date.parse(updatedAt),
    details: details satisfies OrderDetails,
  };
}

/** What a select of either store answers: the same columns, unchecked. */
type FoundRow = {
  [Column in keyof OrderRow]: OrderRow[Column] extends string ? string : OrderRow[Column];
};

export function toOrder(row: FoundRow): Order {
  const { currency, totalMinor, capturedMinor, refundedMinor, createdAtMs, updatedAtMs, ...same } =
    row;
  const money = (amountMinor: number) => ({ amountMinor, currency });
  const { customerReference, details, provider, providerReference, ...order } = same;
  const parsed = Order.safeParse({
    ...details,
    ...order,
    ...(provider === NOBODY.provider ? {} : { provider, providerReference }),
    ...(customerReference === null ? {} : { customerReference }),
    total: money(totalMinor),
    captured: money(capturedMinor),
    refunded: money(refundedMinor),
    createdAt: new Date(createdAtMs).toISOString(),
    updatedAt: new Date(updatedAtMs).toISOString(),
  });
  assert(parsed.success, `row ${row.orderId} is an order`);
  return parsed.data;
}

/** One row per order, of its latest event alone: each carries the whole order (decision 10). */
export function latestRows(events: readonly OrderEvent[]): readonly OrderRow[] {
  const latest = new Map(
    events
      .toSorted((a, b) => a.sequence - b.sequence)
      .map((event) => [event.subject, event.data] as const),
  );
  return [...latest.values()].map(orderRow);
}

/**
 * Columns that are said when an order is placed and never after. An update leaves them out, and with
 * them the indexes that are of them alone.
 */
export const SAID_ONCE: readonly (keyof OrderRow)[] = [
  ...(["orderId", "checkoutId", "shopId", "region"] as const),
  ...(["currency", "customerReference", "createdAtMs"] as const),
];
