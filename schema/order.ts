import * as z from "zod";
import { LINES_MAX, Line } from "./checkout.ts";
import { CheckoutId, OrderId, ShopId, Sku } from "./ids.ts";
import { Money } from "./money.ts";
import { PaymentMethod, ProviderName } from "./payment.ts";
import { RegionCode } from "./regions.ts";
import { DisputeFact, FulfilmentFact, OrderStatus, PaymentFact } from "./states.ts";

const Pieces = z.array(Line).min(1).max(LINES_MAX);
const oneOf = (body: { amount?: unknown; lines?: unknown }) => !(body.amount && body.lines);
const ONE_OF = "send either an amount or lines";

/** Without an amount or lines everything that is left is refunded. */
export const RefundOrder = z
  .strictObject({ amount: Money.optional(), lines: Pieces.optional() })
  .refine(oneOf, ONE_OF);
export type RefundOrder = z.infer<typeof RefundOrder>;

/** Without an amount or lines everything that is left is captured. */
export const CaptureOrder = z
  .strictObject({
    amount: Money.optional(),
    lines: Pieces.optional(),
    final: z.boolean().optional().describe("true lets go of what is not captured by now"),
  })
  .refine(oneOf, ONE_OF);
export type CaptureOrder = z.infer<typeof CaptureOrder>;

/** Without lines everything that was not sent yet is. */
export const FulfilOrder = z.strictObject({ lines: Pieces.optional() });
export type FulfilOrder = z.infer<typeof FulfilOrder>;

export const OrderLine = z.strictObject({
  sku: Sku,
  quantity: z.int().min(1),
  unitAmount: Money,
  shipsFrom: RegionCode.optional().describe("absent where its stock is the order's own region's"),
});

/**
 * An order as its object last committed it, without personal data: what events carry and stores
 * keep. `version` grows by one with each event; a lower one is old news.
 */
export const Order = z.strictObject({
  orderId: OrderId,
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
  provider: ProviderName,
  providerReference: z.string(),
  /** Orders from before there were several were paid by card. */
  method: PaymentMethod.default("card"),
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
  customerReference: z.string().optional().describe("a pseudonym: it names no person by itself"),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Order = z.infer<typeof Order>;
