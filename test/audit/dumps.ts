import * as z from "zod";
import { Money } from "../../schema/money.ts";
import { OrderStatus } from "../../schema/states.ts";
import { HoldState } from "../../schema/stock.ts";

const Count = z.int().optional();
const OrderLineRow = z.looseObject({
  ...{ sku: z.string(), quantity: z.int(), unitAmount: Money },
  shipsFrom: z.string().optional(),
  ...{ paid: Money.optional(), captured: Money.optional() },
  refunded: z.object({ quantity: z.int(), amount: Money }).optional(),
  ...{ sent: Count, cancelled: Count, returned: Count, restocked: Count },
});
export type OrderLineRow = z.infer<typeof OrderLineRow>;

/**
 * What the auditor reads: the dumps of `GET /v1/ops/dump/*` and a provider's ledger. Only the fields
 * that the API promises are required, so that the auditor judges any instance that keeps the promise.
 */
export const OrderRow = z.looseObject({
  orderId: z.string(),
  checkoutId: z.string(),
  region: z.string(),
  status: OrderStatus,
  total: Money,
  refunded: Money,
  lines: z.array(OrderLineRow),
  /** Absent where the order cost nothing, and only there. */
  provider: z.string().optional(),
  providerReference: z.string().optional(),
  createdAt: z.string(),
  shopId: z.string().optional(),
  version: z.int().optional(),
  payment: z.string().optional(),
  captured: Money.optional(),
  fulfilment: z.string().optional(),
});
export type OrderRow = z.infer<typeof OrderRow>;

const Movements = z.looseObject({
  receipts: z.number(),
  corrections: z.number(),
  transfersIn: z.number(),
  transfersOut: z.number(),
  held: z.number(),
  allocated: z.number(),
  gone: z.number(),
});

const Levels = {
  received: z.number(),
  available: z.number(),
  held: z.number(),
  allocated: z.number(),
  gone: z.number(),
  /** Added up from the movements, where the instance tells them. */
  movements: Movements.optional(),
};

export const StockRow = z.looseObject({
  shopId: z.string().optional(),
  region: z.string(),
  sku: z.string(),
  ...Levels,
  cells: z.array(z.looseObject({ cell: z.int(), ...Levels })).optional(),
  holds: z.array(
    z.looseObject({
      checkoutId: z.string(),
      quantity: z.number(),
      shipped: z.number().optional(),
      state: HoldState,
      expiresAt: z.iso.datetime(),
    }),
  ),
});
export type StockRow = z.infer<typeof StockRow>;

export const EventRow = z.looseObject({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  sequence: z.int(),
  data: OrderRow,
});
export type EventRow = z.infer<typeof EventRow>;

/** Where a feed stands, against the end of its region's log. */
export const FeedRow = z.looseObject({
  region: z.string(),
  feed: z.string(),
  state: z.string(),
  offset: z.int(),
  end: z.int(),
});
export type FeedRow = z.infer<typeof FeedRow>;

/** One payment at the provider. Amounts in minor units; the currency in whatever case it likes. */
export const LedgerRow = z.looseObject({
  id: z.string(),
  status: z.string(),
  currency: z.string().transform((currency) => currency.toUpperCase()),
  amount: z.int(),
  amountReceived: z.int(),
  amountRefunded: z.int(),
  amountCapturable: z.int(),
  metadata: z.looseObject({
    checkout_id: z.string().optional(),
    payment_reference: z.string().optional(),
  }),
  refunds: z.array(z.looseObject({ id: z.string(), amount: z.int(), status: z.string() })),
});
export type LedgerRow = z.infer<typeof LedgerRow>;

/** A line of the simulated Adyen's ledger. */
export const AdyenLedgerRow = z.looseObject({
  merchantReference: z.string(),
  pspReference: z.string(),
  status: z.string(),
  currency: z.string(),
  amount: z.int(),
  amountAuthorised: z.int(),
  amountCaptured: z.int(),
  amountRefunded: z.int(),
  amountCancelled: z.int(),
  modifications: z.array(
    z.looseObject({
      pspReference: z.string(),
      kind: z.string(),
      amount: z.int(),
      status: z.string(),
    }),
  ),
});

/** The same payment in the words of every ledger. Our reference says which checkout it is for. */
export function ledgerRowOf(row: z.infer<typeof AdyenLedgerRow>): LedgerRow {
  const { merchantReference, pspReference, amountCaptured, amountRefunded, modifications } = row;
  const checkoutId = /chk_[a-z]+_[0-9a-z]{26}/.exec(merchantReference)?.[0];
  const isHeld = row.status === "authorised";
  const left = row.amountAuthorised - amountCaptured - row.amountCancelled;
  return {
    id: pspReference,
    status: row.status,
    currency: row.currency,
    amount: row.amount,
    amountReceived: amountCaptured,
    amountRefunded,
    amountCapturable: isHeld ? left : 0,
    metadata: {
      payment_reference: merchantReference,
      ...(checkoutId ? { checkout_id: checkoutId } : {}),
    },
    refunds: modifications
      .filter(({ kind, status }) => kind === "refund" && status === "done")
      .map(({ pspReference: id, amount }) => ({ id, amount, status: "succeeded" })),
  };
}

/**
 * One answer that a shopper got from the load, as the load wrote it down.
 * `status` is 0 where no answer came; `fingerprint` names the payload that was sent.
 */
export type Told = {
  readonly key: string;
  readonly route: string;
  readonly checkoutId?: string | undefined;
  readonly status: number;
  readonly body: unknown;
  readonly fingerprint: string;
  readonly expectedTotal?: Money | undefined;
};

export type Dumps = {
  readonly orders: readonly OrderRow[];
  readonly stock: readonly StockRow[];
  readonly events: readonly EventRow[];
  readonly feeds: readonly FeedRow[];
  readonly ledger: readonly LedgerRow[];
};
