import type { Secured } from "../../../payments/provider.ts";
import { Saga } from "../../saga/saga.ts";
import {
  type Paid,
  paymentName,
  providerCall,
  reverseRequest,
  untilKeyLapses,
} from "../after-sale/provider-requests.ts";
import { type Checkout, paymentOf } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withPaymentChange } from "../sale/checkout-changes.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import { giveBackId } from "./late-money.ts";

export type GiveBackInput = Paid;

type NoEvents = Record<never, never>;

/**
 * Gives late money back: it came for an attempt that was given up, and buys nothing any more
 * (decision 19). The sale itself is not touched; it may be over, or paid in another way.
 *
 * Input: by `givingBack`, of the money as its provider knows it. Of an attempt and a provider there
 * is one run at most.
 * Steps: voided or refunded, repeated for as long as the provider keeps the key.
 * Commits: only how the attempt's payment ended, where nobody else was paid by it.
 * Undo: none below the pivot.
 */
export const giveBackSaga = Saga.named<GiveBackInput, CheckoutDeps, NoEvents, CheckoutTx>(
  "giveBack",
  {
    stuck: ({ runId, step }) => console.error({ event: "payment.late_money_stuck", runId, step }),
  },
)
  .pivot("noticeLateMoney", {
    commit: ({ input, runId }) => {
      const { provider, amount } = input.paidBy.secured;
      console.warn({ event: "payment.late_money", runId, provider, ...amount });
    },
  })
  .step("reverse", {
    do: ({ input, ...call }) => {
      const { provider } = input.paidBy.secured;
      const request = reverseRequest(input, call.key);
      return call.deps.payments[provider].reverse(request, providerCall(call, input.sale));
    },
    retry: ({ input }) => untilKeyLapses(input.paidBy.secured.provider),
    commit: ({ tx, input, value, runId }) => {
      const { attempt, secured } = input.paidBy;
      const status = value.reversal === "refunded" ? ("refunded" as const) : ("voided" as const);
      if (isGivenUp(tx.checkout, attempt)) {
        tx.save(withPaymentChange(tx.checkout, attempt, { status }));
      }
      console.warn({ event: "payment.late_money_returned", runId, provider: secured.provider });
    },
  });

/** The run that gives late money of an attempt back. */
export function givingBack(checkout: Checkout, attempt: number, secured: Secured) {
  const { shopId, checkoutId } = checkout;
  const sale = { shopId, checkoutId };
  const { paymentReference } = paymentName(sale, attempt);
  const paidBy = { attempt, paymentReference, secured, captureMode: "at_once" } as const;
  const input: GiveBackInput = { sale, paidBy };
  return { saga: "giveBack", runId: giveBackId(checkout, attempt, secured.provider), input };
}

/** Another provider may go on with the attempt, or have been paid by it: that is not told over. */
function isGivenUp(checkout: Checkout, attempt: number): boolean {
  const payment = paymentOf(checkout, attempt);
  return payment?.status === "declined" || payment?.status === "voided";
}
