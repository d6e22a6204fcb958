import type { OrderStore } from "../../orders/order-store.ts";
import type { OrderEvent } from "../../schema/events.ts";
import type { RegionCode } from "../../schema/regions.ts";
import { applyEvents, tellApplied } from "./apply.ts";
import { wakeFeeds } from "./feeds.ts";
import { fillGaps } from "./gaps.ts";
import { readEvent } from "./read-event.ts";

const RETRY_DELAY_S = 5;

/**
 * The one consumer of a region's events: order row and log row in one batch, then the object
 * hears that they are applied. A message may come late, twice or out of order.
 */
export async function consumeOrderEvents(
  batch: MessageBatch,
  { region, store }: { readonly region: RegionCode; readonly store: OrderStore },
  env: Env,
): Promise<void> {
  const readable: Readable[] = [];
  for (const message of batch.messages) {
    const { event } = readEvent(message.body, region);
    if (event) readable.push({ message, event });
    // What is no event of this region never will be: it goes to the dead letters by its retries.
    else message.retry();
  }
  const applied = await storeAll(readable, store);
  for (const { message } of applied) message.ack();
  const events = applied.map(({ event }) => event);
  // Before the objects hear of it: whatever dies in between, their outboxes bring it here again.
  if (events.length > 0) await wakeFeeds(region, env);
  await tellApplied(events, env);
  await fillGaps(events, store, env);
}

type Readable = { readonly message: Message; readonly event: OrderEvent };

/** Answers what is stored; the rest goes again, later. */
async function storeAll(
  readable: readonly Readable[],
  store: OrderStore,
): Promise<readonly Readable[]> {
  const failed = await applyEvents(
    store,
    readable.map(({ event }) => event),
  );
  if (!failed) return readable;
  // One of them may be poison: alone, each shows whether it is.
  const stored: Readable[] = [];
  for (const each of readable) {
    if (await applyEvents(store, [each.event])) each.message.retry({ delaySeconds: RETRY_DELAY_S });
    else stored.push(each);
  }
  return stored;
}
