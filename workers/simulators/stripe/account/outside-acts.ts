/** What no call of the API does to a payment: the shopper's own act, and the dispute of the shopper's bank. */

import type { World } from "../calls/stripe-world.ts";
import { finishAction } from "../intents/confirm-intent.ts";
import {
  type DisputeInput,
  type DisputeMove,
  moveDispute,
  openDispute,
} from "../intents/dispute-intent.ts";
import type { Intent } from "../intents/intent.ts";
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

/** The planned act of a shopper. Nothing when the payment was confirmed again since: that attempt has a shopper of its own. */
export function actAsShopper(world: World, body: string): void {
  const { id, attempt, act } = JSON.parse(body);
  const intent = world.intent(id);
  if (intent === null || intent.attempts !== attempt) return;
  const change = finishAction(intent, act === "approve", world.moment);
  if (change) world.save(change);
}
