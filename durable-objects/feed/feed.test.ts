import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { D1OrderStore } from "../../orders/d1-order-store.ts";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { lifeOf, orderOf } from "../../orders/testing/order-fixtures.ts";
import { ShopId } from "../../schema/ids.ts";
import { eventually } from "../../test/eventually.ts";
import { apply, feedIn, lifeIn } from "./testing/told-feed.ts";

const demo = ShopId.parse("demo");
const EVER = { shopId: demo, sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER };
const sums = async (feed: ReturnType<typeof feedIn>) => {
  const rollups = await feed.stub.rollups(feed.place, EVER);
  return rollups.map(({ orders, captures, capturedMinor }) => ({
    orders,
    captures,
    capturedMinor,
  }));
};

const SOON = { withinMs: 10_000, gapMs: 10 };

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("a feed that was never woken stands at the log's start, and looking leaves nothing behind", async () => {
  const feed = feedIn("sam", "analytics");
  expect(await feed.view()).toMatchObject({
    state: "running",
    offset: 0,
    end: 0,
    lag: { events: 0 },
  });
  expect(await feed.rows("SELECT name FROM sqlite_master WHERE name = 'feed'")).toEqual([]);
});

test("lag is told in events and seconds until a wake makes up for it", async () => {
  const feed = feedIn("eu", "analytics");
  await apply("eu", ...lifeOf(orderOf({ updatedAt: new Date(Date.now() - 90_000).toISOString() })));
  const { lag } = await feed.view();
  expect(lag.events).toBe(3);
  expect(lag.seconds).toBeGreaterThanOrEqual(90);
  expect(await feed.caughtUp()).toMatchObject({
    offset: 3,
    end: 3,
    lag: { events: 0, seconds: 0 },
  });
  expect(await sums(feed)).toEqual([{ orders: 1, captures: 1, capturedMinor: 1789 }]);
});

test("each event counts once, whatever dies, is doubled, or is read again", async () => {
  const feed = feedIn("us", "analytics");
  for (let sale = 0; sale < 5; sale++) {
    await apply("us", ...lifeIn("us"));
    await Promise.all([feed.wake(), feed.wake()]);
    if (sale % 2 === 0) await evictDurableObject(feed.stub);
    else await abortAllDurableObjects();
  }
  await feed.caughtUp();
  const counted = [{ orders: 5, captures: 5, capturedMinor: 5 * 1789 }];
  expect(await sums(feed)).toEqual(counted);

  await feed.stub.replay(feed.place, 4);
  await feed.caughtUp();
  expect(await sums(feed)).toEqual(counted);
  await feed.stub.replay(feed.place, 0);
  await feed.caughtUp();
  expect(await sums(feed)).toEqual(counted);
  expect(await feed.stub.replay(feed.place, 99)).toMatchObject({ refused: "offset_unknown" });
});

test("a paused feed stays where it is until it is resumed", async () => {
  const feed = feedIn("apac", "analytics");
  await apply("apac", ...lifeIn("apac"));
  await feed.caughtUp();
  await feed.stub.pause(feed.place, "a stock take");
  await apply("apac", ...lifeIn("apac"));
  await feed.wake();
  await runDurableObjectAlarm(feed.stub);
  expect(await feed.view()).toMatchObject({
    state: "paused",
    paused: { reason: "a stock take" },
    offset: 3,
    lag: { events: 3 },
  });
  await feed.stub.resume(feed.place);
  await feed.until(({ lag }) => lag.events === 0);
  expect((await feed.view()).paused).toBeUndefined();
});

test("a wake that was lost is made up for by the alarm", async () => {
  const feed = feedIn("apac", "mirror");
  await apply("apac", ...lifeIn("apac"));
  await feed.caughtUp();
  await apply("apac", ...lifeIn("apac"));
  expect((await feed.view()).lag.events).toBe(3);
  await runDurableObjectAlarm(feed.stub);
  await feed.until(({ lag }) => lag.events === 0);
});

test("events that reached the log in the wrong order are read in the right one", async () => {
  const feed = feedIn("sam", "analytics");
  const [placed, captured, requested] = lifeIn("sam");
  await apply("sam", captured);
  await apply("sam", requested);
  await feed.caughtUp();
  expect(await sums(feed)).toEqual([]);
  await apply("sam", placed);
  await feed.caughtUp();
  expect(await sums(feed)).toEqual([{ orders: 1, captures: 1, capturedMinor: 1789 }]);
});

test("a mirror tells the other regions what became of an order; one that is away hears it later, and holds none up", async () => {
  const feed = feedIn("us", "mirror");
  const [placed, captured] = lifeIn("us");
  vi.setSystemTime(Date.now()); // stands still, so that what failed is not tried again before it was seen
  const { keepStubs } = D1OrderStore.prototype;
  const away = vi.spyOn(D1OrderStore.prototype, "keepStubs").mockImplementation(function (
    this: D1OrderStore,
    stubs,
  ) {
    if (away.mock.calls.length === 1) return Promise.reject(new Error("away"));
    return keepStubs.call(this, stubs);
  });
  await apply("us", placed, captured);
  await feed.wake();
  await feed.until(({ state }) => state === "failing");
  const stubs = async () => {
    const regions = ["eu", "apac", "sam"] as const;
    const { orderId } = placed.data;
    return Promise.all(regions.map((region) => orderStoreOf(env, region).stub(demo, orderId)));
  };
  const known = async () => (await stubs()).filter((stub) => stub !== undefined);
  expect(await eventually(known, ({ length }) => length >= 2, SOON)).toHaveLength(2);
  vi.setSystemTime(Date.now() + 60_000);
  await runDurableObjectAlarm(feed.stub);
  await feed.until(({ lag }) => lag.events === 0);
  for (const stub of await stubs()) {
    expect(stub).toMatchObject({ version: 2, status: "captured", region: "us" });
  }
});

test("a log that cannot be read is a failure that passes", async () => {
  const feed = feedIn("eu", "mirror");
  await apply("eu", ...lifeIn("eu"));
  const read = vi.spyOn(D1OrderStore.prototype, "log").mockRejectedValue(new Error("D1 is away"));
  await feed.wake();
  await vi.waitFor(async () =>
    expect(await feed.rows("SELECT 1 FROM readers WHERE failures = 0")).toEqual([]),
  );
  read.mockRestore();
  expect(await feed.view()).toMatchObject({
    state: "failing",
    failure: { attempts: expect.any(Number) },
  });
  vi.setSystemTime(Date.now() + 60_000);
  await runDurableObjectAlarm(feed.stub);
  expect(await feed.until(({ lag }) => lag.events === 0)).toMatchObject({ state: "running" });
});
