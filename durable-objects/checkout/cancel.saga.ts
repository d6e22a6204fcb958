import type { Authorization } from "../../payments/provider.ts";
import { providerKey } from "../../payments/provider-key.ts";
import { retry } from "../saga/retry.ts";
import { Saga } from "../saga/saga.ts";
import type { CheckoutDeps, Sale } from "./checkout.deps.ts";
import { ended, type Hold, nextOrder, withPaymentChange, withStatus } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";

export type CancelInput = {
  readonly sale: Sale;
  readonly hold: Hold;
  readonly authorization: Authorization;
  readonly reason: string;
};

type NoEvents = Record<never, never>;

/** A placed order whose capture was definitely refused: money back, stock back, shopper told. */
export const cancelSaga = Saga.named<CancelInput, CheckoutDeps, NoEvents, CheckoutTx>("cancel", {
  stuck: ({ tx }) => tx.save(withStatus(tx.checkout, "stuck")),
})
  .pivot("captureFailed", {
    commit: ({ tx, nowMs }) => {
      const order = nextOrder(tx.checkout.order, { payment: "capture_failed" }, nowMs);
      tx.save({ ...withStatus(tx.checkout, "cancelling"), order });
      tx.emit("tender.order.capture_failed.v1", order);
    },
  })
  .step("void", {
    do: ({ deps, input, key, startedAtMs, nowMs }) => {
      const { authorization, sale } = input;
      const request = {
        key: providerKey(key),
        ...sale,
        paymentReference: authorization.reference,
        amount: authorization.amount,
        token: "",
      };
      const time = { startedAtMs, nowMs };
      return deps.payments[authorization.provider].resolveAndVoid(request, authorization, time);
    },
    retry: retry.persistently,
  })
  .step("restock", {
    do: ({ deps, input, key }) => deps.inventory.restock(input.sale, input.hold, key),
    retry: retry.persistently,
  })
  .step("cancelOrder", {
    commit: ({ tx, nowMs }) => {
      const change = { payment: "voided", fulfilment: "cancelled" } as const;
      const order = nextOrder(tx.checkout.order, change, nowMs);
      const paid = tx.checkout.payments.length;
      const checkout = withPaymentChange(tx.checkout, paid, { status: "voided" });
      tx.save({ ...ended(checkout, "cancelled", nowMs), order });
      tx.emit("tender.order.cancelled.v1", order);
    },
  });
