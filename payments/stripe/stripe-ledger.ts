import type Stripe from "stripe";
import type { LedgerPayment } from "../ledger-source.ts";
import { fromStripeAmount } from "./amounts.ts";
import { type StripeConfig, stripeClient } from "./client.ts";
import { isMissing } from "./events.ts";
import { EXPAND_LISTED } from "./intent-lookup.ts";
import { EXPAND } from "./intent-params.ts";
import { chargeOf, takenOf, whole } from "./mapping.ts";

/** Stripe's list of PaymentIntents: complete at once, unlike its search. */
export class StripeLedger {
  readonly #stripe: Stripe;

  constructor(config: StripeConfig) {
    this.#stripe = stripeClient(config);
  }

  /**
   * The payments that were begun from `fromMs` until before `untilMs` (epoch ms), in no order.
   * Throws when they cannot be read now; what was given before stands.
   */
  async *listPayments(fromMs: number, untilMs: number): AsyncGenerator<LedgerPayment> {
    const created = { gte: Math.ceil(fromMs / 1000), lt: Math.ceil(untilMs / 1000) };
    const list = this.#stripe.paymentIntents.list({ created, limit: 100, expand: EXPAND_LISTED });
    for await (const intent of list) yield toLedgerPayment(intent);
  }

  /** One payment as it stands now; undefined when Stripe has none of that name. */
  async payment(reference: string): Promise<LedgerPayment | undefined> {
    try {
      const { paymentIntents } = this.#stripe;
      const intent = await paymentIntents.retrieve(reference, { expand: EXPAND });
      return toLedgerPayment(whole(intent));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

export function toLedgerPayment(intent: Stripe.PaymentIntent): LedgerPayment {
  const { currency, metadata } = intent;
  const charge = chargeOf(intent);
  const ours = metadata.payment_reference;
  return {
    provider: "stripe",
    reference: intent.id,
    ...(ours ? { ourReference: ours } : {}),
    status: statusOf(intent, charge),
    amount: fromStripeAmount(intent.amount, currency),
    captured: takenOf(intent),
    refunded: fromStripeAmount(charge?.amount_refunded ?? 0, currency),
    isDisputed: charge?.disputed ?? false,
    createdAtMs: intent.created * 1000,
  };
}

function statusOf(
  { status, amount_received }: Stripe.PaymentIntent,
  charge: Stripe.Charge | undefined,
): LedgerPayment["status"] {
  if (status === "requires_capture") return "held";
  if (charge?.refunded) return "ended";
  if (status === "succeeded") return "captured";
  // Cancelled with some of it taken before.
  if (status === "canceled") return amount_received > 0 ? "captured" : "ended";
  return status === "requires_payment_method" ? "ended" : "awaited";
}
