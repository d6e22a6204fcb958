/** What a request says about a method that pays in one step, and what its shopper will do. */

import { isLocal, type Local, type Plan } from "../intents/local-payment.ts";
import { type ApiError, invalid } from "../intents/stripe-errors.ts";
import type { RefundPlan } from "../intents/test-tokens.ts";
import type { Form } from "./form.ts";
import { inner, integer, text } from "./params.ts";

export const plans: readonly (readonly [string, Plan])[] = [
  ["sim approve", "approve"],
  ["sim slow", "slow"],
  ["sim decline", "decline"],
];

/** The longer words first: the first that the name contains counts. */
export const refundPlans: readonly (readonly [string, RefundPlan])[] = [
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
