/** A shopper's bank that takes a payment back. Pure. */

import type { Change, Dispute, Intent, Moment } from "./intent.ts";
import { childId } from "./intent.ts";
import { type ApiError, invalid } from "./stripe-errors.ts";

export type DisputeMove = "open" | "under_review" | "won" | "lost";

export interface DisputeInput {
  /** `null` disputes all that was captured. */
  readonly amount: number | null;
  readonly reason: string;
  /** A question of the bank's: no money moves. */
  readonly isInquiry: boolean;
}

/** Takes the money at once, as the card networks do; an inquiry only asks. */
export function openDispute(
  before: Intent,
  input: DisputeInput,
  moment: Moment,
): Change | ApiError {
  if (before.amountReceived === 0) {
    return invalid(`${before.id} has nothing captured that could be disputed.`);
  }
  if (before.dispute !== null) return invalid(`${before.id} has been disputed already.`);
  const amount = input.amount ?? before.amountReceived;
  if (amount < 1 || amount > before.amountReceived) {
    return invalid(`amount is between 1 and ${before.amountReceived}`, { param: "amount" });
  }
  const { nowMs } = moment;
  const dispute: Dispute = {
    id: childId("du", before.id, 1),
    createdMs: nowMs,
    amount,
    reason: input.reason,
    status: input.isInquiry ? "warning_needs_response" : "needs_response",
    withdrawnMs: input.isInquiry ? null : nowMs,
    reinstatedMs: null,
    closedMs: null,
  };
  return {
    intent: { ...before, dispute },
    events: input.isInquiry
      ? ["charge.dispute.created"]
      : ["charge.dispute.created", "charge.dispute.funds_withdrawn"],
  };
}

const isWarning = (dispute: Dispute): boolean => dispute.status.startsWith("warning_");

/** An open dispute goes under review, or ends: won gives the money back, lost keeps it away. */
export function moveDispute(
  before: Intent,
  move: Exclude<DisputeMove, "open">,
  { nowMs }: Moment,
): Change | ApiError {
  const { dispute } = before;
  if (dispute === null || dispute.closedMs !== null) {
    return invalid(`${before.id} has no open dispute.`);
  }
  if (move === "under_review") {
    const status = isWarning(dispute) ? "warning_under_review" : "under_review";
    return {
      intent: { ...before, dispute: { ...dispute, status } },
      events: ["charge.dispute.updated"],
    };
  }
  const givesBack = move === "won" && dispute.withdrawnMs !== null;
  const closed: Dispute = {
    ...dispute,
    status: isWarning(dispute) ? "warning_closed" : move,
    reinstatedMs: givesBack ? nowMs : null,
    closedMs: nowMs,
  };
  return {
    intent: { ...before, dispute: closed },
    events: givesBack
      ? ["charge.dispute.funds_reinstated", "charge.dispute.closed"]
      : ["charge.dispute.closed"],
  };
}
