import * as z from "zod";
import { LineNote } from "./buyer.ts";
import { QUANTITY_MAX } from "./checkout.ts";
import { CartId, OrderId, Sku } from "./ids.ts";
import { Currency, Money } from "./money.ts";
import { WrittenCode } from "./promotion.ts";
import { Country } from "./regions.ts";

export const CODES_MAX = 10;

export const CreateCart = z.strictObject({ currency: Currency, country: Country });
export type CreateCart = z.infer<typeof CreateCart>;

export const ChangeCart = CreateCart.partial().refine(
  (change) => Object.keys(change).length > 0,
  "nothing to change",
);
export type ChangeCart = z.infer<typeof ChangeCart>;

export const SetLine = z.strictObject({
  quantity: z.int().min(0).max(QUANTITY_MAX).describe("0 removes the line"),
  note: LineNote.optional().describe("absent, it stays as it is; empty, it goes"),
});

export const SetCodes = z.strictObject({ codes: z.array(WrittenCode).max(CODES_MAX) });

export const CartLine = z.strictObject({
  sku: Sku,
  quantity: z.int(),
  note: LineNote.optional(),
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

/** What of a cart did not come along. */
export const CartCut = z.strictObject({
  sku: Sku.optional(),
  code: z.string().optional(),
  because: z
    .enum(["quantity_limit", "out_of_stock", "cart_full", "note_too_long", "note_stays_home"])
    .describe("a note does not leave the region that it was written in: set it again"),
  wanted: z.int().optional().describe("pieces of both carts together"),
  kept: z.int().optional(),
});
export type CartCut = z.infer<typeof CartCut>;

export const MovedCart = CartView.extend({
  cuts: z.array(CartCut).describe("what did not come along, and why; empty where all did"),
});
export type MovedCart = z.infer<typeof MovedCart>;

export const CartList = z.strictObject({ carts: z.array(CartView) });
