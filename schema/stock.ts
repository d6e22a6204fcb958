import * as z from "zod";
import { CheckoutId, ShopId, Sku } from "./ids.ts";
import { RegionCode } from "./regions.ts";

/** received = available + held + allocated + gone, each at least 0, at every instant. */
export const StockLevels = z.strictObject({
  received: z.int().min(0),
  available: z.int().min(0),
  held: z.int().min(0),
  allocated: z.int().min(0),
  gone: z.int().min(0),
});
export type StockLevels = z.infer<typeof StockLevels>;

/** Pieces that arrived. The same `movementId` counts once, however often it is told. */
export const StockReceipt = z.strictObject({
  region: RegionCode,
  sku: Sku,
  quantity: z.int().min(1).max(10_000_000),
  movementId: z.string().regex(/^[A-Za-z0-9:._-]{1,100}$/),
});
export type StockReceipt = z.infer<typeof StockReceipt>;

/** A count that found more pieces, or with a negative quantity fewer, than there should be. */
export const StockCorrection = StockReceipt.extend({
  quantity: z
    .int()
    .min(-10_000_000)
    .max(10_000_000)
    .refine((quantity) => quantity !== 0, "nothing to correct"),
});
export type StockCorrection = z.infer<typeof StockCorrection>;

export const HoldState = z.enum(["held", "allocated", "released", "expired"]);
export type HoldState = z.infer<typeof HoldState>;

/** One SKU's stock in one region, as the auditor reads it. */
export const StockDump = StockLevels.extend({
  shopId: ShopId,
  region: RegionCode,
  sku: Sku,
  holds: z.array(
    z.strictObject({
      checkoutId: CheckoutId,
      quantity: z.int().min(1),
      state: HoldState,
      expiresAt: z.iso.datetime(),
    }),
  ),
});
export type StockDump = z.infer<typeof StockDump>;
