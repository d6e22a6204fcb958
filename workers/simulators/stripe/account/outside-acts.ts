/**
 * What no call of the merchant's program does to a payment: the shopper's own act, the dispute of the
 * shopper's bank, and what the merchant does by hand in the dashboard.
 */

import type { World } from "../calls/stripe-world.ts";
import { cancelIntent, captureIntent } from "../intents/capture-and-cancel.ts";
import { finishAction } from "../intents/confirm-intent.ts";
import {
  type DisputeInput,
  type DisputeMove,
  moveDispute,
  openDispute,
} from "../intents/dispute-intent.ts";
import type { Change, Intent } from "../intents/intent.ts";
import { refundIntent, refundPlanOf } from "../intents/refund-intent.ts";
import { type ApiError, isError, noSuch } from "../intents/stripe-errors.ts";

/** A verdict about a payment that nobody disputed yet opens the dispute first. */
export function disputeNow(
  world: World,
  id: string,
  { move, input }: { readonly move: DisputeMove; readonly input: DisputeInput },
): Intent | ApiError {
  const before = world.intent(id);
  if (before === null) return noSuch("payment_intent", id, "intent");
  const opens = move === "open" || before.dispute === null;
  const opened = opens ? openDispute(before, input, world.moment) : null;
  if (opened && isError(opened)) return opened;
  const disputed = opened ? world.save(opened) : before;
  if (move === "open") return disputed;
  const moved = moveDispute(disputed, move, world.moment);
  return isError(moved) ? moved : world.save(moved);
}

export const dashboardActs = ["capture", "refund", "cancel"] as const;
export type DashboardAct = (typeof dashboardActs)[number];

/** By hand, in the dashboard: no request, no key, and none of the caller's metadata. `amount` null is all. */
export function actInDashboard(
  world: World,
  id: string,
  { act, amount }: { readonly act: DashboardAct; readonly amount: number | null },
): Intent | ApiError {
  const before = world.intent(id);
  if (before === null) return noSuch("payment_intent", id, "intent");
  const change = dashboardChange(before, { act, amount }, world);
  if (isError(change)) return change;
  const intent = world.save(change);
  if (change.refund && refundPlanOf(before)) world.settleRefundLater(change.refund.id);
  return intent;
}

function dashboardChange(
  before: Intent,
  { act, amount }: { readonly act: DashboardAct; readonly amount: number | null },
  { moment }: World,
): Change | ApiError {
  switch (act) {
    case "capture": {
      const input = { amount, metadata: null, finalCapture: true };
      return captureIntent(before, input, moment);
    }
    case "refund":
      return refundIntent(
        before,
        { amount, reason: "requested_by_customer", metadata: {} },
        moment,
      );
    case "cancel":
      return cancelIntent(before, "requested_by_customer", moment);
  }
}

/** The planned act of a shopper. Nothing when the payment was confirmed again since: that attempt has a shopper of its own. */
export function actAsShopper(world: World, body: string): void {
  const { id, attempt, act } = JSON.parse(body);
  const intent = world.intent(id);
  if (intent === null || intent.attempts !== attempt) return;
  const change = finishAction(intent, act === "approve", world.moment);
  if (change) world.save(change);
}
