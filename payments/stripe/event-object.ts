import type Stripe from "stripe";
import type { Notice } from "../webhook-notice.ts";
import { fromStripeAmount } from "./amounts.ts";
import { chargeOf } from "./mapping.ts";

/** What is read of the object of an event, whatever its API version. */
export type EventObject = {
  readonly object?: string;
  readonly id?: string;
  readonly status?: string | null;
  readonly capture_method?: string;
  readonly amount_received?: number;
  readonly amount_captured?: number;
  readonly amount_refunded?: number;
  readonly payment_intent?: string | Stripe.PaymentIntent | null;
};

/** The sums of the payment: as the event had them, or as they were when its intent was read. */
export function toldOf(object: EventObject, intent: Stripe.PaymentIntent): Pick<Notice, "told"> {
  const { currency } = intent;
  const capturedMinor = Math.max(intent.amount_received ?? 0, object.amount_captured ?? 0);
  // The intent of a charge's event was read just now: its sums are the later ones.
  const refundedMinor = chargeOf(intent)?.amount_refunded ?? object.amount_refunded;
  if (!currency) return {};
  const captured = fromStripeAmount(capturedMinor, currency);
  if (refundedMinor === undefined) return { told: { captured } };
  return { told: { captured, refunded: fromStripeAmount(refundedMinor, currency) } };
}
