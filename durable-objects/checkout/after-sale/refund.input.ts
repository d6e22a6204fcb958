import type { Money } from "../../../schema/money.ts";
import type { Refund } from "../sale/after-sale-acts.ts";
import type { PiecesBack } from "../sale/cancellation.ts";
import type { Checkout, Hold } from "../sale/checkout.ts";
import { piecesBack } from "./lines/wanted-lines.ts";
import { type Paid, paidOf } from "./provider-requests.ts";

export type RefundInput = Paid & {
  readonly n: number;
  readonly amount: Money;
  /** Pieces that go back on the shelf with it, and the hold that they are sold from. */
  readonly back?: { readonly hold: Hold; readonly lines: readonly PiecesBack[] };
};

/** The run that makes the call of a queued refund. */
export function refundRun(checkout: Checkout, { n, amount, lines }: Refund) {
  const pieces = piecesBack(lines);
  const back = pieces.length > 0 ? { back: { hold: checkout.hold, lines: pieces } } : {};
  const input: RefundInput = { ...paidOf(checkout), n, amount, ...back };
  return { saga: "refund", runId: `${checkout.checkoutId}/refund/${n}`, input };
}
