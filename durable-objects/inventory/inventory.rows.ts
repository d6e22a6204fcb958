import type { RegionCode } from "../../schema/regions.ts";
import type { HoldState, MovementKind, StockLevels } from "../../schema/stock.ts";

export type HoldRow = {
  hold_key: string;
  checkout_id: string;
  quantity: number;
  state: HoldState;
  expires_at_ms: number;
  due_at_ms: number;
  allocated_by: number;
  undone_up_to: number;
  generation: number;
  shipped: number;
  shopper: string | null;
  account: string | null;
  history: string;
};

/** What a new hold says; the rest begins empty. */
export type NewHold = Omit<HoldRow, "allocated_by" | "undone_up_to" | "shipped" | "history">;

export type Counters = Omit<StockLevels, "available">;

/** What was agreed about the SKU here, beside its counters. */
export type Terms = {
  readonly cells: number;
  readonly home: RegionCode | null;
  readonly asks: number;
  readonly shopper_max: number | null;
  readonly unpaid_max_percent: number | null;
  /** Who may sell a line when it is sold out here. */
  readonly last_resort: RegionCode | null;
};

/** The one row of the cell. */
export type StockRow = Counters & Terms & { readonly back_at_ms: number | null };

/** Pieces that came, left, came back, or were counted again. The same token counts once. */
export type Movement = {
  readonly token: string;
  readonly kind: MovementKind;
  readonly quantity: number;
};
