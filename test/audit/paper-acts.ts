import fc from "fast-check";
import { capturable } from "../../durable-objects/checkout/after-sale/captures.ts";
import {
  cancelOrder,
  captureOrder,
  fulfilOrder,
  refundOrder,
} from "../../durable-objects/checkout/after-sale/order-calls.ts";
import { refundable } from "../../durable-objects/checkout/after-sale/refunds.ts";
import { TIMES } from "../../pricing/testing/quote-fixtures.ts";
import type { Line } from "../../schema/checkout.ts";
import { lesser } from "../../schema/money.ts";
import { type PaperSale, skus } from "./paper-sale.ts";

/** What is done with a sale on paper: calls of a merchant here, and acts by hand at the provider. */
export const act = fc.record({
  call: fc.constantFrom("capture", "refund", "fulfil", "cancel", "capture there", "refund there"),
  by: fc.constantFrom("sum", "line", "line", "two lines", "all"),
  sku: fc.constantFrom(...skus),
  quantity: fc.integer({ min: 1, max: 3 }),
  ppm: fc.integer({ min: 1, max: 1_000_000 }),
  then: fc.constantFrom(undefined, "restock", "write_off", "cancel"),
  shipping: fc.boolean(),
  isFinal: fc.boolean(),
  outcome: fc.constantFrom("done", "done", "done", "refused", "late", "bounced"),
});
export type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

export async function does(sale: PaperSale, each: Act): Promise<void> {
  const { sku, quantity, then, shipping, isFinal } = each;
  const line = { sku, quantity } as Line;
  const lines = each.by === "two lines" ? [line, line] : [line];
  const isByLine = each.by === "line" || each.by === "two lines";
  const left = each.call.startsWith("refund")
    ? refundable(sale.checkout)
    : capturable(sale.checkout);
  const part = Math.ceil((left.amountMinor * each.ppm) / 1_000_000) + (each.ppm % 2);
  const amount = each.by === "sum" ? { amount: { ...left, amountMinor: part } } : {};
  const named = <L extends Line>(own: L[]) => (isByLine ? { lines: own, shipping } : amount);
  const call = {
    caller: { shopId: sale.order.shopId, isMerchant: true },
    key: "k",
    fingerprint: "",
  };
  switch (each.call) {
    case "capture":
      await captureOrder(sale.door, { ...call, body: { ...named(lines), final: isFinal } });
      break;
    case "refund": {
      const own = lines.map((one) => ({ ...one, ...(then ? { then } : {}) }));
      await refundOrder(sale.door, { ...call, body: named(own) }, TIMES.nowMs);
      break;
    }
    case "fulfil":
      await fulfilOrder(sale.door, { ...call, body: isByLine ? { lines } : {} });
      break;
    case "capture there":
      sale.byHand(each.call, lesser({ ...left, amountMinor: part }, left));
      break;
    case "refund there":
      sale.byHand(each.call, lesser({ ...left, amountMinor: part }, left));
      break;
    case "cancel":
      if (isByLine) await cancelOrder(sale.door, { ...call, body: { lines, shipping } });
  }
  sale.settle(each.outcome);
}
