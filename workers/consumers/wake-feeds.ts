import { feedStub } from "../../durable-objects/placement.ts";
import { FeedName } from "../../schema/feeds.ts";
import type { RegionCode } from "../../schema/regions.ts";

/** Says to a region's feeds that there is more in the log. One that cannot be told looks by itself. */
export async function wakeFeeds(region: RegionCode, env: Env): Promise<void> {
  await Promise.all(
    FeedName.options.map(async (feed) => {
      try {
        await feedStub(env, region, feed).wake({ region, feed });
      } catch (problem) {
        console.error({ event: "consumer.feed_unwoken", region, feed, problem: String(problem) });
      }
    }),
  );
}
