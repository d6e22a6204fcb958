import * as z from "zod";
import { ShopId, Sku } from "./ids.ts";
import { RegionCode } from "./regions.ts";

/** A shelf that was sold out has pieces again: they arrived, were found, or came from a region. */
export const StockBack = z.strictObject({
  specversion: z.literal("1.0"),
  id: z
    .string()
    .describe("<shop>/<region>/<sku>/<cell>/back/<epoch ms>: told again it is the same"),
  source: z.string(),
  type: z.literal("tender.stock.back.v1"),
  subject: Sku,
  time: z.iso.datetime(),
  datacontenttype: z.literal("application/json"),
  shopid: ShopId,
  region: RegionCode,
  data: z.strictObject({
    sku: Sku,
    cell: z.int().min(0),
    available: z.int().min(0).describe("when it was told, which may be a moment later"),
  }),
});
export type StockBack = z.infer<typeof StockBack>;
