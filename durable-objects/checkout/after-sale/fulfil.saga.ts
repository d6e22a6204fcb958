import type { Line } from "../../../schema/checkout.ts";
import { assert, isRefusal } from "../../../schema/outcome.ts";
import { refuse } from "../../../schema/refusals.ts";
import { retry } from "../../saga/retry.ts";
import { Saga } from "../../saga/saga.ts";
import type { Checkout, Hold } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { withShipment } from "../sale/checkout-changes.ts";
import type { CheckoutDeps, Sale } from "../sale/ports.ts";
import { orderReply } from "../view/replies.ts";
import { recordShipped, withParcel } from "./fulfilment.ts";
import { beginNextMoneyCall } from "./money-queue.ts";

export type FulfilInput = {
  readonly sale: Sale;
  readonly hold: Hold;
  readonly n: number;
  readonly lines: readonly Line[];
  readonly answerKey: string;
};

type NoEvents = Record<never, never>;

/**
 * Hands pieces of an order over: they leave the stock, and the order says so.
 *
 * Input: of the call, by `fulfilRun`.
 * Steps: a parcel leaves whole or not at all: where a shelf does not have its part, `unship` puts
 * the others' back, for the next parcel.
 * Commits: the parcel is noted at the pivot, before its pieces leave, so that nothing is sent twice;
 * then the order with its event, the answer, and the capture that is due where money is taken as
 * goods leave.
 * Undo: none below the pivot. `unship` is a step: it puts the parcel's pieces back; a `ship` with
 * this token that arrives later does nothing.
 */
export const fulfilSaga = Saga.named<FulfilInput, CheckoutDeps, NoEvents, CheckoutTx>("fulfil", {
  // The sale itself is not stuck: its money goes on.
  stuck: ({ runId, step }) => console.error({ event: "saga.stuck", runId, step }),
})
  .pivot("pack", {
    commit: ({ tx, input }) => tx.save(withParcel(tx.checkout, input.lines)),
  })
  .step("ship", {
    do: async ({ deps, input, key }) => {
      const { sale, hold, lines } = input;
      const answer = await deps.inventory.ship(sale, { hold, lines, token: key });
      const token = key;
      return isRefusal(answer)
        ? { missing: answer.detail ?? {}, token }
        : { shipped: true as const };
    },
    retry: retry.persistently,
    commit: ({ tx, input, value, nowMs, begin }) => {
      if ("missing" in value) return;
      recordShipped(tx, input.n, nowMs);
      tx.answer("fulfill", orderReply(tx.checkout), input.answerKey);
      beginNextMoneyCall({ tx, begin });
    },
  })
  .step("unship", {
    unless: ({ done }) => "shipped" in done.ship,
    do: ({ deps, input, done }) => {
      const { sale, hold, lines } = input;
      assert("token" in done.ship, "the parcel was refused");
      return deps.inventory.unship(sale, { hold, lines, token: done.ship.token });
    },
    retry: retry.persistently,
    // Until now the parcel counted as on its way: none of its pieces was packed again.
    commit: ({ tx, input, done }) => {
      const missing = "missing" in done.ship ? done.ship.missing : {};
      tx.save(withShipment(tx.checkout, input.n, { status: "refused" }));
      tx.answer("fulfill", refuse("order_not_fulfillable", missing), input.answerKey);
    },
  });

/** The run that hands these pieces over, as the order's next parcel. */
export function fulfilRun(checkout: Checkout, lines: readonly Line[], answerKey: string) {
  const { shopId, checkoutId, hold, shipments = [] } = checkout;
  const n = shipments.length + 1;
  const input: FulfilInput = { sale: { shopId, checkoutId }, hold, n, lines, answerKey };
  return { saga: "fulfil", runId: `${checkoutId}/fulfil/${n}`, input };
}
