import type { Line } from "../../schema/checkout.ts";
import { isRefusal } from "../../schema/outcome.ts";
import { refuse } from "../../schema/refusals.ts";
import { retry } from "../saga/retry.ts";
import { Saga } from "../saga/saga.ts";
import type { CheckoutDeps, Sale } from "./checkout.deps.ts";
import { type Hold, withShipment } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { recordShipped, withParcel } from "./fulfilment.ts";
import { beginNextMoneyCall } from "./money-calls.ts";
import { orderReply } from "./replies.ts";

export type FulfilInput = {
  readonly sale: Sale;
  readonly hold: Hold;
  readonly n: number;
  readonly lines: readonly Line[];
  readonly answerKey: string;
};

type NoEvents = Record<never, never>;

/** Hands pieces of an order over: they leave the stock, and the order says so. */
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
      return isRefusal(answer) ? { missing: answer.detail ?? {} } : { shipped: true as const };
    },
    retry: retry.persistently,
    commit: ({ tx, input, value, nowMs, begin }) => {
      if ("missing" in value) {
        tx.save(withShipment(tx.checkout, input.n, { status: "refused" }));
        tx.answer("fulfill", refuse("order_not_fulfillable", value.missing), input.answerKey);
        return;
      }
      recordShipped(tx, input.n, nowMs);
      tx.answer("fulfill", orderReply(tx.checkout), input.answerKey);
      beginNextMoneyCall({ tx, begin });
    },
  });
