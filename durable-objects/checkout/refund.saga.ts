import type { RefundResult } from "../../payments/provider.ts";
import type { Money } from "../../schema/money.ts";
import { Saga } from "../saga/saga.ts";
import { LOOK_FOR_OUTCOME } from "./captures.ts";
import type { CheckoutDeps } from "./checkout.deps.ts";
import { withRefund } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { type Paid, providerCall, refundRequest, settling } from "./payment-calls.ts";
import { REFUND_SETTLED, recordRefund } from "./refunds.ts";
import { getStuck } from "./stuck.ts";

export type RefundInput = Paid & { readonly n: number; readonly amount: Money };

type RefundEvents = { [REFUND_SETTLED]: RefundResult };

/** Gives a part of a sale's money back. Its amount was reserved when it was asked for. */
export const refundSaga = Saga.named<RefundInput, CheckoutDeps, RefundEvents, CheckoutTx>(
  "refund",
  { stuck: getStuck },
  2,
)
  .pivot("send", {
    commit: ({ tx, input }) => tx.save(withRefund(tx.checkout, input.n, { status: "sent" })),
  })
  .step("refund", {
    do: ({ input, ...call }) => {
      const { provider } = input.paidBy.secured;
      const request = refundRequest(input, input, call.key);
      return call.deps.payments[provider].refund(request, providerCall(call, input.sale));
    },
    retry: ({ input }) => settling(input.paidBy.secured.provider),
    commit: ({ tx, input, value, nowMs, begin }) =>
      recordRefund({ tx, nowMs, begin }, input.n, value),
  })
  .waitFor("refundSettled", REFUND_SETTLED, {
    from: "refund",
    unless: ({ done }) => done.refund.refund !== "pending",
    lookAgain: LOOK_FOR_OUTCOME,
    commit: ({ tx, input, value, nowMs, begin }) =>
      recordRefund({ tx, nowMs, begin }, input.n, value),
  });
