import type Stripe from "stripe";
import { leftOf, type Money, sameMoney } from "../../schema/money.ts";
import { assert, beforeSending } from "../../schema/outcome.ts";
import type { CaptureRequest, CaptureResult, ProviderCall } from "../provider.ts";
import { toStripeAmount } from "./amounts.ts";
import { reasonOf } from "./declines.ts";
import {
  intentInError,
  isCanceled,
  isCaptured,
  takenOf,
  undecided,
  whole,
  whyReleased,
} from "./mapping.ts";
import { despiteStoredErrors } from "./stored-errors.ts";

/**
 * Takes held money, in one capture or in several. Each of several leaves its number on the intent,
 * in the same act: so a capture whose answer is lost can be told from one that never was.
 */
export async function capture(
  stripe: Stripe,
  request: CaptureRequest,
  call: ProviderCall,
): Promise<CaptureResult> {
  const { secured, key } = request;
  const params = beforeSending(() => toCaptureParams(request));
  try {
    const intent = await despiteStoredErrors({
      key,
      times: call,
      make: (idempotencyKey) =>
        stripe.paymentIntents.capture(secured.reference, params, { idempotencyKey }),
      find: async () => {
        const found = whole(await stripe.paymentIntents.retrieve(secured.reference));
        return isTaken(found, request) ? found : undefined;
      },
    });
    return decided(intent, request) ?? fail(intent);
  } catch (error) {
    const intent = intentInError(error);
    const known = intent && decided(intent, request);
    if (known) return known;
    const reason = reasonOf(error);
    return {
      capture: "refused",
      reason: reason === "charge_expired_for_capture" ? "expired" : reason,
      ...(intent ? { standing: takenOf(intent) } : {}),
    };
  }
}

/** How a capture stands that Stripe was still at. */
export async function captureOutcome(
  stripe: Stripe,
  request: CaptureRequest,
): Promise<CaptureResult> {
  const intent = whole(await stripe.paymentIntents.retrieve(request.secured.reference));
  const known = decided(intent, request);
  if (known) return known;
  // Back to where it was: the money is not taken, and Stripe is at nothing any more.
  if (intent.status === "requires_capture" || intent.status === "requires_payment_method") {
    return { capture: "refused", reason: intent.last_payment_error?.code ?? "capture_failed" };
  }
  throw undecided(intent);
}

function toCaptureParams(request: CaptureRequest): Stripe.PaymentIntentCaptureParams {
  const { secured, n, isLast } = request;
  const amount_to_capture = toStripeAmount(request.amount).amount;
  if (isOnlyOne(request)) return { amount_to_capture };
  assert(secured.severalCaptures, "several captures were granted");
  return { amount_to_capture, final_capture: isLast, metadata: { last_capture: String(n) } };
}

/**
 * The whole amount at once leaves nothing to capture later, and Stripe refuses to be told so. Where
 * one alone was granted, those before it were refused.
 */
function isOnlyOne({ n, isLast, amount, secured }: CaptureRequest): boolean {
  if (!secured.severalCaptures && isLast) return true;
  return n === 1 && (isLast || sameMoney(amount, secured.amount));
}

/** A hold with captures that runs out also ends as `succeeded`: only the number tells. */
function isTaken(intent: Stripe.PaymentIntent, request: CaptureRequest): boolean {
  if (isOnlyOne(request)) return isCaptured(intent);
  return Number(intent.metadata?.last_capture ?? 0) >= request.n;
}

/** What an intent says of a capture; undefined when nothing definite. */
function decided(intent: Stripe.PaymentIntent, request: CaptureRequest): CaptureResult | undefined {
  if (isTaken(intent, request)) {
    const amount = isOnlyOne(request) ? newlyTaken(intent, request) : request.amount;
    return { capture: "captured", amount };
  }
  if (intent.status === "processing") return { capture: "pending", reference: intent.id };
  const isNew = request.takenBefore && newlyTaken(intent, request).amountMinor > 0;
  if (isCaptured(intent) && isNew) {
    // By somebody else, in Stripe's dashboard: whoever it was, this is what we get.
    return { capture: "captured", amount: newlyTaken(intent, request) };
  }
  const standing = takenOf(intent);
  // Of several captures one was the last that the hold lived to see.
  if (isCaptured(intent)) return { capture: "refused", reason: "expired", standing };
  if (isCanceled(intent)) return { capture: "refused", reason: whyReleased(intent), standing };
  return undefined;
}

/** What was taken since the order last knew. */
function newlyTaken(intent: Stripe.PaymentIntent, { takenBefore }: CaptureRequest): Money {
  const taken = takenOf(intent);
  return takenBefore ? leftOf(taken, takenBefore) : taken;
}

function fail(intent: Stripe.PaymentIntent): never {
  throw undecided(intent);
}
