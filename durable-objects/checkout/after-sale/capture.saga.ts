import type { CaptureResult } from "../../../payments/provider.ts";
import { Saga } from "../../saga/saga.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withCapture } from "../sale/checkout-changes.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import type { CaptureInput } from "./capture.input.ts";
import { CAPTURE_OUTCOME, LOOK_FOR_OUTCOME, recordCapture } from "./captures.ts";
import { requestFulfilment } from "./fulfilment.ts";
import { getMoneyStuck } from "./money-queue.ts";
import { captureRequest, providerCall, untilKeyLapses } from "./provider-requests.ts";

type CaptureEvents = { [CAPTURE_OUTCOME]: CaptureResult };

/**
 * Takes a part of an order's authorized money, or the rest.
 *
 * Input: by `captureRun`, of a capture that was queued: asked for, or due since goods left.
 * Steps: sent once, and waited for where the provider decides later (decision 18).
 * Commits: how the capture stands in the sale, the order with its event, and the answer of who asked.
 * Undo: none below the pivot. Its amount was reserved when it was queued; a refusal lets it go.
 */
export const captureSaga = Saga.named<CaptureInput, CheckoutDeps, CaptureEvents, CheckoutTx>(
  "capture",
  {
    stuck: (gaveUp) =>
      getMoneyStuck(gaveUp, (sale) => withCapture(sale, gaveUp.input.n, { status: "unsent" })),
  },
)
  .pivot("send", {
    commit: ({ tx, input }) => tx.save(withCapture(tx.checkout, input.n, { status: "sent" })),
  })
  .step("capture", {
    do: ({ input, ...call }) => {
      const { provider } = input.paidBy.secured;
      const request = captureRequest(input, input, call.key);
      return call.deps.payments[provider].capture(request, providerCall(call, input.sale));
    },
    retry: ({ input }) => untilKeyLapses(input.paidBy.secured.provider),
    commit: ({ tx, input, value, runId, nowMs, begin }) =>
      recordCapture({ tx, runId, nowMs, begin }, input.n, value),
  })
  .waitFor("captureSettled", CAPTURE_OUTCOME, {
    from: "capture",
    unless: ({ done }) => done.capture.capture !== "pending",
    lookAgain: LOOK_FOR_OUTCOME,
    commit: ({ tx, input, value, runId, nowMs, begin }) =>
      recordCapture({ tx, runId, nowMs, begin }, input.n, value),
  })
  .step("requestFulfilment", {
    unless: ({ done }) => (done.captureSettled ?? done.capture).capture !== "captured",
    commit: ({ tx, nowMs }) => requestFulfilment(tx, nowMs),
  });
