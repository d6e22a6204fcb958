import type { Authorization } from "../../payments/provider.ts";
import { providerKey } from "../../payments/provider-key.ts";
import { refuse } from "../../schema/refusals.ts";
import { retry } from "../saga/retry.ts";
import { Saga } from "../saga/saga.ts";
import type { CheckoutDeps, Sale } from "./checkout.deps.ts";
import { ended, type Hold, nextOrder, withPaymentChange, withStatus } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { orderReply } from "./replies.ts";
import { getStuck } from "./stuck.ts";

export type CancelInput = {
  readonly sale: Sale;
  readonly hold: Hold;
  readonly authorization: Authorization;
  /** `capture_refused`: the provider took its word back; `requested`: the merchant wants it. */
  readonly reason: "capture_refused" | "requested";
};

type NoEvents = Record<never, never>;

/** Cancels a placed order: money back, stock back, everybody told. */
export const cancelSaga = Saga.named<CancelInput, CheckoutDeps, NoEvents, CheckoutTx>("cancel", {
  stuck: getStuck,
})
  .pivot("beginCancel", {
    commit: ({ tx, input, nowMs }) => {
      const checkout = withStatus(tx.checkout, "cancelling");
      if (input.reason === "requested") return tx.save(checkout);
      const order = nextOrder(tx.checkout.order, { payment: "capture_failed" }, nowMs);
      tx.save({ ...checkout, order });
      tx.emit("tender.order.capture_failed.v1", order);
    },
  })
  .step("reverse", {
    do: ({ deps, input, key, startedAtMs, nowMs }) => {
      const { authorization, sale } = input;
      const { provider, reference: paymentReference, amount } = authorization;
      // The payment is known by its reference, so the request is never sent again.
      const request = { key: providerKey(key), ...sale, paymentReference, amount, token: "" };
      return deps.payments[provider].resolveAndVoid(request, authorization, { startedAtMs, nowMs });
    },
    retry: retry.persistently,
  })
  .step("restock", {
    do: ({ deps, input, key }) => deps.inventory.restock(input.sale, input.hold, key),
    retry: retry.persistently,
  })
  .step("cancelOrder", {
    commit: ({ tx, done, nowMs }) => {
      const isRefunded = done.reverse.reversal === "refunded";
      const payment = isRefunded ? ("refunded" as const) : ("voided" as const);
      const money = isRefunded && tx.checkout.order ? { refunded: tx.checkout.order.captured } : {};
      const change = { payment, fulfilment: "cancelled", ...money } as const;
      const order = nextOrder(tx.checkout.order, change, nowMs);
      const attempt = tx.checkout.payments.length;
      const checkout = withPaymentChange(tx.checkout, attempt, { status: payment });
      tx.save({ ...ended(checkout, "cancelled", nowMs), order });
      tx.emit("tender.order.cancelled.v1", order);
      tx.answer("cancel_order", orderReply(tx.checkout));
      // Refunds that were still to come have nothing left to give back.
      tx.answer("refund", refuse("order_not_refundable", { orderStatus: order.status }));
    },
  });
