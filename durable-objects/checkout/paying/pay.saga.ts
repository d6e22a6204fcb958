import type {
  Authorization,
  CaptureResult,
  Secured,
  ShopperOutcome,
} from "../../../payments/provider.ts";
import { assert, type Refusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { retry } from "../../saga/retry.ts";
import { Saga } from "../../saga/saga.ts";
import { CAPTURE_OUTCOME, LOOK_FOR_OUTCOME, recordCapture } from "../after-sale/captures.ts";
import { requestFulfilment } from "../after-sale/fulfilment.ts";
import { getMoneyStuck } from "../after-sale/money-queue.ts";
import { placed } from "../after-sale/order.ts";
import {
  captureRequest,
  paymentName,
  providerCall,
  untilKeyLapses,
} from "../after-sale/provider-requests.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withCapture, withPaymentChange, withStatus } from "../sale/checkout-changes.ts";
import { SHOPPER_GRACE_MS } from "../sale/durations.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import { getStuckPlacing } from "../sale/stuck.ts";
import { awaitingReply, paidReply } from "../view/replies.ts";
import { authorizeRequest, undoCall } from "./authorize-request.ts";
import { declined, goesOn } from "./declined.ts";
import type { PayInput } from "./pay.input.ts";
import { allocate, consumeCart, extendHold } from "./stock-steps.ts";

/** Told by webhook, by the shopper's return or by asking; a refusal turns the payment back. */
type PayEvents = {
  [PAYMENT_CONFIRMED]: ShopperOutcome;
  [CAPTURE_OUTCOME]: CaptureResult;
};
export const PAYMENT_CONFIRMED = "payment.confirmed";

/**
 * One run is one payment. The hold belongs to the checkout and outlives a decline.
 *
 * Input: of the pay call, or of the create that pays, by `nextPayment`; of late money, by
 * `latePayment`, which then authorizes nothing.
 * Steps: the hold outlives the attempt's longest window; one provider after the other is asked while
 * the noes are theirs and not the bank's; the shopper is waited for where the provider wants them;
 * held pieces become sold ones; the order is placed; its money is taken; its goods are asked for.
 * Commits: the first is the payment and the call's key, before anything leaves: the first step does
 * not only read, so there is an intent, and whoever repeats the key joins it or hears its answer.
 * `place` writes order, answer, event and the capture to come at once.
 * Undo: an authorization is resolved by its key, then voided or refunded, with or without its
 * answer (decisions 5 and 9); allocated pieces are held again. Then the checkout is open.
 */
export const paySaga = Saga.named<PayInput, CheckoutDeps, PayEvents, CheckoutTx>(
  "pay",
  {
    turnedBack: declined,
    stuck: (gaveUp) => {
      if (gaveUp.step !== "capture") return getStuckPlacing(gaveUp);
      getMoneyStuck(gaveUp, (sale) => withCapture(sale, 1, { status: "unsent" }));
    },
  },
  3,
)
  .step("extendHold", extendHold)
  .firstOf(
    "authorize",
    ({ input }) => input.route.providers,
    (provider) => ({
      do: async ({ input, ...call }) =>
        input.late?.secured ??
        call.deps.payments[provider].authorize(
          authorizeRequest(call.deps, input, provider, call.key),
          providerCall(call, input.sale),
        ),
      undo: ({ input, value, ...call }) =>
        call.deps.payments[provider].resolveAndVoid(
          authorizeRequest(call.deps, input, provider, call.key),
          value,
          undoCall(call, input, value),
        ),
      retry: retry.patiently,
      undoRetry: untilKeyLapses(provider),
      goesOn,
      commit: ({ tx, input, value }) => {
        if (value.shopper) awaitShopper(tx, input, value);
      },
    }),
  )
  .waitFor("shopper", PAYMENT_CONFIRMED, {
    from: "authorize",
    unless: ({ done }) => !done.authorize.shopper,
    until: ({ done, input }) => shopperUntilMs(done.authorize, input),
    timeout: refuse("payment_declined", { reason: "shopper_did_not_confirm" }),
    commit: ({ tx, input }) => {
      const change = { status: "processing", nextAction: undefined } as const;
      tx.save(withPaymentChange(withStatus(tx.checkout, "paying"), input.attempt, change));
    },
  })
  .step("allocate", allocate)
  .pivot("place", {
    commit: ({ tx, input, done, nowMs }) => {
      const secured = securedBy(done);
      const { attempt, captureMode, sale, late } = input;
      const { paymentReference } = paymentName(sale, late?.attempt ?? attempt);
      const paidBy = { attempt, paymentReference, secured, captureMode };
      const checkout = placed(tx.checkout, paidBy, nowMs);
      const { provider } = secured;
      tx.save(withPaymentChange(checkout, attempt, { status: "authorized", provider }));
      tx.emit("tender.order.placed.v1", checkout.order);
      if (isTakenNow(input, secured)) {
        const first = { n: 1, amount: input.amount, status: "sent", isLast: true } as const;
        tx.save({ ...tx.checkout, captures: [first] });
      }
      tx.answerPayment((route) => paidReply(route, tx.checkout));
    },
  })
  .step("takePaid", {
    unless: ({ done }) => !securedBy(done).isCaptured,
    commit: ({ tx, input, runId, nowMs, begin }) =>
      recordCapture({ tx, runId, nowMs, begin }, 1, { capture: "captured", amount: input.amount }),
  })
  .step("capture", {
    unless: ({ done, input }) =>
      securedBy(done).isCaptured === true || input.captureMode !== "at_once",
    do: ({ done, input, ...call }) => {
      const { provider } = securedBy(done);
      const request = captureRequest(paidIn(input, done), wholeOf(input), call.key);
      return call.deps.payments[provider].capture(request, providerCall(call, input.sale));
    },
    retry: ({ done }) => untilKeyLapses(securedBy(done).provider),
    commit: ({ tx, value, runId, nowMs, begin }) =>
      recordCapture({ tx, runId, nowMs, begin }, 1, value),
  })
  .step("consumeCart", consumeCart)
  .waitFor("captureSettled", CAPTURE_OUTCOME, {
    from: "capture",
    unless: ({ done }) => done.capture?.capture !== "pending",
    lookAgain: LOOK_FOR_OUTCOME,
    commit: ({ tx, value, runId, nowMs, begin }) =>
      recordCapture({ tx, runId, nowMs, begin }, 1, value),
  })
  .step("requestFulfilment", {
    unless: ({ done, input }) => !mayBeSent(input, done),
    commit: ({ tx, nowMs }) => requestFulfilment(tx, nowMs),
  });

type Done = {
  readonly authorize: Authorization;
  readonly shopper?: Exclude<ShopperOutcome, Refusal> | undefined;
  readonly capture?: CaptureResult;
  readonly captureSettled?: CaptureResult | undefined;
};

/** The payment as it is final: as authorized, or as the shopper's part made it. */
function securedBy({ authorize, shopper }: Done): Secured {
  if (shopper?.shopper === "confirmed") return shopper.secured;
  const { reference } = authorize;
  assert(reference, "an authorization that nobody has to confirm has its name");
  return { ...authorize, reference };
}

/** Whether the order's money is taken as it is placed: at once by the shop's wish, or already. */
function isTakenNow({ captureMode }: PayInput, { isCaptured }: Secured): boolean {
  return isCaptured === true || captureMode === "at_once";
}

export function wholeOf({ amount }: PayInput) {
  return { n: 1, amount, isLast: true };
}

export function paidIn({ sale, attempt, captureMode, late }: PayInput, done: Done) {
  const { paymentReference } = paymentName(sale, late?.attempt ?? attempt);
  return { sale, paidBy: { attempt, paymentReference, secured: securedBy(done), captureMode } };
}

/** Goods go out when the money is in; where it is taken as they go out, at once. */
function mayBeSent({ captureMode }: PayInput, done: Done): boolean {
  if (securedBy(done).isCaptured || captureMode === "on_fulfillment") return true;
  return (done.captureSettled ?? done.capture)?.capture === "captured";
}

function shopperUntilMs({ shopper }: Authorization, { offerEndsAtMs }: PayInput): number {
  return Math.min(endOf(shopper), offerEndsAtMs) + SHOPPER_GRACE_MS;
}

function endOf(shopper: Authorization["shopper"]): number {
  return shopper?.expiresAt ? Date.parse(shopper.expiresAt) : Number.POSITIVE_INFINITY;
}

/** The shopper's bank wants a word with them: the answer is where to send them. */
function awaitShopper(tx: CheckoutTx, input: PayInput, authorization: Authorization): void {
  const { provider, shopper } = authorization;
  const { attempt, offerEndsAtMs } = input;
  // A provider's own code may be good for longer than our hold: the shopper is told ours.
  const isCapped = shopper?.expiresAt !== undefined && endOf(shopper) > offerEndsAtMs;
  const expiresAt = new Date(offerEndsAtMs).toISOString();
  const nextAction = shopper && isCapped ? { ...shopper, expiresAt } : shopper;
  const change = { status: "awaiting_shopper", provider, nextAction } as const;
  tx.save(withPaymentChange(withStatus(tx.checkout, "awaiting_shopper"), attempt, change));
  tx.answerPayment((route) => awaitingReply(route, tx.checkout));
}
