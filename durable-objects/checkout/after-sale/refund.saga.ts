import type { RefundResult } from "../../../payments/provider.ts";
import { assert } from "../../../schema/outcome.ts";
import { retry } from "../../saga/retry.ts";
import { Saga } from "../../saga/saga.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withRefund } from "../sale/checkout-changes.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import { tellStuck } from "../sale/stuck.ts";
import { LOOK_FOR_OUTCOME } from "./captures.ts";
import { getMoneyStuck } from "./money-queue.ts";
import { providerCall, refundRequest, untilKeyLapses } from "./provider-requests.ts";
import type { RefundInput } from "./refund.input.ts";
import { REFUND_OUTCOME, recordRefund } from "./refunds.ts";

type RefundEvents = { [REFUND_OUTCOME]: RefundResult };

/**
 * Gives a part of an order's money back.
 *
 * Input: by `refundRun`, of a refund that was queued; it waits while another money call is out.
 * Steps: sent once, and waited for where the provider decides later (decision 18); once the money
 * went back, its pieces go back on the shelf where its lines say so.
 * Commits: how the refund stands in the sale, the order with its event, and the answer of who asked.
 * Undo: none below the pivot. Its amount was reserved when it was asked for, so refunds together
 * never exceed what was captured; a refusal lets it go.
 */
export const refundSaga = Saga.named<RefundInput, CheckoutDeps, RefundEvents, CheckoutTx>(
  "refund",
  {
    stuck: (gaveUp) => {
      // The money has gone back: it is only the pieces that wait, and the sale goes on.
      if (gaveUp.step === "restock") tellStuck(gaveUp);
      else getMoneyStuck(gaveUp, (sale) => withRefund(sale, gaveUp.input.n, { status: "unsent" }));
    },
  },
  3,
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
  .waitFor("refundSettled", REFUND_OUTCOME, {
    from: "refund",
    unless: ({ done }) => done.refund.refund !== "pending",
    lookAgain: LOOK_FOR_OUTCOME,
    commit: ({ tx, input, value, nowMs, begin }) =>
      recordRefund({ tx, nowMs, begin }, input.n, value),
  })
  .step("restock", {
    unless: ({ input, done }) =>
      input.back === undefined || (done.refundSettled ?? done.refund).refund !== "refunded",
    do: ({ deps, input, key }) => {
      assert(input.back, "some of its pieces go back");
      return deps.inventory.restockPieces(input.sale, { ...input.back, token: key });
    },
    retry: retry.persistently,
  });
