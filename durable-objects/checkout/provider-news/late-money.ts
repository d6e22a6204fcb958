import { readReference } from "../../../payments/payment-reference.ts";
import type { ProviderCall, Secured } from "../../../payments/provider.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import type { CaptureMode, PaymentMethod, ProviderName } from "../../../schema/payment.ts";
import { findAct, type Run } from "../../saga/run.ts";
import type { Paid } from "../after-sale/provider-requests.ts";
import { paymentName } from "../after-sale/provider-requests.ts";
import { type PayInput, payBasics, paymentBegun } from "../paying/pay.input.ts";
import { type Checkout, paymentOf } from "../sale/checkout.ts";
import { RETRIES_MS } from "../sale/durations.ts";
import type { CheckoutDeps } from "../sale/ports.ts";

/**
 * Late money: it stands at a provider for an attempt that was given up. What it is, whose it is,
 * and whether it may still buy what it was for; what may not goes back by `give-back.saga.ts`.
 */
export type LateMoney = {
  readonly is: "lateMoney";
  readonly attempt: number;
  readonly secured: Secured;
};

/** A sale as its news is judged by. */
export type Seen = { readonly checkout: Checkout; readonly runs: readonly Run[] };

/** How a provider is asked about a sale. */
export type Asking = { readonly deps: CheckoutDeps; readonly call: ProviderCall };

/** It says that money came, and neither the order nor a run under way accounts for it. */
export function isStrayMoney(notice: Notice, { checkout, runs }: Seen): boolean {
  const { kind, success, provider } = notice;
  if (!success || (kind !== "authorization" && kind !== "capture")) return false;
  if (isOfOrder(notice, checkout)) return false;
  const attempt = attemptOf(notice);
  const run = runs.find(({ runId }) => runId === `${checkout.checkoutId}/pay/${attempt}`);
  if (attempt === undefined || !run) return false;
  return !isDealtWith({ checkout, runs }, attempt, provider) && wasGivenUp(run, provider);
}

/**
 * Whether a payment that stands in a provider's books is this sale's to settle: its order's own, one
 * that is under way, or late money of an attempt that was given up. Else nobody here will ever ask
 * for it, and it may be given back by whoever found it.
 */
export function isOwnMoney({ provider, reference, ourReference }: Notice, seen: Seen): boolean {
  const { checkout, runs } = seen;
  const attempt = readReference(ourReference)?.attempt;
  const run = runs.find(({ runId }) => runId === `${checkout.checkoutId}/pay/${attempt}`);
  if (attempt === undefined || !run) return false;
  const isUnderWay = runs.some(
    ({ saga, ended }) => !ended && (saga === "pay" || saga === "giveBack"),
  );
  if (isUnderWay) return true;
  const known = [
    checkout.paidBy?.secured,
    ...runs.map(({ saga, input }) =>
      saga === "pay" ? (input as PayInput).late?.secured : undefined,
    ),
    ...runs
      .filter(({ runId }) => runId === giveBackId(checkout, attempt, provider))
      .map(({ input }) => (input as Paid).paidBy.secured),
  ].filter((secured) => secured?.provider === provider);
  if (known.some((secured) => secured?.reference === reference)) return true;
  return !isDealtWith(seen, attempt, provider) && wasGivenUp(run, provider);
}

/** Late money of this attempt has paid already, or has gone back or is about to. */
function isDealtWith({ checkout, runs }: Seen, attempt: number, provider: ProviderName): boolean {
  const hasPaid = checkout.payments.some(({ lateOf }) => lateOf === attempt);
  return hasPaid || runs.some(({ runId }) => runId === giveBackId(checkout, attempt, provider));
}

/** No money of this provider's is expected from the attempt any more. */
function wasGivenUp(run: Run, provider: ProviderName): boolean {
  const act = findAct(run, "authorize", provider);
  return run.ended === "undone" || act?.state === "undone" || act?.state === "refused";
}

/**
 * The money that a stray notice tells of, as its provider knows it; undefined when there is none.
 * Throws: when it cannot be asked now.
 */
export async function findLateMoney(
  notice: Notice,
  checkout: Checkout,
  { deps, call }: Asking,
): Promise<LateMoney | undefined> {
  const { shopId, checkoutId } = checkout;
  const attempt = attemptOf(notice) ?? 0;
  const name = paymentName({ shopId, checkoutId }, attempt);
  const method = methodOf(checkout, attempt);
  const { provider, reference } = notice;
  // Nobody told of what a last look looks for: its provider's name for it is not known.
  const known = { ...name, method, ...(reference === "" ? {} : { reference }) };
  const secured = await deps.payments[provider].lookUp(known, call);
  return secured && { is: "lateMoney", attempt, secured };
}

/** Money that comes for an attempt that asked nobody is some card's. */
function methodOf(checkout: Checkout, attempt: number): PaymentMethod {
  const { method = "card" } = paymentOf(checkout, attempt) ?? {};
  return method === "none" ? "card" : method;
}

/** Whether late money may still buy what its attempt was for: as quoted, as held, beside no other. */
export function isStillWanted(checkout: Checkout, { amount }: Secured, nowMs: number): boolean {
  const { status, quote } = checkout;
  const isSame =
    quote.total.amountMinor === amount.amountMinor && quote.total.currency === amount.currency;
  return status === "open" && isSame && Date.parse(quote.expiresAt) > nowMs;
}

/** Money that came after its attempt was given up, as a payment of its own: nothing is asked for. */
export function latePayment(checkout: Checkout, attempt: number, secured: Secured) {
  const { customer, request } = checkout;
  const captureMode: CaptureMode = "at_once";
  const input: PayInput = {
    ...payBasics(checkout, checkout.payments.length + 1),
    ...{ method: secured.method, amount: secured.amount, captureMode, windowMs: RETRIES_MS },
    route: { providers: [secured.provider], why: [`the money of attempt ${attempt} came late`] },
    payment: { method: secured.method },
    shopper: { email: customer.email, country: request.country },
    offerEndsAtMs: 0,
    late: { attempt, secured },
  };
  return paymentBegun(checkout, input, { lateOf: attempt });
}

/** The run that gives late money of an attempt back; each attempt and provider has one at most. */
export function giveBackId(
  { checkoutId }: Checkout,
  attempt: number,
  provider: ProviderName,
): string {
  return `${checkoutId}/give-back/${attempt}/${provider}`;
}

/** Whether a notice is about the payment that the order was placed with. */
export function isOfOrder({ provider, ...notice }: Notice, { paidBy }: Checkout): boolean {
  if (paidBy?.secured.provider !== provider) return false;
  const attempt = attemptOf(notice);
  const paidAttempt = readReference(paidBy.paymentReference)?.attempt;
  return attempt === undefined || attempt === paidAttempt;
}

/** The attempt that a notice is about, by our own reference. */
export function attemptOf({ ourReference }: Pick<Notice, "ourReference">): number | undefined {
  return readReference(ourReference)?.attempt;
}
