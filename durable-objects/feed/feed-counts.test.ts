import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { D1OrderStore } from "../../orders/d1-order-store.ts";
import { FeedName } from "../../schema/feeds.ts";
import { eventually } from "../../test/eventually.ts";
import { wakeFeeds } from "../../workers/consumers/wake-feeds.ts";
import { CheckoutObject } from "../../workers/index.ts";
import { apply, feedIn, lifeIn } from "./testing/told-feed.ts";

const SOON = { withinMs: 10_000, gapMs: 10 };
const READERS = 5; // analytics, mail, and the mirror's three
const PAGE = 200;

afterEach(() => vi.restoreAllMocks());

/** Counts what feeds ask of the log, their transactions and their statements. */
async function countAll() {
  const counts: Record<string, number> = {};
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const { log } = D1OrderStore.prototype;
  vi.spyOn(D1OrderStore.prototype, "log").mockImplementation(function (this: D1OrderStore, page) {
    if (page.limit === PAGE) count("log"); // one entry alone is a view's question
    return log.call(this, page);
  });
  const { logOf } = D1OrderStore.prototype;
  vi.spyOn(D1OrderStore.prototype, "logOf").mockImplementation(function (
    this: D1OrderStore,
    orderIds,
  ) {
    count("logOf");
    return logOf.call(this, orderIds);
  });
  await runInDurableObject(feedIn("eu", "mail").stub, (_object, { storage }) => {
    const prototype = Object.getPrototypeOf(storage.sql) as SqlStorage;
    const { exec } = prototype;
    vi.spyOn(prototype, "exec").mockImplementation(function (
      this: SqlStorage,
      ...args: Parameters<SqlStorage["exec"]>
    ) {
      const words = /^\s*(INSERT INTO \w+|UPDATE \w+|DELETE FROM \w+|\w+)/.exec(args[0])?.[1];
      count(String(words));
      return exec.apply(this, args);
    } as SqlStorage["exec"]);
    const storages = Object.getPrototypeOf(storage) as DurableObjectStorage;
    const { transactionSync } = storages;
    vi.spyOn(storages, "transactionSync").mockImplementation(function <T>(
      this: DurableObjectStorage,
      work: () => T,
    ): T {
      count("transactions");
      return transactionSync.call(this, work) as T;
    });
  });
  return counts;
}

/** Sales of one batch, through every feed of the region, all of them at the log's end before. */
async function countBatch(sales: number) {
  vi.spyOn(CheckoutObject.prototype, "addressee").mockImplementation(() => ({
    email: "ada@example.com",
    name: "Ada",
  }));
  await wakeFeeds("eu", env);
  for (const feed of FeedName.options)
    await feedIn("eu", feed).until(({ lag }) => lag.events === 0);
  await apply("eu", ...Array.from({ length: sales }, () => lifeIn("eu")).flat());
  const counts = await countAll();
  await wakeFeeds("eu", env);
  const done = () => Promise.resolve(counts["UPDATE readers"] ?? 0);
  await eventually(done, (moved) => moved >= READERS, SOON);
  return counts;
}

test("a batch of ten card sales is read once for all feeds, and costs each reader one transaction", async () => {
  await apply("eu", ...lifeIn("eu"));
  // They may only fall.
  expect(await countBatch(10)).toEqual({
    log: 1,
    logOf: 1, // what the log had of the same orders before
    transactions: READERS,
    "UPDATE readers": READERS,
    "INSERT INTO rollups": 1,
    SELECT: 1, // which mails were sent
    "INSERT INTO mails": 10,
  });
});

test("events that are none of the mails' business cost its feed no statement but its position", async () => {
  await apply("eu", ...lifeIn("eu"));
  const feed = feedIn("eu", "mail");
  await feed.caughtUp();
  const [placed, ...rest] = lifeIn("eu");
  await apply("eu", placed);
  await feed.caughtUp();
  await apply("eu", ...rest);
  const counts = await countAll();
  await feed.wake();
  await eventually(() => Promise.resolve(counts["UPDATE readers"]), Boolean, SOON);
  expect(counts).toEqual({ log: 1, logOf: 1, transactions: 1, "UPDATE readers": 1 });
});

test("a replay that runs into new events counts the new ones alone", async () => {
  const feed = feedIn("apac", "analytics");
  await apply("apac", ...lifeIn("apac"));
  await feed.caughtUp();
  await feed.stub.pause(feed.place, "a replay is prepared");
  await apply("apac", ...lifeIn("apac"));
  await feed.stub.replay(feed.place, 1);
  await feed.stub.resume(feed.place);
  await feed.until(({ lag }) => lag.events === 0);
  expect(
    await feed.rows("SELECT sum(orders) AS orders, sum(captures) AS captures FROM rollups"),
  ).toEqual([{ orders: 2, captures: 2 }]);
});

test("a feed far behind reads as few pages, and moves in as few transactions, an event as one that is not", async () => {
  const feed = feedIn("sam", "analytics");
  for (let batch = 0; batch < 8; batch++) {
    await apply("sam", ...Array.from({ length: 50 }, () => lifeIn("sam")).flat());
  }
  const counts = await countAll();
  await feed.caughtUp();
  expect(counts["UPDATE readers"]).toBe(6); // 1,200 events by 200
  expect(counts.log).toBeLessThanOrEqual(7);
});

test("beside a long log, too, what was just written is read once for all feeds", async () => {
  await apply("us", ...Array.from({ length: 80 }, () => lifeIn("us")).flat());
  for (const feed of FeedName.options) await feedIn("us", feed).caughtUp();
  await apply("us", ...lifeIn("us"));
  const counts = await countAll();
  await wakeFeeds("us", env);
  const done = () => Promise.resolve(counts["UPDATE readers"] ?? 0);
  await eventually(done, (moved) => moved >= READERS, SOON);
  expect(counts).toMatchObject({ log: 1, logOf: 1, "UPDATE readers": READERS });
});
