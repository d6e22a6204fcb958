import { readReference } from "../../../payments/payment-reference.ts";
import type { Dispute, Standing } from "../../../payments/provider.ts";
import type { Notice } from "../../../payments/webhook-notice.ts";
import { isMoneyCallOut } from "../after-sale/money-queue.ts";
import { captureRequest, paidOf, refundRequest } from "../after-sale/provider-requests.ts";
import type { Capture, Refund } from "../sale/after-sale-acts.ts";
import { type Checkout, isUntaken } from "../sale/checkout.ts";
import type { Asking, LateMoney, Seen } from "./late-money.ts";
import { findLateMoney, isOfOrder, isStrayMoney } from "./late-money.ts";
import { mayBeOutsideAct } from "./outside-acts.ts";

/** What a notice can mean for a sale of which no run waits for it. */
export type ProviderNews =
  | LateMoney
  /** A refund that was done came back. */
  | { readonly is: "refundReturned"; readonly n: number }
  /** A capture that was confirmed was taken back by the bank. */
  | { readonly is: "captureFailed"; readonly n: number; readonly reason: string }
  /** Nobody took the authorized money in time. */
  | { readonly is: "lapsed" }
  | { readonly is: "disputed"; readonly disputes: readonly Dispute[] }
  /** Something was done in the provider's own dashboard. */
  | { readonly is: "outsideActs"; readonly standing: Standing }
  /** A money call of ours is out: what it does cannot be told from what others did, until it is back. */
  | { readonly is: "unclear" };

/** Whether this notice can change anything: while a run is under way any of them can. */
export function isWorthAsking(notice: Notice, { checkout, runs }: Seen): boolean {
  if (runs.some(({ ended, stuckAt }) => !ended && !stuckAt)) return true;
  if (notice.kind === "dispute" || notice.kind === "expiry") return true;
  if (notice.kind === "refund" || notice.kind === "capture") {
    if (!notice.success) return true;
  }
  if (mayBeOutsideAct(notice, checkout)) return true;
  return notice.success && isStrayMoney(notice, { checkout, runs });
}

/**
 * Finds out, by asking the provider, what a notice means beside the runs that wait for theirs.
 * Throws: when the provider cannot be asked now; the notice is then looked into again.
 */
export async function newsOf(
  notice: Notice,
  seen: Seen,
  asking: Asking,
): Promise<ProviderNews | undefined> {
  const { checkout } = seen;
  if (isStrayMoney(notice, seen)) return findLateMoney(notice, checkout, asking);
  if (!isOfOrder(notice, checkout)) return undefined;
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
  if (notice.kind === "expiry" && isUntaken(checkout)) {
    return (await hasLapsed(checkout, asking)) ? { is: "lapsed" } : undefined;
  }
  return mayBeOutsideAct(notice, checkout) ? standingNews(checkout, asking) : undefined;
}

async function standingNews(checkout: Checkout, { deps, call }: Asking): Promise<ProviderNews> {
  if (isMoneyCallOut(checkout)) return { is: "unclear" };
  const { sale, paidBy } = paidOf(checkout);
  const { paymentReference, secured } = paidBy;
  const payment = { ...sale, paymentReference, secured };
  const standing = await deps.payments[secured.provider].standing(payment, call);
  return { is: "outsideActs", standing };
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

function refundMeant(notice: Notice, { refunds = [] }: Checkout): Refund | undefined {
  const part = readReference(notice.ourReference)?.part;
  return refunds.find(({ n, reference }) => part === `r${n}` || reference === notice.about);
}

function captureMeant(notice: Notice, { captures = [] }: Checkout): Capture | undefined {
  const part = readReference(notice.ourReference)?.part;
  return captures.find(({ n }) => part === `c${n}`) ?? (part ? undefined : captures[0]);
}
