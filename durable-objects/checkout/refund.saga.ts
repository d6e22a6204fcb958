import type { Authorization } from "../../payments/provider.ts";
import { providerKey } from "../../payments/provider-key.ts";
import { type Money, plus, sameMoney } from "../../schema/money.ts";
import { refuse } from "../../schema/refusals.ts";
import { retry } from "../saga/retry.ts";
import { Saga } from "../saga/saga.ts";
import type { CheckoutDeps } from "./checkout.deps.ts";
import { nextOrder, withRefund, withStatus } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { beginNextMoneyCall } from "./money-calls.ts";
import { orderReply } from "./replies.ts";
import { getStuck } from "./stuck.ts";

export type RefundInput = {
  readonly n: number;
  readonly amount: Money;
  readonly authorization: Authorization;
  readonly answerKey: string;
};

type NoEvents = Record<never, never>;

/** Gives a part of a sale's money back. Its amount was reserved when it was asked for. */
export const refundSaga = Saga.named<RefundInput, CheckoutDeps, NoEvents, CheckoutTx>("refund", {
  stuck: getStuck,
})
  .pivot("send", {
    commit: ({ tx, input }) => tx.save(withRefund(tx.checkout, input.n, "sent")),
  })
  .step("refund", {
    do: ({ deps, input, key }) => {
      const { authorization, amount } = input;
      return deps.payments[authorization.provider].refund(providerKey(key), authorization, amount);
    },
    retry: retry.persistently,
    commit: ({ tx, input, value, nowMs, begin }) => {
      // It may have been stuck, and an operator resumed it.
      tx.save(withStatus(tx.checkout, "captured"));
      if (value.refund === "refunded") tx.save(refunded(tx, input, nowMs));
      else {
        tx.save(withRefund(tx.checkout, input.n, "refused"));
        tx.answer("refund", refuse("refund_refused", { reason: value.reason }), input.answerKey);
      }
      beginNextMoneyCall({ tx, begin });
    },
  });

function refunded(tx: CheckoutTx, { n, amount, answerKey }: RefundInput, nowMs: number) {
  const before = tx.checkout.order;
  const total = before ? plus(before.refunded, amount) : amount;
  const isAll = before !== undefined && sameMoney(total, before.captured);
  const payment = isAll ? "refunded" : "partially_refunded";
  const order = nextOrder(before, { payment, refunded: total }, nowMs);
  const checkout = { ...withRefund(tx.checkout, n, "refunded"), order };
  tx.emit("tender.order.refunded.v1", order);
  tx.answer("refund", orderReply(checkout), answerKey);
  return checkout;
}
