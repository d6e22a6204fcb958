import { checkoutStub } from "../../durable-objects/placement.ts";
import { type DeadLetter, letterIdOf } from "../../orders/dead-letter.ts";
import type { Missing, OrderStore } from "../../orders/order-store.ts";
import type { OrderEvent } from "../../schema/events.ts";
import { type CheckoutId, checkoutIdOf, type OrderId, type ShopId } from "../../schema/ids.ts";
import { applyEvents, tellApplied } from "./apply.ts";

const LOG_GAP = "log-gap";

/**
 * Looks whether the log lacks an event before one of these, and fills it from the object, which
 * keeps each event until it hears that it is stored. What not even the object has any more (a
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
    const orderIds = [...new Set(suspects.map(({ subject }) => subject))];
    const missing = await store.missing(orderIds);
    for (const [orderId, gaps] of Map.groupBy(missing, (gap) => gap.orderId)) {
      const shopId = suspects.find(({ subject }) => subject === orderId)?.shopid;
      if (shopId) await fill({ shopId, orderId, gaps }, store, env);
    }
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

type Gap = {
  readonly shopId: ShopId;
  readonly orderId: OrderId;
  readonly gaps: readonly Missing[];
};

async function fill({ shopId, orderId, gaps }: Gap, store: OrderStore, env: Env): Promise<void> {
  const checkoutId = checkoutIdOf(orderId);
  const sequences = gaps.map(({ sequence }) => sequence);
  console.warn({ event: "consumer.gap", checkoutId, sequences: sequences.join(",") });
  const unapplied = (await checkoutStub(env, shopId, checkoutId).snapshot())?.unapplied ?? [];
  if (unapplied.length > 0 && !(await applyEvents(store, unapplied))) {
    await tellApplied(unapplied, env);
  }
  // Asked anew: an event that the object has let go meanwhile came in by the queue.
  const sent = new Set(unapplied.map(({ sequence }) => sequence));
  const lost = (await store.missing([orderId])).filter(({ sequence }) => !sent.has(sequence));
  const nowMs = Date.now();
  await store.keepDeadLetters(lost.map((gap) => letterOf(gap, { shopId, checkoutId, nowMs })));
}

type Where = { readonly shopId: ShopId; readonly checkoutId: CheckoutId; readonly nowMs: number };

function letterOf(
  { orderId, sequence }: Missing,
  { shopId, checkoutId, nowMs }: Where,
): DeadLetter {
  return {
    letterId: letterIdOf(LOG_GAP, `${orderId}/${sequence}`),
    queue: LOG_GAP,
    shopId,
    reference: orderId,
    cause: "The log lacks this event, and the checkout's object does not keep it any more.",
    body: JSON.stringify({ orderId, checkoutId, sequence }),
    attempts: 1,
    atMs: nowMs,
  };
}
