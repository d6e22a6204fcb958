import type { CheckoutTx } from "./checkout.tx.ts";
import { withStatus } from "./checkout-changes.ts";

type GaveUp = {
  readonly tx: CheckoutTx;
  readonly runId: string;
  readonly step: string;
  readonly because: string | undefined;
};

/** A run's retries are spent where nothing may be dropped: an operator sees it and resumes it. */
export function getStuck(gaveUp: GaveUp): void {
  const { tx } = gaveUp;
  tellStuck(gaveUp);
  tx.save(withStatus(tx.checkout, "stuck"));
}

/** As `getStuck`, but for the cart: the sale is done, and the cart asks before it is sold again. */
export function getStuckPlacing(gaveUp: GaveUp): void {
  if (gaveUp.step !== "consumeCart") getStuck(gaveUp);
}

/** The run alone is stuck: the sale goes on beside it. */
export function tellStuck({ runId, step, because }: Omit<GaveUp, "tx">): void {
  console.error({ event: "saga.stuck", runId, step, ...(because ? { because } : {}) });
}
