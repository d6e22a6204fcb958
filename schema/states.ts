import * as z from "zod";
import { assert } from "./outcome.ts";

/** Each status names the ones that may follow it. A move outside its table is a bug. */
type Moves<Status extends string> = { readonly [From in Status]: readonly Status[] };

export const CheckoutStatus = z.enum([
  "open",
  "paying",
  "awaiting_shopper",
  "processing",
  "placed",
  "captured",
  "cancelling",
  "cancelled",
  "expired",
  "stuck",
]);
export type CheckoutStatus = z.infer<typeof CheckoutStatus>;

export const checkoutMoves = {
  processing: ["open", "paying", "cancelling", "cancelled", "stuck"],
  open: ["paying", "processing", "cancelling", "cancelled", "expired"],
  paying: ["open", "awaiting_shopper", "processing", "placed", "cancelling", "cancelled", "stuck"],
  awaiting_shopper: ["open", "paying", "placed", "cancelling", "cancelled", "stuck"],
  placed: ["captured", "cancelling", "stuck"],
  // A capture that bounced leaves something to take.
  captured: ["placed", "cancelling", "stuck"],
  cancelling: ["cancelled", "stuck"],
  stuck: [
    "open",
    "processing",
    "paying",
    "placed",
    "captured",
    "cancelling",
    "cancelled",
    "expired",
  ],
  cancelled: [],
  // By an operator, when its stock can be held again.
  expired: ["open", "stuck"],
} as const satisfies Moves<CheckoutStatus>;

/** What a status allows. Ask this table; never write a list of statuses a second time. */
const allowed = {
  pay: ["open"],
  cancel: ["open", "paying", "awaiting_shopper"],
  expire: ["open"],
  holdStock: ["open", "processing", "paying", "awaiting_shopper"],
  patch: ["open"],
  waitOut: ["processing", "paying", "awaiting_shopper"],
  moveMoney: ["placed", "captured"],
} as const satisfies Record<string, readonly CheckoutStatus[]>;

export const checkoutCan = {
  /** An attempt may begin: stock is held and no other attempt is alive. */
  pay: (status: CheckoutStatus) => includes(allowed.pay, status),
  /** The shopper may still call it off; once placed it is the order's cancel. */
  cancel: (status: CheckoutStatus) => includes(allowed.cancel, status),
  /** Lines, address, shipping and codes may change: it is then quoted anew. */
  patch: (status: CheckoutStatus) => includes(allowed.patch, status),
  /** Something is under way that a payment waits out, or takes the place of. */
  waitOut: (status: CheckoutStatus) => includes(allowed.waitOut, status),
  /** Captures, refunds and the order's cancel may be sent to the provider. */
  moveMoney: (status: CheckoutStatus) => includes(allowed.moveMoney, status),
  /** Its lines are set aside for this shopper. */
  holdStock: (status: CheckoutStatus) => includes(allowed.holdStock, status),
  /** Its time may run out: no attempt is alive that could bring money. */
  expire: (status: CheckoutStatus) => includes(allowed.expire, status),
};

export const checkoutHas = {
  /** The shopper's part is over: bought, called off or lapsed. */
  ended: (status: CheckoutStatus) => includes(["captured", "cancelled", "expired"], status),
};

export const PaymentFact = z.enum([
  "authorized",
  "capture_pending",
  "captured",
  "partially_captured",
  "capture_failed",
  "voided",
  "partially_refunded",
  "refunded",
  // The total was zero: there is nothing to take, and never will be.
  "not_required",
]);
export type PaymentFact = z.infer<typeof PaymentFact>;

export const paymentMoves = {
  authorized: [
    "capture_pending",
    "captured",
    "partially_captured",
    "capture_failed",
    "voided",
    // Taken at the provider without our knowledge, and given back by a cancel.
    "refunded",
  ],
  // The provider received the capture and tells its outcome later (decision 18).
  capture_pending: ["captured", "partially_captured", "capture_failed", "voided", "refunded"],
  captured: ["partially_refunded", "refunded", "capture_failed"],
  partially_captured: ["captured", "partially_refunded", "refunded", "capture_failed"],
  // Where the goods had left, the money may be taken once more.
  capture_failed: ["captured", "partially_captured", "partially_refunded", "refunded", "voided"],
  voided: [],
  // A refund may fail days after it was done: then the money is here again.
  partially_refunded: ["refunded", "partially_captured", "captured", "capture_failed"],
  refunded: ["partially_refunded", "partially_captured", "captured", "capture_failed"],
  not_required: [],
} as const satisfies Moves<PaymentFact>;

type Amounts = {
  readonly totalMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
};

/** The payment's fact once money moved: what was taken, less what went back, against the total. */
export function paymentFact({ totalMinor, capturedMinor, refundedMinor }: Amounts): PaymentFact {
  if (refundedMinor > 0) return refundedMinor < capturedMinor ? "partially_refunded" : "refunded";
  if (capturedMinor === 0) return "authorized";
  return capturedMinor < totalMinor ? "partially_captured" : "captured";
}

export const FulfilmentFact = z.enum(["none", "requested", "partial", "fulfilled", "cancelled"]);
export type FulfilmentFact = z.infer<typeof FulfilmentFact>;

export const fulfilmentMoves = {
  none: ["requested", "cancelled"],
  requested: ["partial", "fulfilled", "cancelled"],
  partial: ["fulfilled", "cancelled"],
  fulfilled: [],
  cancelled: [],
} as const satisfies Moves<FulfilmentFact>;

export const DisputeFact = z.enum(["none", "open", "won", "lost"]);
export type DisputeFact = z.infer<typeof DisputeFact>;

export const disputeMoves = {
  none: ["open"],
  open: ["won", "lost"],
  won: ["open"],
  lost: ["open"],
} as const satisfies Moves<DisputeFact>;

/** Answers `to` when the table allows the move (or there is none to make); else it is a bug. */
export function moved<Status extends string>(
  moves: Moves<Status>,
  from: Status,
  to: Status,
): Status {
  assert(from === to || includes(moves[from], to), `${from} never becomes ${to}`);
  return to;
}

export const OrderStatus = z.enum([
  "placed",
  "captured",
  "fulfillment_requested",
  "fulfilled",
  "cancelled",
  "capture_failed",
  "partially_refunded",
  "refunded",
  "disputed",
]);
export type OrderStatus = z.infer<typeof OrderStatus>;

export type OrderFacts = {
  readonly payment: PaymentFact;
  readonly fulfilment: FulfilmentFact;
  readonly dispute: DisputeFact;
};

/** The one word that a person is shown: the most pressing of the three facts. */
export function orderStatus({ payment, fulfilment, dispute }: OrderFacts): OrderStatus {
  if (dispute === "open") return "disputed";
  if (fulfilment === "cancelled" || payment === "voided") return "cancelled";
  if (payment === "capture_failed" || payment === "refunded") return payment;
  if (payment === "partially_refunded") return payment;
  if (fulfilment === "fulfilled") return "fulfilled";
  if (fulfilment !== "none") return "fulfillment_requested";
  return payment === "captured" || payment === "partially_captured" ? "captured" : "placed";
}

function includes<T extends string>(list: readonly T[], value: T): boolean {
  return list.includes(value);
}
