import * as z from "zod";
import { CheckoutId, OrderId, ShopId, Sku } from "./ids.ts";
import { Money } from "./money.ts";
import { ProviderName } from "./payment.ts";
import { RegionCode } from "./regions.ts";
import { DisputeFact, FulfilmentFact, OrderStatus, PaymentFact } from "./states.ts";

/** Without an amount everything that is left is refunded. */
export const RefundOrder = z.strictObject({ amount: Money.optional() });
export type RefundOrder = z.infer<typeof RefundOrder>;

export const OrderLine = z.strictObject({ sku: Sku, quantity: z.int().min(1), unitAmount: Money });

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
  customerReference: z.string().optional().describe("a pseudonym: it names no person by itself"),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Order = z.infer<typeof Order>;
