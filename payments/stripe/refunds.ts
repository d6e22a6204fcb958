import type Stripe from "stripe";
import { beforeSending } from "../../schema/outcome.ts";
import type { ProviderCall, RefundRequest, RefundResult, StandingRefund } from "../provider.ts";
import { fromStripeAmount, toStripeAmount } from "./amounts.ts";
import { reasonOf } from "./declines.ts";
import { undecided } from "./mapping.ts";
import { despiteStoredErrors } from "./stored-errors.ts";

/** Ends by itself, or when the shopper has told Stripe their account. */
const UNDER_WAY = ["pending", "requires_action"];

type Wanted = { readonly payment_intent: string; readonly amount?: number };
type Keyed = { readonly key: string; readonly call: ProviderCall };

/** Gives an amount back, once. */
export async function refund(
  stripe: Stripe,
  request: RefundRequest,
  call: ProviderCall,
): Promise<RefundResult> {
  const { amount } = beforeSending(() => toStripeAmount(request.amount));
  const wanted = { payment_intent: request.secured.reference, amount };
  try {
    return toRefundResult(await refundOf(stripe, wanted, { key: request.key, call }), request);
  } catch (error) {
    return { refund: "refused", reason: reasonOf(error) };
  }
}

/** A failed refund leaves the money with us. */
export function toRefundResult(made: Stripe.Refund, { amount }: RefundRequest): RefundResult {
  const { id: reference, status } = made;
  if (!reference) throw undecided(made);
  if (status === "succeeded") return { refund: "refunded", amount, reference };
  if (UNDER_WAY.includes(status ?? "")) return { refund: "pending", reference };
  if (status !== "failed" && status !== "canceled") throw undecided(made);
  return { refund: "refused", reason: made.failure_reason ?? status };
}

/** All refunds of a payment, whoever asked for them. */
export async function refundsOf(
  stripe: Stripe,
  payment_intent: string,
): Promise<readonly StandingRefund[]> {
  const list = stripe.refunds.list({ payment_intent, limit: 100 });
  const made = await list.autoPagingToArray({ limit: 1000 });
  return made.map((refund) => {
    const { id: reference, currency } = refund;
    if (!reference || !currency) throw undecided(refund);
    const amount = fromStripeAmount(refund.amount, currency);
    return { reference, amount, status: standingOf(refund.status) };
  });
}

function standingOf(status: string | null): StandingRefund["status"] {
  if (status === "succeeded") return "refunded";
  return UNDER_WAY.includes(status ?? "") ? "pending" : "refused";
}

/** Gives back whatever of a payment has not gone back yet. */
export async function refundRest(
  stripe: Stripe,
  payment_intent: string,
  { key, call }: Keyed,
): Promise<void> {
  try {
    const made = await refundOf(stripe, { payment_intent }, { key, call });
    if (!UNDER_WAY.includes(made.status ?? "") && made.status !== "succeeded")
      throw undecided(made);
  } catch (error) {
    if (reasonOf(error) !== "charge_already_refunded") throw error;
  }
}

/** The refund that this key made, or makes now, as it stands. */
async function refundOf(stripe: Stripe, wanted: Wanted, { key, call }: Keyed) {
  const params = { ...wanted, metadata: { refund_key: key } };
  const made = await despiteStoredErrors({
    key,
    times: call,
    make: (idempotencyKey) => stripe.refunds.create(params, { idempotencyKey }),
    find: () => madeUnder(stripe, wanted.payment_intent, key),
  });
  // A repeat of the key hears the first answer again; only the refund itself moves on.
  return made.status === "pending" ? stripe.refunds.retrieve(made.id) : made;
}

async function madeUnder(stripe: Stripe, payment_intent: string, key: string) {
  for await (const refund of stripe.refunds.list({ payment_intent, limit: 100 })) {
    if (refund.metadata?.refund_key === key) return refund;
  }
  return undefined;
}
