import type { Dumps, EventRow, LedgerRow, OrderRow, Told } from "./dumps.ts";

/** The dumps, with the indexes that every check needs. */
export type World = Dumps & {
  readonly told: readonly Told[];
  readonly nowMs: number;
  readonly orderOf: ReadonlyMap<string, OrderRow>;
  readonly paymentsOf: ReadonlyMap<string, readonly LedgerRow[]>;
  readonly eventsOf: ReadonlyMap<string, readonly EventRow[]>;
  readonly toldOf: ReadonlyMap<string, readonly Told[]>;
};

export type AuditInput = Dumps & {
  readonly told?: readonly Told[] | undefined;
  readonly nowMs: number;
};

export function worldOf(input: AuditInput): World {
  const told = input.told ?? [];
  return {
    ...input,
    told,
    orderOf: new Map(input.orders.map((order) => [order.checkoutId, order])),
    paymentsOf: Map.groupBy(input.ledger, (payment) => payment.metadata.checkout_id ?? ""),
    eventsOf: Map.groupBy(input.events, (event) => event.subject),
    toldOf: Map.groupBy(told, (answer) => answer.checkoutId ?? ""),
  };
}

/** `violation`: no waiting can make it right. `unfinished`: it may still settle by itself. */
export type Finding = {
  readonly kind: "violation" | "unfinished";
  readonly subject: string;
  readonly sentence: string;
};

export function violation(subject: string, sentence: string): Finding {
  return { kind: "violation", subject, sentence };
}

export function unfinished(subject: string, sentence: string): Finding {
  return { kind: "unfinished", subject, sentence };
}

type OrderStatus = OrderRow["status"];

/** Once an order shows one of these, its money has been taken. */
const afterCapture: readonly OrderStatus[] = [
  "captured",
  "fulfillment_requested",
  "fulfilled",
  "partially_refunded",
  "refunded",
  "disputed",
];

export function isCaptured(order: OrderRow): boolean {
  return afterCapture.includes(order.status);
}

export function isCancelled(order: OrderRow): boolean {
  return order.status === "cancelled";
}

/** What the provider took and still has. */
export function netReceived(payment: LedgerRow): number {
  return payment.amountReceived - payment.amountRefunded;
}

export function holdsMoney(payment: LedgerRow): boolean {
  return netReceived(payment) > 0 || payment.amountCapturable > 0;
}
