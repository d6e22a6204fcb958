import * as z from "zod";
import { CheckoutId, ShopId, Sku } from "./ids.ts";
import { RegionCode, regions } from "./regions.ts";

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
  cell: z.int().min(0).max(63).default(0),
  quantity: z
    .int()
    .min(-10_000_000)
    .max(10_000_000)
    .refine((quantity) => quantity !== 0, "nothing to correct"),
});
export type StockCorrection = z.infer<typeof StockCorrection>;

const MovementId = StockReceipt.shape.movementId;
const Cell = z.int().min(0).max(63);

/** What was counted in the house, sold pieces too that are not shipped yet. */
export const StockCount = z.strictObject({
  region: RegionCode,
  sku: Sku,
  cell: Cell.default(0),
  counted: z.int().min(0).max(10_000_000),
  movementId: MovementId,
});
export type StockCount = z.infer<typeof StockCount>;

/** One cell of a SKU's stock in a region. */
export const ShelfName = z.strictObject({ region: RegionCode, cell: Cell });
export type ShelfName = z.infer<typeof ShelfName>;

/** Pieces that are to go from one shelf to another. */
export const StockMove = z
  .strictObject({
    sku: Sku,
    from: ShelfName,
    to: ShelfName,
    quantity: z.int().min(1).max(10_000_000),
    movementId: MovementId,
  })
  .refine(({ from, to }) => from.region !== to.region || from.cell !== to.cell, "already there");
export type StockMove = z.infer<typeof StockMove>;

/** Into how many cells a region's stock is split; never into fewer than it is. */
export const StockCells = z.strictObject({
  region: RegionCode,
  sku: Sku,
  cells: z.int().min(1).max(16),
});

/** Whether regions that run low are given pieces from regions that have more (decision 14). */
export const StockPool = z.strictObject({ sku: Sku, pooled: z.boolean() });

/** What one shopper may hold unpaid, in pieces, and what all may, in percent; null for no limit. */
export const StockLimits = z.strictObject({
  region: RegionCode,
  sku: Sku,
  shopperMax: z.int().min(1).nullable(),
  unpaidMaxPercent: z.int().min(1).max(100).nullable(),
});
export type StockLimits = z.infer<typeof StockLimits>;

/**
 * Who may sell a SKU when it is sold out in a region (decision 23), null for nobody. Only one of
 * its fallbacks may: pinned regions have none, and are none.
 */
export const StockLastResort = z
  .strictObject({ region: RegionCode, sku: Sku, from: RegionCode.nullable() })
  .refine(({ region, from }) => from === null || mayLend(from, region), {
    path: ["from"],
    message: "is not a fallback of this region",
  });
export type StockLastResort = z.infer<typeof StockLastResort>;

function mayLend(from: RegionCode, region: RegionCode): boolean {
  const fallbacks: readonly RegionCode[] = regions[region].fallbacks;
  return fallbacks.includes(from);
}

/** One movement, the newest first, and what it added to each counter. */
export const StockMovement = z.strictObject({
  token: z.string(),
  kind: z.string(),
  at: z.iso.datetime(),
  cell: Cell,
  checkoutId: z.string().optional(),
  received: z.int(),
  held: z.int(),
  allocated: z.int(),
  gone: z.int(),
});
export type StockMovement = z.infer<typeof StockMovement>;

export const HoldState = z.enum(["held", "allocated", "released", "expired"]);
export type HoldState = z.infer<typeof HoldState>;

/** What moves stock itself; a hold's moves stand in the hold's own row (decision 13). */
export const MovementKind = z.enum([
  ...["receipt", "restock", "correction"],
  ...["transfer_in", "transfer_out"],
] as const);
export type MovementKind = z.infer<typeof MovementKind>;

/** Added up from the movements: received = receipts + corrections + in - out, and so on. */
export const MovementSums = z.strictObject({
  receipts: z.int().min(0),
  corrections: z.int(),
  transfersIn: z.int().min(0),
  transfersOut: z.int().min(0),
  held: z.int(),
  allocated: z.int(),
  gone: z.int(),
});
export type MovementSums = z.infer<typeof MovementSums>;

/** One part of a region's stock of one SKU: some hundreds of sales a second each. */
export const CellLevels = StockLevels.extend({ cell: z.int().min(0), movements: MovementSums });
export type CellLevels = z.infer<typeof CellLevels>;

/** One SKU's stock in one region, as the auditor reads it: the sums, and each cell. */
export const StockDump = StockLevels.extend({
  shopId: ShopId,
  region: RegionCode,
  sku: Sku,
  movements: MovementSums,
  cells: z.array(CellLevels).min(1),
  holds: z.array(
    z.strictObject({
      checkoutId: CheckoutId,
      quantity: z.int().min(1),
      shipped: z.int().min(0),
      state: HoldState,
      expiresAt: z.iso.datetime(),
    }),
  ),
});
export type StockDump = z.infer<typeof StockDump>;

/** Pieces that go from one shelf to another. The same token counts once. */
export const Transfer = z.strictObject({
  token: z.string(),
  from: ShelfName,
  to: ShelfName,
  quantity: z.int().min(1),
});
export type Transfer = z.infer<typeof Transfer>;

/** A SKU's ledger: what each shelf may sell, what is on its way, and what did not add up. */
export const StockLedger = z.strictObject({
  home: RegionCode,
  pooled: z.boolean(),
  leases: z.array(ShelfName.extend({ leased: z.int() })),
  inTransit: z.array(Transfer.extend({ at: z.iso.datetime() })),
  drifts: z.array(ShelfName.extend({ expected: z.int(), found: z.int(), at: z.iso.datetime() })),
});
export type StockLedger = z.infer<typeof StockLedger>;
