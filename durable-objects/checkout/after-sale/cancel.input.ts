import { type Checkout, type Hold, hasParcels, type PaidBy } from "../sale/checkout.ts";
import type { Sale } from "../sale/ports.ts";

export type CancelInput = {
  readonly sale: Sale;
  /** Absent where the order cost nothing: no money goes back. */
  readonly paidBy?: PaidBy | undefined;
  readonly hold: Hold;
  /** Some of the goods have left: what was bought with promotions stays bought with them. */
  readonly hasLeft: boolean;
  /**
   * `capture_refused`: the provider took its word back; `authorization_expired`: it was not taken
   * at its word in time; `requested`: the merchant wants it.
   */
  readonly reason: NonNullable<Checkout["cancelBecause"]>;
};

/** A sale is cancelled once: its run has one name, whatever the reason. */
export function cancelRun(checkout: Checkout, reason: CancelInput["reason"]) {
  const { shopId, checkoutId, paidBy, hold } = checkout;
  const sale = { shopId, checkoutId };
  const input: CancelInput = { sale, paidBy, hold, hasLeft: hasParcels(checkout), reason };
  return { saga: "cancel", runId: `${checkoutId}/cancel`, input };
}
