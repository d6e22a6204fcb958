import { providerKey } from "../../../payments/idempotency-key.ts";
import { keysLastMs } from "../../../payments/method-capabilities.ts";
import { paymentReference } from "../../../payments/payment-reference.ts";
import type {
  CaptureRequest,
  PaymentName,
  ProviderCall,
  RefundRequest,
  ReverseRequest,
} from "../../../payments/provider.ts";
import { regionOf } from "../../../schema/ids.ts";
import type { Money } from "../../../schema/money.ts";
import { assert } from "../../../schema/outcome.ts";
import type { ProviderName } from "../../../schema/payment.ts";
import type { RetryPolicy } from "../../saga/retry.ts";
import type { Checkout, PaidBy } from "../sale/checkout.ts";
import type { CheckoutDeps, Sale } from "../sale/ports.ts";

const REPEATS_MIN = 200; // of a call that stays unknown; a webhook wakes it between them

/** What the sagas' steps tell a provider, built from what their runs know. */

/** The part of a step's context that a provider's call is made of. */
export type StepCall = {
  readonly deps: CheckoutDeps;
  readonly startedAtMs: number;
  readonly sinceMs: number;
  readonly nowMs: number;
  /** The engine's word for the nth try of this call. */
  readonly attempt: number;
};

export function providerCall(
  { deps, startedAtMs, nowMs, attempt: nthTry }: StepCall,
  { checkoutId }: Sale,
): ProviderCall {
  return { region: regionOf(checkoutId), startedAtMs, nowMs, nthTry, heard: deps.heard() };
}

export function paymentName(sale: Sale, attempt: number): PaymentName {
  return { ...sale, paymentReference: paymentReference({ ...sale, attempt }) };
}

/**
 * A money call that has to end is repeated for as long as its provider keeps the key, and no longer:
 * once the key is forgotten, the same call could take or give the money a second time.
 */
export function untilKeyLapses(provider: ProviderName): RetryPolicy {
  const budgetMs = keysLastMs[provider];
  return { firstMs: 200, delayMaxMs: budgetMs / REPEATS_MIN, budgetMs };
}

/** What a later money call names its payment by. */
export type Paid = { readonly sale: Sale; readonly paidBy: PaidBy };

export function paidOf(checkout: Checkout): Paid {
  const { shopId, checkoutId, paidBy } = checkout;
  assert(paidBy, "a placed sale has its payment");
  return { sale: { shopId, checkoutId }, paidBy };
}

type CapturePart = {
  readonly n: number;
  readonly amount: Money;
  readonly isLast: boolean;
  readonly takenBefore?: Money | undefined;
};

export function captureRequest(
  { sale, paidBy }: Paid,
  { n, amount, isLast, takenBefore }: CapturePart,
  key: string,
): CaptureRequest {
  const { secured, paymentReference } = paidBy;
  const part = { n, amount, isLast, takenBefore };
  return { ...sale, paymentReference, key: providerKey(key), secured, ...part };
}

export function refundRequest(
  { sale, paidBy }: Paid,
  { n, amount }: { readonly n: number; readonly amount: Money },
  key: string,
): RefundRequest {
  const { secured, paymentReference } = paidBy;
  return { ...sale, paymentReference, key: providerKey(key), secured, n, amount };
}

export function reverseRequest({ sale, paidBy }: Paid, key: string): ReverseRequest {
  const { secured, paymentReference } = paidBy;
  return { ...sale, paymentReference, key: providerKey(key), secured };
}
