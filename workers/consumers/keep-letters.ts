import { type DeadLetter, letterIdOf } from "../../orders/dead-letter.ts";
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
  const letters: DeadLetter[] = [];
  for (const message of batch.messages) {
    const { event, cause } = readEvent(message.body, region);
    const failed = event ? await applyEvents(store, [event]) : { cause };
    if (failed) letters.push(letterOf(message, batch.queue, failed.cause ?? ""));
    else if (event) await tellApplied([event], env);
  }
  // A throw brings the whole batch back; keeping a letter twice is one letter.
  await keepAll(letters, store);
}

type Kept = { readonly store: OrderStore; readonly queue: string; readonly cause: string };

/** Throws: when the store is away. */
export async function keepLetter(message: Message, { store, queue, cause }: Kept): Promise<void> {
  await keepAll([letterOf(message, queue, cause)], store);
}

async function keepAll(letters: readonly DeadLetter[], store: OrderStore): Promise<void> {
  if (letters.length > 0) await store.keepDeadLetters(letters);
  for (const { letterId, queue, cause } of letters) {
    console.error({ event: "dead_letter.kept", letterId, queue, cause });
  }
}

function letterOf({ id, body, attempts }: Message, queue: string, cause: string): DeadLetter {
  const about = aboutOf(body);
  return {
    letterId: letterIdOf(queue, about.id ?? id),
    queue,
    shopId: about.shopid,
    reference: about.subject,
    cause,
    body: JSON.stringify(body) ?? "null",
    attempts,
    atMs: Date.now(),
  };
}
