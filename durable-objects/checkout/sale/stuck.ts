import type { CheckoutTx } from "./checkout.tx.ts";
import { withStatus } from "./checkout-changes.ts";

type GaveUp = { readonly tx: CheckoutTx; readonly runId: string; readonly step: string };

/** A run's retries are spent where nothing may be dropped: an operator sees it and resumes it. */
export function getStuck({ tx, runId, step }: GaveUp): void {
  console.error({ event: "saga.stuck", runId, step });
  tx.save(withStatus(tx.checkout, "stuck"));
}
