import type { Notice } from "../../payments/notice.ts";
import { readReference } from "../../payments/payment-reference.ts";
import type { Dispute, ProviderCall, Secured } from "../../payments/provider.ts";
import type { ProviderName } from "../../schema/payment.ts";
import { findAct, type Run } from "../saga/run.ts";
import type { CheckoutDeps } from "./checkout.deps.ts";
import { type Capture, type Checkout, hasParcels, paymentOf, type Refund } from "./checkout.ts";
import { captureRequest, paidOf, paymentName, refundRequest } from "./payment-calls.ts";

/** What a notice can mean for a sale of which no run waits for it. */
export type Aftermath =
  /** Money stands at a provider for an attempt that was given up. */
  | { readonly is: "lateMoney"; readonly attempt: number; readonly secured: Secured }
  /** A refund that was done came back. */
  | { readonly is: "refundReturned"; readonly n: number }
  /** A capture that was confirmed was taken back by the bank. */
  | { readonly is: "captureFailed"; readonly n: number; readonly reason: string }
  /** Nobody took the authorized money in time. */
  | { readonly is: "lapsed" }
  | { readonly is: "disputed"; readonly disputes: readonly Dispute[] };

type Asking = { readonly deps: CheckoutDeps; readonly call: ProviderCall };
type Seen = { readonly checkout: Checkout; readonly runs: readonly Run[] };

/** Whether this notice can change anything: while a run is under way any of them can. */
export function matters(notice: Notice, { checkout, runs }: Seen): boolean {
  if (runs.some(({ ended, stuckAt }) => !ended && !stuckAt)) return true;
  if (notice.kind === "dispute" || notice.kind === "expiry") return true;
  if (notice.kind === "refund" || notice.kind === "capture") {
    if (!notice.success) return true;
  }
  return notice.success && isStrayMoney(notice, { checkout, runs });
}

/**
 * Finds out, by asking the provider, what a notice means beside the runs that wait for theirs.
 * Throws: when the provider cannot be asked now; the notice is then looked into again.
 */
export async function aftermathOf(
  notice: Notice,
  seen: Seen,
  asking: Asking,
): Promise<Aftermath | undefined> {
  const { checkout } = seen;
  if (isStrayMoney(notice, seen)) return lateMoney(notice, checkout, asking);
  if (!isOwn(notice, checkout)) return undefined;
  const { deps, call } = asking;
  const paid = paidOf(checkout);
  const { secured } = paid.paidBy;
  const provider = deps.payments[secured.provider];
  if (notice.kind === "dispute") {
    return { is: "disputed", disputes: await provider.disputes(secured, call) };
  }
  if (notice.kind === "refund" && !notice.success) {
    const refund = refundMeant(notice, checkout);
    if (refund?.status !== "refunded") return undefined;
    const outcome = await provider.refundOutcome(
      refundRequest(paid, refund, ""),
      notice.about,
      call,
    );
    return outcome.refund === "refused" ? { is: "refundReturned", n: refund.n } : undefined;
  }
  if (notice.kind === "capture" && !notice.success) {
    const capture = captureMeant(notice, checkout);
    if (capture?.status !== "captured") return undefined;
    const outcome = await provider.captureOutcome(
      captureRequest(paid, capture, ""),
      notice.about,
      call,
    );
    if (outcome.capture !== "refused") return undefined;
    return { is: "captureFailed", n: capture.n, reason: outcome.reason };
  }
  if (notice.kind !== "expiry" || !isUntaken(checkout)) return undefined;
  return (await hasLapsed(checkout, asking)) ? { is: "lapsed" } : undefined;
}

/**
 * Whether the provider holds nothing of an order's money any more.
 * Throws: when it cannot be asked now.
 */
export async function hasLapsed(checkout: Checkout, { deps, call }: Asking): Promise<boolean> {
  const { sale, paidBy } = paidOf(checkout);
  const { paymentReference, secured } = paidBy;
  const { provider, method, reference } = secured;
  const name = { ...sale, paymentReference, method, reference };
  return (await deps.payments[provider].lookUp(name, call)) === undefined;
}

/** An order whose money is held, and nobody is about to take it or has sent its goods. */
export function isUntaken(checkout: Checkout): boolean {
  const { order, captures = [] } = checkout;
  if (order?.payment !== "authorized" || hasParcels(checkout)) return false;
  return captures.every(({ status }) => status === "refused");
}

/** It says that money came, and neither the order nor a run under way accounts for it. */
function isStrayMoney(notice: Notice, { checkout, runs }: Seen): boolean {
  const { kind, success, provider } = notice;
  if (!success || (kind !== "authorization" && kind !== "capture")) return false;
  if (isOwn(notice, checkout)) return false;
  const attempt = attemptOf(notice);
  const isSettled = checkout.payments.some(({ lateOf }) => lateOf === attempt);
  if (attempt === undefined || isSettled) return false;
  const run = runs.find(({ runId }) => runId === `${checkout.checkoutId}/pay/${attempt}`);
  if (!run || runs.some(({ runId }) => runId === giveBackId(checkout, attempt, provider)))
    return false;
  const act = findAct(run, "authorize", provider);
  return run.ended === "undone" || act?.state === "undone" || act?.state === "refused";
}

async function lateMoney(
  notice: Notice,
  checkout: Checkout,
  { deps, call }: Asking,
): Promise<Aftermath | undefined> {
  const { shopId, checkoutId } = checkout;
  const attempt = attemptOf(notice) ?? 0;
  const name = paymentName({ shopId, checkoutId }, attempt);
  const method = paymentOf(checkout, attempt)?.method ?? "card";
  const { provider, reference } = notice;
  // Nobody told of what a last look looks for: its provider's name for it is not known.
  const known = { ...name, method, ...(reference === "" ? {} : { reference }) };
  const secured = await deps.payments[provider].lookUp(known, call);
  return secured && { is: "lateMoney", attempt, secured };
}

function isOwn({ provider, ...notice }: Notice, { paidBy }: Checkout): boolean {
  if (paidBy?.secured.provider !== provider) return false;
  const attempt = attemptOf(notice);
  const paidAttempt = readReference(paidBy.paymentReference)?.attempt;
  return attempt === undefined || attempt === paidAttempt;
}

function attemptOf({ ourReference }: Pick<Notice, "ourReference">): number | undefined {
  return readReference(ourReference)?.attempt;
}

/** The run that gives late money of an attempt back; each attempt and provider has one at most. */
export function giveBackId(
  { checkoutId }: Checkout,
  attempt: number,
  provider: ProviderName,
): string {
  return `${checkoutId}/give-back/${attempt}/${provider}`;
}

function refundMeant(notice: Notice, { refunds = [] }: Checkout): Refund | undefined {
  const part = readReference(notice.ourReference)?.part;
  return refunds.find(({ n, reference }) => part === `r${n}` || reference === notice.about);
}

function captureMeant(notice: Notice, { captures = [] }: Checkout): Capture | undefined {
  const part = readReference(notice.ourReference)?.part;
  return captures.find(({ n }) => part === `c${n}`) ?? (part ? undefined : captures[0]);
}
