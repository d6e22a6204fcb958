import { retry } from "../../saga/retry.ts";
import { Saga } from "../../saga/saga.ts";
import type { Cancellation } from "../sale/cancellation.ts";
import type { Checkout, Hold } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import type { CheckoutDeps, Sale } from "../sale/ports.ts";
import { orderReply } from "../view/replies.ts";
import { tellFulfilment } from "./fulfilment.ts";
import type { Wanted } from "./lines/wanted-lines.ts";
import { beginNextMoneyCall } from "./money-queue.ts";

type CancelLinesInput = {
  readonly sale: Sale;
  readonly hold: Hold;
  readonly cancellation: Cancellation;
  /** Absent where no call waits for it. */
  readonly answerKey?: string | undefined;
};

type NoEvents = Record<never, never>;

/**
 * Cancels pieces of an order before they are sent or paid: less will be captured.
 *
 * Input: of the call, by `cancelLinesRun`.
 * Steps: the pieces go back on the shelf, once per token.
 * Commits: at the pivot, so that nobody sends or captures them any more, with the order's event; then
 * the answer. Where the rest has left already, the order is fulfilled and what is due is taken.
 * Undo: none below the pivot: pieces that are cancelled come back.
 */
export const cancelLinesSaga = Saga.named<CancelLinesInput, CheckoutDeps, NoEvents, CheckoutTx>(
  "cancelLines",
  {
    // The sale itself is not stuck: its money goes on.
    stuck: ({ runId, step }) => console.error({ event: "saga.stuck", runId, step }),
  },
)
  .pivot("cancelLines", {
    commit: ({ tx, input, nowMs }) => {
      const { cancellations = [] } = tx.checkout;
      tx.save({ ...tx.checkout, cancellations: [...cancellations, input.cancellation] });
      tellFulfilment(tx, nowMs);
    },
  })
  .step("restock", {
    do: ({ deps, input, key }) => {
      const { sale, hold, cancellation } = input;
      const lines = cancellation.lines.map((line) => ({ ...line, of: "unsent" as const }));
      return deps.inventory.restockPieces(sale, { hold, lines, token: key });
    },
    retry: retry.persistently,
    commit: ({ tx, input, begin }) => {
      const { answerKey } = input;
      if (answerKey) tx.answer("cancel_order", orderReply(tx.checkout), answerKey);
      beginNextMoneyCall({ tx, begin });
    },
  });

/** The run that cancels these pieces, as the order's next cancellation. */
export function cancelLinesRun(
  checkout: Checkout,
  { lines = [], amount, shipping }: Wanted,
  answerKey?: string,
) {
  const { shopId, checkoutId, hold, cancellations = [] } = checkout;
  const n = cancellations.length + 1;
  const cancellation: Cancellation = { n, lines, amount, ...(shipping ? { shipping } : {}) };
  const input: CancelLinesInput = { sale: { shopId, checkoutId }, hold, cancellation, answerKey };
  return { saga: "cancelLines", runId: `${checkoutId}/cancel-lines/${n}`, input };
}
