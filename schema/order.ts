import * as z from "zod";
import { CheckoutView, LINES_MAX, Line } from "./checkout.ts";
import { CheckoutId, OrderId, ShopId, Sku } from "./ids.ts";
import { Money } from "./money.ts";
import { OrderNumber } from "./order-number.ts";
import { ProviderName, SaleMethod } from "./payment.ts";
import { RegionCode } from "./regions.ts";
import { DisputeFact, FulfilmentFact, OrderStatus, PaymentFact } from "./states.ts";

const Pieces = z.array(Line).min(1).max(LINES_MAX);
const oneOf = (body: { amount?: unknown; lines?: unknown }) => !(body.amount && body.lines);
const ONE_OF = "send either an amount or lines";
/** The same in JSON Schema, for those who read the reference by machine. */
const SAID_ONE_OF = { not: { required: ["amount", "lines"] } };

const WithShipping = z
  .boolean()
  .optional()
  .describe("with lines: true adds their part of the shipping");

/** Pieces whose money goes back, and where they are to go. */
export const RefundLine = Line.extend({
  then: z
    .enum(["restock", "write_off", "cancel"])
    .optional()
    .describe(
      "sent pieces came back, and are on the shelf again or written off; or pieces are not sent " +
        "yet, and will not be. Absent: they stay where they are",
    ),
});
export type RefundLine = z.infer<typeof RefundLine>;

/** Without an amount or lines everything that is left is refunded. */
export const RefundOrder = z
  .strictObject({
    amount: Money.optional(),
    lines: z.array(RefundLine).min(1).max(LINES_MAX).optional(),
    shipping: WithShipping,
  })
  .refine(oneOf, ONE_OF)
  .meta(SAID_ONE_OF);
export type RefundOrder = z.infer<typeof RefundOrder>;

/** Without an amount or lines everything that is left is captured. */
export const CaptureOrder = z
  .strictObject({
    amount: Money.optional(),
    lines: Pieces.optional(),
    shipping: WithShipping,
    final: z.boolean().optional().describe("true lets go of what is not captured by now"),
  })
  .refine(oneOf, ONE_OF)
  .meta(SAID_ONE_OF);
export type CaptureOrder = z.infer<typeof CaptureOrder>;

/** Without lines the whole order is cancelled; with lines only these, before they are sent or paid. */
export const CancelOrder = z.strictObject({ lines: Pieces.optional(), shipping: WithShipping });
export type CancelOrder = z.infer<typeof CancelOrder>;

/** Without lines everything that was not sent yet is. */
export const FulfilOrder = z.strictObject({ lines: Pieces.optional() });
export type FulfilOrder = z.infer<typeof FulfilOrder>;

const Count = z.int().min(1).optional();

/** Each line is an account. What is nothing is absent. */
export const OrderLine = z.strictObject({
  sku: Sku,
  quantity: z.int().min(1),
  unitAmount: Money,
  shipsFrom: RegionCode.optional().describe("absent where its stock is the order's own region's"),
  paid: Money.optional().describe(
    "for all its pieces: after discounts, with tax that comes on top and import duties",
  ),
  captured: Money.optional().describe("of what was paid for it; the shipping is beside the lines"),
  refunded: z
    .strictObject({ quantity: z.int().min(0), amount: Money })
    .optional()
    .describe("pieces that were refunded by name, and its part of all that went back"),
  sent: Count.describe("pieces that were handed over"),
  cancelled: Count.describe("pieces that will not be sent"),
  returned: Count.describe("pieces that came back from the shopper"),
  restocked: Count.describe("of those that came back: on the shelf again"),
  withdrawn: Count.describe("pieces that the shopper withdrew from"),
  awaited: Count.describe("of those: handed over, and still to come back"),
  received: Count.describe("of those: they, or the proof that they were sent back, came"),
  returnRefused: Count.describe("of those: not taken back"),
  neverSentBack: Count.describe("of those: the shopper kept them"),
});
export type OrderLine = z.infer<typeof OrderLine>;

/**
 * An order as its object last committed it, without personal data: what events carry and stores
 * keep. `version` grows by one with each event; a lower one is old news.
 */
export const Order = z.strictObject({
  orderId: OrderId,
  orderNumber: OrderNumber.optional().describe("what people call it"),
  checkoutId: CheckoutId,
  shopId: ShopId,
  region: RegionCode,
  version: z.int().min(1),
  status: OrderStatus,
  payment: PaymentFact,
  fulfilment: FulfilmentFact,
  dispute: DisputeFact,
  total: Money,
  captured: Money,
  refunded: Money,
  lines: z.array(OrderLine).min(1),
  provider: ProviderName.optional().describe("absent where the total was zero: nobody was asked"),
  providerReference: z.string().optional(),
  /** Orders from before there were several were paid by card. */
  method: SaleMethod.default("card"),
  authorizedUntil: z.iso
    .datetime()
    .optional()
    .describe("captures must come before; absent where everything was taken at once"),
  moneyBy: z
    .literal("provider")
    .optional()
    .describe(
      "this version's money moved without a call of yours: in the provider's dashboard, by a bank or by time",
    ),
  withdrawals: z
    .array(
      z.strictObject({
        withdrawal: z.int().min(1),
        confirmedAt: z.iso.datetime(),
        lines: z.array(Line).min(1),
      }),
    )
    .optional()
    .describe("declarations of the shopper to withdraw from the contract"),
  customerReference: z.string().optional().describe("a pseudonym: it names no person by itself"),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Order = z.infer<typeof Order>;

/** What a call that buys or changes an order is answered: the sale, and the order once it is placed. */
export const CheckoutWithOrder = CheckoutView.extend({ order: Order.optional() });
