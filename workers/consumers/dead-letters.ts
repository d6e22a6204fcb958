import type { OrderStore } from "../../orders/order-store.ts";

/** Keeps what the events' consumer gave up on: a dead-letter queue without this drops it. */
export async function keepDeadLetters(
  batch: MessageBatch,
  store: OrderStore,
  nowMs: number,
): Promise<void> {
  const letters = batch.messages.map(({ id, body, attempts }) => ({
    messageId: id,
    queue: batch.queue,
    body: JSON.stringify(body) ?? "null",
    attempts,
    atMs: nowMs,
  }));
  // A throw brings the whole batch back; keeping a letter twice is one letter.
  await store.keepDeadLetters(letters);
  for (const { messageId, queue } of letters) {
    console.error({ event: "dead_letter.kept", messageId, queue });
  }
}
