import type { Money } from "../../../schema/money.ts";
import { assert } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { capturable } from "../after-sale/captures.ts";
import { refundable } from "../after-sale/refunds.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withCapture, withRefund } from "../sale/checkout-changes.ts";

/** Refuses money calls that were queued and of which less is left by now than they want. */
export function refuseWhatIsNotLeft(tx: CheckoutTx): void {
  for (const { n } of tx.checkout.captures ?? []) refuseCapture(tx, n);
  for (const { n } of tx.checkout.refunds ?? []) refuseRefund(tx, n);
}

function refuseCapture(tx: CheckoutTx, n: number): void {
  const { order, captures } = tx.checkout;
  const { amount, answerKey } = captures?.find(isQueued(n)) ?? {};
  assert(order, "only an order is captured");
  const left = capturable({ ...tx.checkout, captures: captures?.filter(isBefore(n)) ?? [] });
  if (!amount || fits(amount, left)) return;
  // What is due as goods leave takes what there is.
  const isSome = !answerKey && left.amountMinor > 0;
  tx.save(withCapture(tx.checkout, n, isSome ? { amount: left } : { status: "refused" }));
  const no = refuse("order_not_capturable", { orderStatus: order.status, left });
  if (answerKey) tx.answer("capture", no, answerKey);
}

function refuseRefund(tx: CheckoutTx, n: number): void {
  const { order, refunds } = tx.checkout;
  const { amount, answerKey } = refunds?.find(isQueued(n)) ?? {};
  assert(order, "only an order is refunded");
  const left = refundable({ ...tx.checkout, refunds: refunds?.filter(isBefore(n)) ?? [] });
  if (!amount || fits(amount, left)) return;
  tx.save(withRefund(tx.checkout, n, { status: "refused" }));
  const no = refuse("order_not_refundable", { orderStatus: order.status, left });
  if (answerKey) tx.answer("refund", no, answerKey);
}

type Queued = { readonly n: number; readonly status: string };

const isQueued = (n: number) => (each: Queued) => each.n === n && each.status === "queued";

/** What is reserved or done before it; of what is queued, only what was asked for earlier. */
const isBefore = (n: number) => (each: Queued) => each.status !== "queued" || each.n < n;

function fits(amount: Money, left: Money): boolean {
  return amount.amountMinor <= left.amountMinor;
}
