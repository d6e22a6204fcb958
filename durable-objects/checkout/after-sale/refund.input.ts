import type { Money } from "../../../schema/money.ts";
import type { Checkout, Refund } from "../sale/checkout.ts";
import { type Paid, paidOf } from "./provider-requests.ts";

export type RefundInput = Paid & { readonly n: number; readonly amount: Money };

/** The run that makes the call of a queued refund. */
export function refundRun(checkout: Checkout, { n, amount }: Refund) {
  const input: RefundInput = { ...paidOf(checkout), n, amount };
  return { saga: "refund", runId: `${checkout.checkoutId}/refund/${n}`, input };
}
