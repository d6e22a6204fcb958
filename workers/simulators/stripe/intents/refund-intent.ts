/** Money that goes back to the shopper. Pure. */

import type { Change, Intent, Metadata, Moment, Refund } from "./intent.ts";
import { childId, refundedOf } from "./intent.ts";
import { type ApiError, invalid } from "./stripe-errors.ts";
import { cardOf, type RefundPlan } from "./test-tokens.ts";

export function refundPlanOf({ charge, local }: Intent): RefundPlan | null {
  return cardOf(charge?.token ?? "")?.refund ?? local?.refund ?? null;
}

export interface RefundInput {
  /** `null` refunds all that is left. */
  readonly amount: number | null;
  readonly reason: string | null;
  readonly metadata: Metadata;
}

type Refunded = Change & { readonly refund: Refund };

/** Never more than was captured, over all refunds that did not fail; nothing while the bank disputes it or has won. */
function refuseRefund(before: Intent, wanted: number | null): ApiError | null {
  if (before.amountReceived === 0 || before.charge === null) {
    return invalid(
      `This PaymentIntent (${before.id}) does not have a successful charge to refund.`,
      { param: "payment_intent", executed: true },
    );
  }
  const { dispute } = before;
  if (dispute !== null && dispute.withdrawnMs !== null && dispute.status !== "won") {
    return invalid(`Charge ${before.charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
      executed: true,
    });
  }
  const left = before.amountReceived - refundedOf(before);
  if (left === 0) {
    return invalid(`Charge ${before.charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
      executed: true,
    });
  }
  return wanted !== null && wanted > left
    ? invalid(
        `Refund amount (${wanted} ${before.currency}) is greater than unrefunded amount on charge (${left} ${before.currency})`,
        { param: "amount", executed: true },
      )
    : null;
}

export function refundIntent(
  before: Intent,
  input: RefundInput,
  moment: Moment,
): Refunded | ApiError {
  const refused = refuseRefund(before, input.amount);
  if (refused) return refused;
  const isPending = refundPlanOf(before)?.startsWith("pending") ?? false;
  const refund: Refund = {
    id: childId("re", before.id, before.refunds.length + 1),
    createdMs: moment.nowMs,
    amount: input.amount ?? before.amountReceived - refundedOf(before),
    status: isPending ? "pending" : "succeeded",
    reason: input.reason,
    metadata: input.metadata,
    debitedMs: isPending ? null : moment.nowMs,
    returnedMs: null,
    failureReason: null,
  };
  return {
    intent: { ...before, refunds: [...before.refunds, refund] },
    events: ["refund.created", "charge.refunded"],
    refund,
  };
}

/** The later news of a refund that was pending, or that the bank sends back. */
export function settleRefund(before: Intent, refundId: string, nowMs: number): Refunded | null {
  const refund = before.refunds.find(({ id }) => id === refundId);
  const plan = refundPlanOf(before);
  if (!refund || !plan) return null;
  const status = plan === "pending" ? "succeeded" : "failed";
  if (refund.status === status) return null;
  const failureReason = before.local === null ? "expired_or_canceled_card" : "unknown";
  const settled: Refund =
    status === "succeeded"
      ? { ...refund, status, debitedMs: nowMs }
      : { ...refund, status, failureReason, returnedMs: refund.debitedMs === null ? null : nowMs };
  return {
    intent: {
      ...before,
      refunds: before.refunds.map((item) => (item.id === refundId ? settled : item)),
    },
    events:
      status === "failed"
        ? ["refund.updated", "refund.failed", "charge.refund.updated"]
        : ["refund.updated", "charge.refund.updated"],
    refund: settled,
  };
}
