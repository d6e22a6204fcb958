/** What a request says about a method that pays in one step, and what its shopper will do. */

import type { RefundPlan } from "../intents/refund-intent.ts";
import { type ApiError, invalid } from "../intents/stripe-errors.ts";
import type { Form } from "./form.ts";
import { inner, integer, text } from "./params.ts";

export type LocalType = "ideal" | "pix" | "upi";

/** Each method moves money of one country or union. */
export const currencyOf: Readonly<Record<LocalType, string>> = {
  ideal: "eur",
  pix: "brl",
  upi: "inr",
};

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
  /** When the code or page is over; null before it was shown, and for iDEAL. */
  readonly expiresAtMs: number | null;
}

const plans: readonly (readonly [string, Plan])[] = [
  ["sim approve", "approve"],
  ["sim slow", "slow"],
  ["sim decline", "decline"],
];

/** The longer words first. */
const refundPlans: readonly (readonly [string, RefundPlan])[] = [
  ["sim refund pending fails", "pending_fails"],
  ["sim refund pending", "pending"],
  ["sim refund fails", "fails"],
];

/** `payment_method_data` with its options, or null when the request has none. */
export function readLocal(form: Form): Local | null | ApiError {
  if (!Object.hasOwn(form, "payment_method_data")) return null;
  const data = inner(form, "payment_method_data");
  const type = text(data, "type") ?? "";
  if (!isLocal(type)) {
    return invalid("This simulator takes cards by `payment_method` only.", {
      param: "payment_method_data[type]",
    });
  }
  const billing = inner(data, "billing_details");
  const billingName = text(billing, "name");
  const said = (billingName ?? "").toLowerCase();
  const pix = inner(inner(form, "payment_method_options"), "pix");
  return {
    type,
    plan: plans.find(([words]) => said.includes(words))?.[1] ?? "wait",
    refund: refundPlans.find(([words]) => said.includes(words))?.[1] ?? null,
    billingName,
    billingEmail: text(billing, "email"),
    expiresAfterSeconds: integer(pix, "expires_after_seconds"),
    expiresAtSeconds: integer(pix, "expires_at"),
    expiresAtMs: null,
  };
}
