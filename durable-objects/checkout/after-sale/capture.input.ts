import type { Money } from "../../../schema/money.ts";
import type { Capture } from "../sale/after-sale-acts.ts";
import type { Checkout } from "../sale/checkout.ts";
import { type Paid, paidOf } from "./provider-requests.ts";

export type CaptureInput = Paid & {
  readonly n: number;
  readonly amount: Money;
  readonly isLast: boolean;
  /** What was taken when it was sent; whatever is taken beside it is told apart by it. */
  readonly takenBefore?: Money | undefined;
};

/** The run that makes the call of a queued capture. */
export function captureRun(checkout: Checkout, { n, amount, isLast }: Capture) {
  const takenBefore = checkout.order?.captured;
  const input: CaptureInput = { ...paidOf(checkout), n, amount, isLast, takenBefore };
  return { saga: "capture", runId: `${checkout.checkoutId}/capture/${n}`, input };
}
