import type { Cell, MomentCell, PriceCells } from "../product-row.ts";

type Sale = {
  readonly regular: Cell;
  readonly sale: Cell;
  readonly currency: Cell;
  readonly from?: MomentCell | undefined;
  readonly until?: MomentCell | undefined;
};

/**
 * A regular price and one for a while, as windows of which the one that began last counts. A sale
 * price that knows no time is the price.
 */
export function saleWindows({ regular, sale, currency, from, until }: Sale): readonly PriceCells[] {
  const price = (amount: Cell) => ({ amount, isMinor: false, currency });
  const usual = regular.text === "" ? [] : [price(regular)];
  if (sale.text === "") return usual;
  const window = { ...price(sale), validFrom: from, validUntil: until };
  if (from) return [...usual, window];
  // Both would have begun at the same time: the regular one begins where the sale ends.
  return until ? [window, ...usual.map((each) => ({ ...each, validFrom: until }))] : [window];
}
