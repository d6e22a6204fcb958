import type { RefundResult } from "../../../payments/provider.ts";
import { Saga } from "../../saga/saga.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withRefund } from "../sale/checkout-changes.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import { getStuck } from "../sale/stuck.ts";
import { LOOK_FOR_OUTCOME } from "./captures.ts";
import { providerCall, refundRequest, untilKeyLapses } from "./provider-requests.ts";
import type { RefundInput } from "./refund.input.ts";
import { REFUND_SETTLED, recordRefund } from "./refunds.ts";

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
    retry: ({ input }) => untilKeyLapses(input.paidBy.secured.provider),
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
