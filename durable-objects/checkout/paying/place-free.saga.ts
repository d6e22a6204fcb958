import { Saga } from "../../saga/saga.ts";
import { requestFulfilment } from "../after-sale/fulfilment.ts";
import { placed, statusAtRest } from "../after-sale/order.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withPaymentChange, withStatus } from "../sale/checkout-changes.ts";
import type { CheckoutDeps } from "../sale/ports.ts";
import { getStuckPlacing } from "../sale/stuck.ts";
import { paidReply } from "../view/replies.ts";
import { declined } from "./declined.ts";
import type { PlaceFreeInput } from "./place-free.input.ts";
import { allocate, consumeCart, extendHold } from "./stock-steps.ts";

type NoEvents = Record<never, never>;

/**
 * Places an order that costs nothing. It is a sale like any other, but that no provider is asked and
 * no money moves: not now, and not when it is cancelled.
 *
 * Input: of the pay call, or of the create that pays, by `nextPayment` where the method is `none`.
 * Steps: the hold outlives the attempt; held pieces become sold ones; the order is placed; its goods
 * are asked for; the cart is told.
 * Commits: `place` writes order, answer and event; the goods are asked for in the same commit, for
 * there is no money to wait for.
 * Undo: allocated pieces are held again. Then the checkout is open.
 */
export const placeFreeSaga = Saga.named<PlaceFreeInput, CheckoutDeps, NoEvents, CheckoutTx>(
  "placeFree",
  { turnedBack: declined, stuck: getStuckPlacing },
  2,
)
  .step("extendHold", extendHold)
  .step("allocate", allocate)
  .pivot("place", {
    commit: ({ tx, input, nowMs }) => {
      const checkout = placed(tx.checkout, undefined, nowMs);
      tx.save(withPaymentChange(checkout, input.attempt, { status: "not_required" }));
      tx.emit("tender.order.placed.v1", checkout.order);
      tx.answerPayment((route) => paidReply(route, tx.checkout));
      // All that will ever be taken is taken: the shopper's part is over.
      tx.save(withStatus(tx.checkout, statusAtRest(tx.checkout)));
    },
  })
  .step("requestFulfilment", { commit: ({ tx, nowMs }) => requestFulfilment(tx, nowMs) })
  .step("consumeCart", consumeCart);
