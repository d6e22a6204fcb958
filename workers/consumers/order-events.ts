import type { OrderStore } from "../../orders/order-store.ts";
import { SENT_AGAIN_FROM_MS } from "../../schema/durations.ts";
import type { OrderEvent } from "../../schema/events.ts";
import type { RegionCode } from "../../schema/regions.ts";
import type { ShopEvent } from "../../schema/shop-events.ts";
import { applyEvents, tellApplied } from "./apply-events.ts";
import { fillGaps } from "./fill-gaps.ts";
import { keepLetter } from "./keep-letters.ts";
import { readEvent } from "./read-event.ts";
import { keepShopEvents, readShopEvent } from "./read-shop-events.ts";

const RETRY_DELAY_S = 5;
const RETRY_DELAY_LATER_S = 30; // a store that was away for minutes has all within this
const POISON_ATTEMPTS = 5;
const FAILED_IN_A_ROW_MAX = 2; // then it is the store: asking it 50 times takes minutes

/**
 * The one consumer of a region's events: order row and log row in one batch, then the object
 * hears that they are applied (decision 6). A message may come late, twice or out of order.
 */
export async function consumeOrderEvents(
  batch: MessageBatch,
  { region, store }: { readonly region: RegionCode; readonly store: OrderStore },
  env: Env,
): Promise<void> {
  const readable: Readable[] = [];
  const told: Told[] = [];
  const keeper = { store, queue: `${batch.queue}-dlq` };
  for (const message of batch.messages) {
    const { event, cause } = readEvent(message.body, region);
    const shopEvent = event ? undefined : readShopEvent(message.body, region);
    if (shopEvent) told.push({ message, shopEvent });
    else if (event) readable.push({ message, event });
    else await retryOrKeep(message, cause, keeper);
  }
  const applied = await storeAll(readable, keeper);
  for (const { message } of applied) message.ack();
  const events = applied.map(({ event }) => event);
  await tellApplied(events, env);
  await fillGaps(events, store, env);
  await keepTold(told, store);
}

type Told = { readonly message: Message; readonly shopEvent: ShopEvent };

/** They are about no order, so neither the log nor an object waits for them. */
async function keepTold(told: readonly Told[], store: OrderStore): Promise<void> {
  try {
    await keepShopEvents(
      told.map(({ shopEvent }) => shopEvent),
      store,
    );
    for (const { message } of told) message.ack();
  } catch (problem) {
    console.error({ event: "shop_events.not_kept", problem: String(problem) });
    for (const { message } of told) message.retry({ delaySeconds: RETRY_DELAY_S });
  }
}

type Readable = { readonly message: Message; readonly event: OrderEvent };
type Keeper = { readonly store: OrderStore; readonly queue: string };

/** Answers what is stored; the rest goes again, later. */
async function storeAll(
  readable: readonly Readable[],
  keeper: Keeper,
): Promise<readonly Readable[]> {
  const { store } = keeper;
  const failed = await applyEvents(
    store,
    readable.map(({ event }) => event),
  );
  if (!failed) return readable;
  // One of them may be poison: alone, each shows whether it is.
  const stored: Readable[] = [];
  let failedInARow = 0;
  for (const { message, event } of readable) {
    const isAway = failedInARow >= FAILED_IN_A_ROW_MAX;
    const alone = isAway ? failed : await applyEvents(store, [event]);
    if (!alone) stored.push({ message, event });
    else if (isAway) awaitStore(message, event);
    else await retryOrKeep(message, alone.cause, keeper);
    failedInARow = alone ? failedInARow + 1 : 0;
  }
  return stored;
}

/**
 * The queue holds an event once for a store that is away. A copy that was sent again is let go: its
 * outbox sends the next one, and a store that comes back would be busy for minutes with all of them.
 */
function awaitStore(message: Message, { time }: OrderEvent): void {
  const isCopy = message.timestamp.getTime() - Date.parse(time) > SENT_AGAIN_FROM_MS;
  if (isCopy) message.ack();
  else message.retry({ delaySeconds: delayOf(message) });
}

/**
 * What fails alone, again and again, is poison and no business of the queue any more; unless not
 * even its letter can be kept: then the store is away, and the queue holds the message for it.
 */
async function retryOrKeep(message: Message, cause: string, { store, queue }: Keeper) {
  if (message.attempts < POISON_ATTEMPTS) {
    message.retry({ delaySeconds: delayOf(message) });
    return;
  }
  try {
    await keepLetter(message, { store, queue, cause });
    message.ack();
  } catch (problem) {
    console.error({ event: "consumer.letter_unkept", problem: String(problem) });
    message.retry({ delaySeconds: delayOf(message) });
  }
}

function delayOf({ attempts }: Message): number {
  return attempts < POISON_ATTEMPTS ? RETRY_DELAY_S : RETRY_DELAY_LATER_S;
}
