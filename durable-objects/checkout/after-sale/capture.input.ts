import type { Money } from "../../../schema/money.ts";
import type { Capture, Checkout } from "../sale/checkout.ts";
import { type Paid, paidOf } from "./provider-requests.ts";

export type CaptureInput = Paid & {
  readonly n: number;
  readonly amount: Money;
  readonly isLast: boolean;
};

/** The run that makes the call of a queued capture. */
export function captureRun(checkout: Checkout, { n, amount, isLast }: Capture) {
  const input: CaptureInput = { ...paidOf(checkout), n, amount, isLast };
  return { saga: "capture", runId: `${checkout.checkoutId}/capture/${n}`, input };
}
