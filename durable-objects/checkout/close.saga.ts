import { retry } from "../saga/retry.ts";
import { Saga } from "../saga/saga.ts";
import type { CheckoutDeps, Sale } from "./checkout.deps.ts";
import { type Checkout, ended, type Hold } from "./checkout.ts";
import type { CheckoutTx } from "./checkout.tx.ts";
import { checkoutView } from "./present.ts";

export type CloseInput = {
  readonly sale: Sale;
  readonly hold: Hold;
  readonly end: "cancelled" | "expired";
};

type NoEvents = Record<never, never>;

/** Ends a checkout that was not bought. No money is involved by now; the stock goes back. */
export const closeSaga = Saga.named<CloseInput, CheckoutDeps, NoEvents, CheckoutTx>("close", {
  stuck: ({ tx, step }) =>
    console.error({ event: "checkout.close_stuck", step, status: tx.checkout.status }),
})
  .pivot("close", {
    commit: ({ tx, input, nowMs }) => {
      tx.save(ended(tx.checkout, input.end, nowMs));
      tx.answer("cancel", { status: 200, body: checkoutView(tx.checkout) });
    },
  })
  .step("release", {
    do: ({ deps, input }) => deps.inventory.release(input.sale, input.hold),
    retry: retry.persistently,
  })
  .step("givePromotionsBack", {
    unless: ({ input }) => !input.hold.promotions?.length,
    do: ({ deps, input: { sale, hold } }) =>
      deps.promotions.giveBack(sale, hold.promotions ?? [], hold.generation),
    retry: retry.persistently,
  });

/** The run that ends a checkout which nobody pays any more. */
export function closing({ shopId, checkoutId, hold }: Checkout, end: CloseInput["end"]) {
  const input: CloseInput = { sale: { shopId, checkoutId }, hold, end };
  return { saga: "close", runId: `${checkoutId}/close`, input };
}
