import type { ReservationExpired } from "../../../schema/reservation.ts";
import { retry } from "../../saga/retry.ts";
import { Saga } from "../../saga/saga.ts";
import type { Checkout, Hold } from "../sale/checkout.ts";
import type { CheckoutTx } from "../sale/checkout.tx.ts";
import { ended } from "../sale/checkout-changes.ts";
import type { CheckoutDeps, Sale } from "../sale/ports.ts";
import { checkoutView } from "../view/checkout-view.ts";
import { reservationExpired } from "./reservation-expired.ts";

export type CloseInput = {
  readonly sale: Sale;
  readonly hold: Hold;
  readonly end: "cancelled" | "expired";
  /** What is told of it when nobody called it off. */
  readonly expired?: ReservationExpired | undefined;
};

type NoEvents = Record<never, never>;

/**
 * Ends a checkout that was not bought: no attempt of it is alive, so no money is involved.
 *
 * Input: by `closing`, for a cancel call, the alarm at its expiry, or a declined payment of a
 * checkout that was called off meanwhile.
 * Steps: the end is the pivot; then stock is released, uses of promotions are returned, and an
 * expiry is told. Each is repeated until it is done.
 * Commits: the status and the answer of the cancel, at the pivot.
 * Undo: none, since nothing comes before the pivot.
 */
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
      deps.promotions.returnUses(sale, hold.promotions ?? [], hold.generation),
    retry: retry.persistently,
  })
  .step("tellExpired", {
    unless: ({ input }) => input.expired === undefined,
    do: ({ deps, input }) => deps.tellExpired(input.expired),
    retry: retry.persistently,
  });

/** The run that ends a checkout which nobody pays any more. */
export function closing(checkout: Checkout, end: CloseInput["end"]) {
  const { shopId, checkoutId, hold, reopened } = checkout;
  const expired = end === "expired" ? reservationExpired(checkout) : undefined;
  const input: CloseInput = { sale: { shopId, checkoutId }, hold, end, expired };
  // Each time that it was opened it is closed once.
  const runId = reopened ? `${checkoutId}/close/${reopened}` : `${checkoutId}/close`;
  return { saga: "close", runId, input };
}
