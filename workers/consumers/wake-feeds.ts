import type { LogPart } from "../../durable-objects/feed/following/handed-log.ts";
import { feedStub } from "../../durable-objects/placement.ts";
import type { OrderStore } from "../../orders/order-store.ts";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { FeedName } from "../../schema/feeds.ts";
import type { RegionCode } from "../../schema/regions.ts";

const PART_MAX = 200;
const BACKWARDS = 50; // of a long log: feeds that keep up stand within it

/** Where the log ended when this isolate last read it, by region: what follows is news to its feeds. */
const endsRead = new Map<RegionCode, number>();

/**
 * Says to a region's feeds that there is more in the log, and what: read once here, it is read by none
 * of them (decision 29). One that cannot be told looks by itself.
 */
export async function wakeFeeds(
  region: RegionCode,
  env: Env,
  log: Log = orderStoreOf(env, region),
): Promise<void> {
  const part = await newestPart(region, log);
  await Promise.all(
    FeedName.options.map(async (feed) => {
      try {
        await feedStub(env, region, feed).wake({ region, feed }, part);
      } catch (problem) {
        console.error({ event: "consumer.feed_unwoken", region, feed, problem: String(problem) });
      }
    }),
  );
}

type Log = Pick<OrderStore, "log" | "logOf" | "head">;

/** Undefined where it cannot be read, or is more than one part: the feeds then read it themselves. */
async function newestPart(region: RegionCode, log: Log): Promise<LogPart | undefined> {
  try {
    const afterOffset = endsRead.get(region) ?? Math.max(0, (await log.head()) - BACKWARDS);
    const events = await log.log({ afterOffset, limit: PART_MAX });
    const end = events.at(-1)?.offset;
    if (events.length === PART_MAX) endsRead.delete(region);
    else if (end !== undefined) endsRead.set(region, end);
    if (events.length === PART_MAX) return undefined;
    const known = await log.logOf([...new Set(events.map(({ event }) => event.subject))]);
    const before = known.filter(({ offset }) => offset <= afterOffset);
    return { afterOffset, events, before };
  } catch (problem) {
    console.error({ event: "consumer.log_unread", region, problem: String(problem) });
    return undefined;
  }
}
