import { checkoutStub } from "../../durable-objects/placement.ts";
import { type DeadLetter, letterIdOf } from "../../orders/dead-letter.ts";
import type { Missing, OrderStore } from "../../orders/order-store.ts";
import type { OrderEvent } from "../../schema/events.ts";
import { checkoutIdOf, type ShopId } from "../../schema/ids.ts";
import { applyEvents, tellApplied } from "./apply-events.ts";

const LOG_GAP = "log-gap";

/**
 * Looks whether the log lacks an event before one of these, and fills it from the object, which
 * keeps each event until it hears that it is stored (decision 10). What not even the object has any more (a
 * database that was set back to an older day) is a dead letter: nothing is made up for it.
 */
export async function fillGaps(
  applied: readonly OrderEvent[],
  store: OrderStore,
  env: Env,
): Promise<void> {
  const suspects = applied.filter((event) => !hasPredecessor(event, applied));
  if (suspects.length === 0) return;
  try {
    const missing = await store.missing(subjectsOf(suspects));
    if (missing.length > 0) await fill(missing, suspects, { store, env });
  } catch (problem) {
    // The outbox sends what is missing again in any case.
    console.error({ event: "consumer.gaps_unseen", problem: String(problem) });
  }
}

function hasPredecessor({ subject, sequence }: OrderEvent, events: readonly OrderEvent[]): boolean {
  const before = sequence - 1;
  return (
    before === 0 || events.some((each) => each.subject === subject && each.sequence === before)
  );
}

const subjectsOf = (events: readonly OrderEvent[]) => [
  ...new Set(events.map(({ subject }) => subject)),
];

/** All orders of a batch in one: a queue that shuffles everything has a gap in nearly each. */
async function fill(
  missing: readonly Missing[],
  suspects: readonly OrderEvent[],
  { store, env }: { readonly store: OrderStore; readonly env: Env },
): Promise<void> {
  const lacking = new Set(missing.map(({ orderId }) => orderId));
  const shops = new Map(suspects.map(({ subject, shopid }) => [subject, shopid] as const));
  const orders = [...shops].filter(([orderId]) => lacking.has(orderId));
  console.warn({ event: "consumer.gap", orders: orders.map(([orderId]) => orderId).join(",") });
  const kept = await Promise.all(
    orders.map(async ([orderId, shopId]) => {
      const snapshot = await checkoutStub(env, shopId, checkoutIdOf(orderId)).snapshot();
      return snapshot?.unapplied ?? [];
    }),
  );
  const unapplied = kept.flat();
  if (unapplied.length > 0 && !(await applyEvents(store, unapplied))) {
    await tellApplied(unapplied, env);
  }
  // Asked anew: an event that the object has let go meanwhile came in by the queue.
  const sent = new Set(unapplied.map(({ subject, sequence }) => `${subject}/${sequence}`));
  const still = await store.missing([...lacking]);
  const lost = still.filter(({ orderId, sequence }) => !sent.has(`${orderId}/${sequence}`));
  const nowMs = Date.now();
  const letters = lost.map((gap) => letterOf(gap, { shopId: shops.get(gap.orderId), nowMs }));
  if (letters.length > 0) await store.keepDeadLetters(letters);
}

type Where = { readonly shopId: ShopId | undefined; readonly nowMs: number };

function letterOf({ orderId, sequence }: Missing, { shopId, nowMs }: Where): DeadLetter {
  return {
    letterId: letterIdOf(LOG_GAP, `${orderId}/${sequence}`),
    queue: LOG_GAP,
    shopId,
    reference: orderId,
    cause: "The log lacks this event, and the checkout's object does not keep it any more.",
    body: JSON.stringify({ orderId, checkoutId: checkoutIdOf(orderId), sequence }),
    attempts: 1,
    atMs: nowMs,
  };
}
