import type { ReversalResult } from "../../../payments/provider.ts";
import { sameMoney } from "../../../schema/money.ts";
import type { Order } from "../../../schema/order.ts";
import { assert } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { retry } from "../../saga/retry.ts";
import { Saga } from "../../saga/saga.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { ended, withPaymentChange, withStatus } from "../sale/checkout-changes.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import { getStuck } from "../sale/stuck.ts";
import { orderReply } from "../view/replies.ts";
import type { CancelInput } from "./cancel.input.ts";
import { withLineFacts } from "./lines/order-lines.ts";
import { nextOrder } from "./order.ts";
import { type Paid, providerCall, reverseRequest, untilKeyLapses } from "./provider-requests.ts";

type NoEvents = Record<never, never>;

/**
 * Cancels a placed order: money back, stock back, everybody told.
 *
 * Input: by `cancelRun`, once no other money call is out: the merchant wishes it, a capture was
 * refused for good, or the authorization lapsed untaken.
 * Steps: what was taken is refunded, what was not is voided, and of what cost nothing neither; sold
 * pieces go back on the shelf, once per token; uses of limited promotions come back, unless goods
 * have left or the shop has them spent.
 * Commits: `cancelling` at the pivot; at the end the order as cancelled with its event, and the
 * answers of this call and of captures and refunds that were still to come.
 * Undo: none below the pivot: a cancel is pushed to its end.
 */
export const cancelSaga = Saga.named<CancelInput, CheckoutDeps, NoEvents, CheckoutTx>(
  "cancel",
  { stuck: getStuck },
  3,
)
  .pivot("beginCancel", {
    commit: ({ tx, input, nowMs }) => {
      const checkout = withStatus(tx.checkout, "cancelling");
      if (input.reason === "requested") return tx.save(checkout);
      const change = { payment: "capture_failed", moneyBy: "provider" } as const;
      const order = nextOrder(tx.checkout.order, change, nowMs);
      tx.save({ ...checkout, order });
      tx.emit("tender.order.capture_failed.v1", order);
    },
  })
  .step("reverse", {
    unless: ({ input }) => !input.paidBy,
    do: ({ input, ...call }) => {
      const paid = paidIn(input);
      const { provider } = paid.paidBy.secured;
      const request = reverseRequest(paid, call.key);
      return call.deps.payments[provider].reverse(request, providerCall(call, input.sale));
    },
    retry: ({ input }) => untilKeyLapses(paidIn(input).paidBy.secured.provider),
  })
  .step("restock", {
    do: ({ deps, input, key }) => deps.inventory.restock(input.sale, input.hold, key),
    retry: retry.persistently,
  })
  .step("givePromotionsBack", {
    unless: ({ input: { hold, hasLeft } }) => hasLeft || !hold.promotions?.length,
    do: ({ deps, input: { sale, hold } }) =>
      deps.promotions.returnOrderedUses(sale, hold.promotions ?? [], hold.generation),
    retry: retry.persistently,
  })
  .step("cancelOrder", {
    commit: ({ tx, input, done, nowMs }) => {
      const { order: before } = tx.checkout;
      const back = done.reverse && givenBack(before, done.reverse);
      const order = withLineFacts(
        tx.checkout,
        nextOrder(before, { ...back, fulfilment: "cancelled" }, nowMs),
      );
      const checkout = back
        ? withPaymentChange(tx.checkout, paidIn(input).paidBy.attempt, { status: back.payment })
        : tx.checkout;
      tx.save({ ...ended(checkout, "cancelled", nowMs), order });
      tx.emit("tender.order.cancelled.v1", order);
      tx.answer("cancel_order", orderReply(tx.checkout));
      const { cancelsForRefund } = tx.checkout;
      if (cancelsForRefund) tx.answer("refund", orderReply(tx.checkout), cancelsForRefund);
      // Captures and refunds that were still to come have nothing left to move.
      tx.answer("capture", refuse("order_not_capturable", { orderStatus: order.status }));
      tx.answer("refund", refuse("order_not_refundable", { orderStatus: order.status }));
    },
  });

function paidIn({ sale, paidBy }: CancelInput): Paid {
  assert(paidBy, "only what was paid goes back");
  return { sale, paidBy };
}

/** Everything that was taken went back; what the provider took without our knowledge, too. */
function givenBack(order: Order | undefined, { reversal, taken: told }: ReversalResult) {
  assert(order, "only an order is cancelled");
  const tookSome = order.captured.amountMinor > 0;
  if (!tookSome && reversal !== "refunded") return { payment: "voided" as const };
  const taken = told ?? (tookSome ? order.captured : order.total);
  const by = sameMoney(taken, order.captured) ? {} : ({ moneyBy: "provider" } as const);
  return { payment: "refunded" as const, captured: taken, refunded: taken, ...by };
}
