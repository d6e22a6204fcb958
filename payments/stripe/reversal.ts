import type Stripe from "stripe";
import { providerKey } from "../idempotency-key.ts";
import type { ProviderCall, ReversalResult } from "../provider.ts";
import { intentInError, isCanceled, isCaptured, takenOf, undecided, whole } from "./mapping.ts";
import { refundRest } from "./refunds.ts";
import { despiteStoredErrors } from "./stored-errors.ts";

type Reversal = {
  readonly reference: string;
  /** The authorization's: those of the calls that undo it are derived from it. */
  readonly key: string;
  readonly call: ProviderCall;
};

/** Lets go what is held and refunds what is taken; what already went back stays so. */
export async function reverse(stripe: Stripe, reversal: Reversal): Promise<ReversalResult> {
  const { reference, key, call } = reversal;
  const intent = await letGo(stripe, reversal);
  if (!isCanceled(intent) && !isCaptured(intent)) throw undecided(intent);
  if (isCanceled(intent) && !intent.amount_received) return { reversal: "voided" };
  await refundRest(stripe, reference, { key: providerKey(key, "refund"), call });
  return { reversal: "refunded", taken: takenOf(intent) };
}

/** The intent once it holds nothing any more: cancelled, or taken. */
async function letGo(stripe: Stripe, reversal: Reversal): Promise<Stripe.PaymentIntent> {
  const { reference, key } = reversal;
  try {
    return await ended(stripe, reversal, (idempotencyKey) =>
      stripe.paymentIntents.cancel(reference, {}, { idempotencyKey }),
    );
  } catch (error) {
    const intent = intentInError(error);
    if (!intent) throw error;
    if (intent.status !== "requires_capture") return intent;
    // Partly captured: a last capture of nothing lets the rest go.
    return ended(stripe, { ...reversal, key: providerKey(key, "release") }, (idempotencyKey) =>
      stripe.paymentIntents.capture(
        reference,
        { amount_to_capture: 0, final_capture: true },
        { idempotencyKey },
      ),
    );
  }
}

function ended(
  stripe: Stripe,
  { reference, key, call }: Reversal,
  make: (idempotencyKey: string) => Promise<Stripe.PaymentIntent>,
) {
  return despiteStoredErrors({
    key: providerKey(key, "void"),
    times: call,
    make,
    find: async () => {
      const intent = whole(await stripe.paymentIntents.retrieve(reference));
      return isCanceled(intent) || isCaptured(intent) ? intent : undefined;
    },
  });
}
