import * as z from "zod";
import { QUANTITY_MAX } from "./checkout.ts";
import { CartId, OrderId, Sku } from "./ids.ts";
import { Currency, Money } from "./money.ts";
import { WrittenCode } from "./promotion.ts";
import { Country } from "./regions.ts";

export const CreateCart = z.strictObject({ currency: Currency, country: Country });
export type CreateCart = z.infer<typeof CreateCart>;

export const SetLine = z.strictObject({
  quantity: z.int().min(0).max(QUANTITY_MAX).describe("0 removes the line"),
});

export const SetCodes = z.strictObject({ codes: z.array(WrittenCode).max(10) });

export const CartLine = z.strictObject({
  sku: Sku,
  quantity: z.int(),
  name: z.string().optional(),
  unitAmount: Money.optional().describe("absent when the shop no longer sells it in this currency"),
  amount: Money.optional(),
});
export type CartLine = z.infer<typeof CartLine>;

export const CartView = z.strictObject({
  cartId: CartId,
  version: z.int().min(1).describe("also the ETag: send it as If-Match with a change"),
  currency: Currency,
  country: Country,
  lines: z.array(CartLine),
  promotionCodes: z.array(z.string()),
  subtotal: Money.describe("the lines as priced now; a checkout's quote is binding, this is not"),
  orderId: OrderId.optional().describe("once it was bought: it takes no more changes"),
});
export type CartView = z.infer<typeof CartView>;
