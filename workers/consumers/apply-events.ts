import { checkoutStub } from "../../durable-objects/placement.ts";
import type { OrderStore } from "../../orders/order-store.ts";
import type { OrderEvent } from "../../schema/events.ts";
import { lettersOf } from "./business-letters.ts";
import { wakeFeeds } from "./wake-feeds.ts";

const CAUSE_LENGTH_MAX = 300;

/** Undefined when all is stored, else why nothing is. */
export async function applyEvents(
  store: OrderStore,
  events: readonly OrderEvent[],
): Promise<{ readonly cause: string } | undefined> {
  try {
    await store.apply(events, lettersOf(events));
    return undefined;
  } catch (problem) {
    const cause = causeOf(problem);
    console.error({ event: "consumer.apply_failed", events: events.length, problem: cause });
    return { cause };
  }
}

/**
 * Wakes the region's feeds, then tells each order's object what is stored; in this order (decision 15),
 * so that after a crash in between the outbox sends the events, and with them the wake, again. An object that cannot be told sends
 * again by itself.
 */
export async function tellApplied(events: readonly OrderEvent[], env: Env): Promise<void> {
  const [first] = events;
  if (!first) return;
  await wakeFeeds(first.region, env);
  const byOrder = Map.groupBy(events, ({ subject }) => subject);
  await Promise.all([...byOrder.values()].map((ofOrder) => tell(ofOrder, env)));
}

async function tell(events: readonly OrderEvent[], env: Env): Promise<void> {
  const [first] = events;
  if (!first) return;
  const { checkoutId } = first.data;
  try {
    const versions = events.map(({ sequence }) => sequence);
    await checkoutStub(env, first.shopid, checkoutId).applied(versions);
  } catch (problem) {
    console.error({ event: "consumer.applied_untold", checkoutId, problem: String(problem) });
  }
}

/** The database's own sentence: what wraps it repeats the whole query. */
function causeOf(problem: unknown): string {
  const inner =
    problem instanceof Error && problem.cause instanceof Error ? problem.cause : problem;
  return String(inner).slice(0, CAUSE_LENGTH_MAX);
}
