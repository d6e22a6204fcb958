import { env as bindings } from "cloudflare:workers";
import { Socket } from "node:net";
import pg from "pg";
import { expect, vi } from "vitest";
import { feedStub } from "../../../durable-objects/placement.ts";
import { lifeOf, orderOf } from "../../../orders/testing/order-fixtures.ts";
import { FeedName } from "../../../schema/feeds.ts";
import type { OrderId, ShopId } from "../../../schema/ids.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import { type RegionCode, regionCodes, regions } from "../../../schema/regions.ts";
import { eventually } from "../../../test/eventually.ts";
import { wakeFeeds } from "../wake-feeds.ts";

/** What vitest.config.ts adds to the product's bindings. */
const env = bindings as Env & { POSTGRES_US: Hyperdrive };

const EVER = { sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER };
const CAUGHT_UP = { withinMs: 1_200_000, gapMs: 500 }; // a hundred thousand effects of each
const PRICE_MINOR = orderOf().total.amountMinor;

/**
 * The real feeds of a region, before anything happens there: what each did for a shop is counted
 * where it did it.
 */
export async function feedsOver(region: RegionCode, shopId: ShopId) {
  const { heard, endpointId } = await merchantIn(region, shopId);
  const stub = (feed: FeedName) => feedStub(env, region, feed);
  const lags = async () => {
    await wakeFeeds(region, env);
    const views = FeedName.options.map((feed) => stub(feed).view({ region, feed }));
    // A feed's own lag leaves an endpoint out that fails for now.
    const webhooks = { region, feed: "webhooks" } as const;
    const endpoint = await stub("webhooks").endpointState(webhooks, { shopId, endpointId });
    if (isRefusal(endpoint)) throw new Error(endpoint.refused);
    return [endpoint, ...(await Promise.all(views))].map(({ lag }) => lag.events);
  };
  const sums = async () => {
    const hours = await stub("analytics").rollups(
      { region, feed: "analytics" },
      { shopId, ...EVER },
    );
    return hours.map(({ orders, captures, capturedMinor }) => [orders, captures, capturedMinor]);
  };
  return {
    /** Waits until the feeds stand at the log's end. */
    didEachThingOnce: async (orderIds: readonly OrderId[]): Promise<void> => {
      await eventually(lags, (all) => all.every((events) => events === 0), CAUGHT_UP);
      const { length } = orderIds;
      const sorted = orderIds.toSorted();

      expect(await sums()).toEqual([[length, length, length * PRICE_MINOR]]);
      const mails = await stub("mail").mails(shopId, length + 1);
      expect(mails.map(({ orderId }) => orderId).toSorted()).toEqual(sorted);
      for (const other of regionCodes.filter((code) => code !== region)) {
        expect(await stubsIn(other, region)).toEqual({
          region: other,
          stubs: length,
          latest: length,
        });
      }
      // The same event twice has the same id, by which a merchant knows it; none overtakes another.
      expect([...heard.keys()].toSorted()).toEqual(sorted);
      const life = lifeOf(orderOf()).map(({ sequence }) => sequence);
      for (const sequences of heard.values()) expect([...sequences]).toEqual(life);
    },
  };
}

/** A merchant's server, and which events of each order it heard, each once, as they came first. */
async function merchantIn(region: RegionCode, shopId: ShopId) {
  const heard = new Map<string, Set<number>>();
  const url = `https://shop.example/${region}`;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    expect(String(input)).toBe(url);
    const [orderId = "", sequence] = (new Headers(init?.headers).get("webhook-id") ?? "").split(
      "/",
    );
    heard.set(orderId, (heard.get(orderId) ?? new Set()).add(Number(sequence)));
    return new Response("thanks");
  });
  const place = { region, feed: "webhooks" } as const;
  const made = await feedStub(env, region, place.feed).register(place, { shopId, url });
  if (isRefusal(made)) throw new Error(made.refused);
  return { heard, endpointId: made.endpointId };
}

/** Asked of the database: a store answers one stub at a time. */
async function stubsIn(region: RegionCode, home: RegionCode) {
  const query = `SELECT count(*) AS stubs, count(*) FILTER (WHERE version = 3) AS latest
    FROM order_stubs WHERE region = '${home}'`;
  const counts = region === "us" ? await postgresRow(query) : await d1Row(region, query);
  return { region, stubs: Number(counts?.stubs), latest: Number(counts?.latest) };
}

type Counts = { stubs: number | string; latest: number | string };

function d1Row(region: RegionCode, query: string) {
  return env[regions[region].bindings.orders].prepare(query).first<Counts>();
}

async function postgresRow(query: string) {
  const client = new pg.Client({
    connectionString: env.POSTGRES_US.connectionString,
    stream: () => new Socket(),
  });
  await client.connect();
  try {
    const { rows } = await client.query<Counts>(query);
    return rows[0];
  } finally {
    await client.end();
  }
}
