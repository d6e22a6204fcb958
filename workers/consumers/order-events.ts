import { checkoutStub } from "../../durable-objects/placement.ts";
import type { OrderStore } from "../../orders/order-store.ts";
import { OrderEvent } from "../../schema/events.ts";
import type { RegionCode } from "../../schema/regions.ts";

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
  const parsed = batch.messages.map((message) => {
    const { data } = OrderEvent.safeParse(message.body);
    return { message, event: data?.region === region ? data : undefined };
  });
  // What is no event of this region never will be: it goes to the dead letters by its retries.
  for (const { message, event } of parsed) if (!event) message.retry();
  const readable = parsed.flatMap(({ message, event }) => (event ? [{ message, event }] : []));
  if (await applied(store, readable)) return acknowledge(readable, env);
  // One of them may be poison: alone, each shows whether it is.
  for (const each of readable) {
    if (await applied(store, [each])) await acknowledge([each], env);
    else each.message.retry({ delaySeconds: RETRY_DELAY_S });
  }
}

type Readable = { readonly message: Message; readonly event: OrderEvent };

async function applied(store: OrderStore, readable: readonly Readable[]): Promise<boolean> {
  try {
    await store.apply(readable.map(({ event }) => event));
    return true;
  } catch (problem) {
    const events = readable.length;
    console.error({ event: "consumer.apply_failed", events, problem: String(problem) });
    return false;
  }
}

/** Tells each order's object what is stored. One that cannot be told sends again by itself. */
async function acknowledge(readable: readonly Readable[], env: Env): Promise<void> {
  for (const { message } of readable) message.ack();
  const byOrder = Map.groupBy(
    readable.map(({ event }) => event),
    ({ subject }) => subject,
  );
  await Promise.all([...byOrder.values()].map((events) => tell(events, env)));
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
