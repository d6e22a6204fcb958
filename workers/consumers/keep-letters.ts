import { letterIdOf } from "../../orders/dead-letter.ts";
import type { OrderStore } from "../../orders/order-store.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { applyEvents, tellApplied } from "./apply-events.ts";
import { aboutOf, readEvent } from "./read-event.ts";

/**
 * Keeps what the events' consumer gave up on, with its cause: a dead-letter queue without this
 * drops it. An event that can be stored by now is no dead letter.
 */
export async function keepDeadLetters(
  batch: MessageBatch,
  { region, store }: { readonly region: RegionCode; readonly store: OrderStore },
  env: Env,
): Promise<void> {
  for (const message of batch.messages) {
    const { event, cause } = readEvent(message.body, region);
    const failed = event ? await applyEvents(store, [event]) : { cause };
    // A throw brings the whole batch back; keeping a letter twice is one letter.
    if (failed) await keepLetter(message, { store, queue: batch.queue, cause: failed.cause ?? "" });
    else if (event) await tellApplied([event], env);
  }
}

type Kept = { readonly store: OrderStore; readonly queue: string; readonly cause: string };

/** Throws: when the store is away. */
export async function keepLetter(message: Message, { store, queue, cause }: Kept): Promise<void> {
  const { id, body, attempts } = message;
  const about = aboutOf(body);
  const letterId = letterIdOf(queue, about.id ?? id);
  await store.keepDeadLetters([
    {
      letterId,
      queue,
      shopId: about.shopid,
      reference: about.subject,
      cause,
      body: JSON.stringify(body) ?? "null",
      attempts,
      atMs: Date.now(),
    },
  ]);
  console.error({ event: "dead_letter.kept", letterId, queue, cause });
}
