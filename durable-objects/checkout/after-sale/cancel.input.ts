import { type Checkout, type Hold, hasParcels } from "../sale/checkout.ts";
import { type Paid, paidOf } from "./provider-requests.ts";

export type CancelInput = Paid & {
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
  const input: CancelInput = {
    ...paidOf(checkout),
    hold: checkout.hold,
    hasLeft: hasParcels(checkout),
    reason,
  };
  return { saga: "cancel", runId: `${checkout.checkoutId}/cancel`, input };
}
