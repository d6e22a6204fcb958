import type { Line } from "../../../schema/checkout.ts";

/** A SKU named twice is one line: one object is asked once. */
export function merged(lines: readonly Line[]): readonly Line[] {
  const quantities = new Map<Line["sku"], number>();
  for (const { sku, quantity } of lines) {
    quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  }
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}
