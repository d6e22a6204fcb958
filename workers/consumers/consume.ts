import { orderStoreOf } from "../../orders/region-order-store.ts";
import { assert } from "../../schema/outcome.ts";
import { RegionCode } from "../../schema/regions.ts";
import { keepDeadLetters } from "./keep-letters.ts";
import { consumeOrderEvents } from "./order-events.ts";

/** Sends a batch to its consumer by the queue's name: `events-<region>` or its `-dlq`. */
export async function consume(batch: MessageBatch, env: Env): Promise<void> {
  const [, code, isDead] = /^events-([a-z]+)(-dlq)?$/.exec(batch.queue) ?? [];
  const region = RegionCode.safeParse(code);
  assert(region.success, `${batch.queue} is a queue of a region`);
  const home = { region: region.data, store: orderStoreOf(env, region.data) };
  if (isDead) await keepDeadLetters(batch, home, env);
  else await consumeOrderEvents(batch, home, env);
}
