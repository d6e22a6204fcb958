import { audit } from "./audit.ts";
import type { Dumps, EventRow, FeedRow, LedgerRow, OrderRow, StockRow, Told } from "./dumps.ts";

/** One finished sale of two mugs, as the dumps show it: the ground that violations are planted in. */
export const CHECKOUT = "chk_eu_00000000000000000000000001";
export const ORDER = "ord_eu_00000000000000000000000001";
export const NOW = "2026-01-01T12:00:00.000Z";
export const NOW_MS = Date.parse(NOW);

export const order: OrderRow = {
  orderId: ORDER,
  checkoutId: CHECKOUT,
  shopId: "demo",
  region: "eu",
  version: 3,
  status: "fulfillment_requested",
  total: { amountMinor: 2500, currency: "EUR" },
  refunded: { amountMinor: 0, currency: "EUR" },
  lines: [{ sku: "mug", quantity: 2, unitAmount: { amountMinor: 1250, currency: "EUR" } }],
  provider: "stripe",
  providerReference: "pi_1",
  createdAt: "2026-01-01T11:00:00.000Z",
};

export const payment: LedgerRow = {
  id: "pi_1",
  status: "succeeded",
  currency: "EUR",
  amount: 2500,
  amountReceived: 2500,
  amountRefunded: 0,
  amountCapturable: 0,
  metadata: { checkout_id: CHECKOUT },
  refunds: [],
};

export const authorized: LedgerRow = {
  ...payment,
  status: "requires_capture",
  amountReceived: 0,
  amountCapturable: 2500,
};

export const stock: StockRow = {
  shopId: "demo",
  region: "eu",
  sku: "mug",
  received: 10,
  available: 8,
  held: 0,
  allocated: 2,
  gone: 0,
  holds: [
    {
      checkoutId: CHECKOUT,
      quantity: 2,
      state: "allocated",
      expiresAt: "2026-01-01T11:15:00.000Z",
    },
  ],
};

export function event(sequence: number, status: OrderRow["status"]): EventRow {
  return {
    id: `${ORDER}/${sequence}`,
    type: `tender.order.${status}.v1`,
    subject: ORDER,
    sequence,
    data: { ...order, version: sequence, status },
  };
}

export const feed: FeedRow = {
  region: "eu",
  feed: "mail",
  state: "running",
  offset: 3,
  end: 3,
};

export const placed: Told = {
  key: "key-1",
  route: `POST /v1/checkouts/${CHECKOUT}/pay`,
  checkoutId: CHECKOUT,
  status: 200,
  body: { checkoutId: CHECKOUT, orderId: ORDER, status: "placed" },
  fingerprint: "payload-1",
  expectedTotal: { amountMinor: 2500, currency: "EUR" },
};

export const declined: Told = {
  ...placed,
  status: 402,
  body: { status: 402, code: "payment_declined", then: "change_payment" },
};

export const sale: Dumps = {
  orders: [order],
  stock: [stock],
  events: [event(1, "placed"), event(2, "captured"), event(3, "fulfillment_requested")],
  feeds: [feed],
  ledger: [payment],
};

/** A checkout whose shopper left: nothing sold, nothing charged. */
export const nothing: Dumps = { orders: [], stock: [], events: [], feeds: [], ledger: [] };

type Planted = Partial<Dumps> & { readonly told?: readonly Told[]; readonly nowMs?: number };

/** Audits the finished sale with something planted; answers what was found, one line each. */
export function found(planted: Planted, ground: Dumps = sale) {
  const result = audit({ nowMs: NOW_MS, ...ground, ...planted });
  const lines = (findings: typeof result.violations) =>
    findings.map(({ invariant, subject, sentence }) => `${invariant} ${subject} ${sentence}`);
  return { violations: lines(result.violations), unfinished: lines(result.unfinished) };
}

export const clean = { violations: [], unfinished: [] };
