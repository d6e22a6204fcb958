import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { orderStoreOf } from "../../../orders/region-order-store.ts";
import { lifeOf, orderOf } from "../../../orders/testing/order-fixtures.ts";
import type { OrderEvent } from "../../../schema/events.ts";
import type { FeedName } from "../../../schema/feeds.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import { eventually } from "../../../test/eventually.ts";
import { feedStub } from "../../placement.ts";

const SOON = { withinMs: 10_000, gapMs: 10 };

/** One feed of one region, with what an operator sees of it. */
export function feedIn(region: RegionCode, feed: FeedName) {
  const place = { region, feed };
  // Made anew for each call: a stub does not outlive its object.
  const stub = () => feedStub(env, region, feed);
  const view = () => stub().view(place);
  return {
    place,
    get stub() {
      return stub();
    },
    view,
    wake: () => stub().wake(place),
    /** Wakes it and waits until it has been through the log. */
    caughtUp: async () => {
      await stub().wake(place);
      return eventually(view, ({ lag }) => lag.events === 0, SOON);
    },
    until: (accept: (seen: Awaited<ReturnType<typeof view>>) => boolean) =>
      eventually(view, accept, SOON),
    rows: (query: string) =>
      runInDurableObject(stub(), (_object, { storage }) => storage.sql.exec(query).toArray()),
  };
}

export const apply = (region: RegionCode, ...events: readonly OrderEvent[]) =>
  orderStoreOf(env, region).apply(events);

/** A sale's three events, as another region's. */
export function lifeIn(region: RegionCode) {
  return lifeOf(orderOf({ region }));
}
