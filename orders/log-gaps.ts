import { OrderId } from "../schema/ids.ts";
import type { Missing } from "./order-store.ts";

/** What the log lacks of each order below its highest sequence. */
export function missingIn(
  rows: readonly { readonly orderId: string; readonly sequence: number }[],
): readonly Missing[] {
  const byOrder = Map.groupBy(rows, ({ orderId }) => orderId);
  return [...byOrder].flatMap(([orderId, logged]) => {
    const sequences = new Set(logged.map(({ sequence }) => sequence));
    const below = Array.from({ length: Math.max(...sequences) }, (_, index) => index + 1);
    return below
      .filter((sequence) => !sequences.has(sequence))
      .map((sequence) => ({ orderId: OrderId.parse(orderId), sequence }));
  });
}
