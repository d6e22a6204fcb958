import * as z from "zod";
import { Line } from "./checkout.ts";
import { CheckoutId, ShopId } from "./ids.ts";
import { Money } from "./money.ts";
import { ProviderName, SaleMethod } from "./payment.ts";
import { RegionCode } from "./regions.ts";

/** How one try to pay went, without anything about the shopper. */
const Attempt = z.strictObject({
  attempt: z.int().min(1),
  method: SaleMethod,
  status: z.string(),
  provider: ProviderName.optional(),
  refused: z.string().optional(),
});

/**
 * A checkout was abandoned and its pieces are free again. Where somebody had tried to pay, it says
 * all that an operator needs to call them back, or to look the attempt up at its provider.
 */
export const ReservationExpired = z.strictObject({
  specversion: z.literal("1.0"),
  id: z.string().describe("<checkoutId>/expired: it happens once"),
  source: z.string(),
  type: z.literal("tender.checkout.reservation_expired.v1"),
  subject: CheckoutId,
  time: z.iso.datetime(),
  datacontenttype: z.literal("application/json"),
  shopid: ShopId,
  region: RegionCode,
  data: z.strictObject({
    checkoutId: CheckoutId,
    /** A pseudonym: who it is stands in the checkout alone. */
    customerReference: z.string(),
    lines: z.array(Line),
    total: Money,
    createdAt: z.iso.datetime(),
    attempts: z.array(Attempt),
  }),
});
export type ReservationExpired = z.infer<typeof ReservationExpired>;
