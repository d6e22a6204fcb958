import { type DeadLetter, letterIdOf } from "../../orders/dead-letter.ts";
import type { OrderStore } from "../../orders/order-store.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { applyEvents, tellApplied } from "./apply.ts";
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
    if (!failed) {
      if (event) await tellApplied([event], env);
      continue;
    }
    const letter = letterOf(message, batch.queue, failed.cause ?? "");
    // A throw brings the whole batch back; keeping a letter twice is one letter.
    await store.keepDeadLetters([letter]);
    const { letterId, queue } = letter;
    console.error({ event: "dead_letter.kept", letterId, queue, cause: letter.cause });
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
