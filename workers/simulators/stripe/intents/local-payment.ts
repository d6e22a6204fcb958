/** A method that pays in one step on the shopper's own device, and what its simulated shopper will do. */

import type { RefundPlan } from "./test-tokens.ts";

export type LocalType = "ideal" | "wero" | "pix" | "upi";

/** Each method moves money of one country or union. */
export const currencyOf: Readonly<Record<LocalType, string>> = {
  ideal: "eur",
  wero: "eur",
  pix: "brl",
  upi: "inr",
};

/** Methods whose shopper goes to a page and comes back. */
export const isRedirect = (type: LocalType): boolean => type === "ideal" || type === "wero";

export const isLocal = (type: string): type is LocalType => Object.hasOwn(currencyOf, type);

/**
 * What the shopper will do without anybody at a page. Sentinels in `billing_details[name]`, in any case and place:
 *
 *   sim approve          pays at once
 *   sim slow             pays after `shopperMs` of the control
 *   sim decline          is refused at once
 *   sim never            never comes; so does any other name until somebody acts for the shopper
 *   sim refund pending   besides: refunds stay pending for `refundSettleMs`, then succeed
 *   sim refund pending fails   besides: refunds stay pending, then fail
 *   sim refund fails     besides: refunds succeed, and come back after `refundSettleMs`
 */
export type Plan = "approve" | "slow" | "decline" | "wait";

export interface Local {
  readonly type: LocalType;
  readonly plan: Plan;
  readonly refund: RefundPlan | null;
  readonly billingName: string | null;
  readonly billingEmail: string | null;
  readonly expiresAfterSeconds: number | null;
  readonly expiresAtSeconds: number | null;
  /** When the code or page is over; null before it was shown, and where a page has no end of its own. */
  readonly expiresAtMs: number | null;
}
