import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { lifeOf, orderOf } from "../../orders/testing/order-fixtures.ts";
import { ShopId } from "../../schema/ids.ts";
import { eventually } from "../../test/eventually.ts";
import { mailsOf } from "../../workers/edge/asking/mailbox.ts";
import { CheckoutObject } from "../../workers/index.ts";
import { newSale, stockUp, withoutQueues } from "../checkout/testing/sale.ts";
import { apply, feedIn } from "./testing/told-feed.ts";

const demo = ShopId.parse("demo");
const SOON = { withinMs: 10_000, gapMs: 10 };
const inbox = () => mailsOf(env, { region: "eu", shopId: demo, limit: 100 });

beforeAll(() => stockUp("mug"));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function soldSale() {
  const sent = withoutQueues();
  const sale = newSale();
  await sale.create();
  await sale.pay();
  await eventually(
    async () => sent.of(sale),
    ({ length }) => length === 3,
    SOON,
  );
  return { sale, events: sent.of(sale) };
}

test("a shopper is told once that the order is placed, and the feed keeps no address", async () => {
  const { sale, events } = await soldSale();
  await apply("eu", ...events);
  const feed = feedIn("eu", "mail");
  await Promise.all([feed.wake(), feed.wake()]);
  await feed.caughtUp();
  await feed.stub.replay(feed.place, 0);
  await feed.caughtUp();

  expect(await inbox()).toMatchObject([
    { orderId: sale.checkoutId.replace("chk", "ord"), to: { email: "ada@example.com" } },
  ]);
  expect((await inbox())[0]?.text).toContain("€17.89");
  const everything = await Promise.all(
    ["feed", "readers", "mails"].map((table) => feed.rows(`SELECT * FROM ${table}`)),
  );
  expect(JSON.stringify(everything)).not.toContain("ada");
  expect(await mailsOf(env, { region: "eu", shopId: ShopId.parse("other"), limit: 9 })).toEqual([]);
});

test("a sale whose object is gone gets no mail, and holds no other one up", async () => {
  await apply("eu", ...lifeOf(orderOf()));
  const feed = feedIn("eu", "mail");
  const before = (await inbox()).length;
  await feed.caughtUp();
  expect(await inbox()).toHaveLength(before);
});

test("a sale that cannot be asked is asked again for a day, then it is a dead letter that can be redriven", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { events } = await soldSale();
  const before = (await inbox()).length;
  const ask = vi.spyOn(CheckoutObject.prototype, "addressee").mockImplementation(() => {
    throw new Error("it is moving");
  });
  await apply("eu", ...events);
  const feed = feedIn("eu", "mail");
  await feed.wake();
  await feed.until(({ state }) => state === "failing");
  vi.setSystemTime(Date.now() + 25 * 3_600_000);
  await runDurableObjectAlarm(feed.stub);
  await feed.until(({ lag }) => lag.events === 0);
  ask.mockRestore();
  const [letter] = await orderStoreOf(env, "eu").deadLetters(demo, { limit: 1 });
  expect(letter).toMatchObject({
    queue: "feed-mail",
    reference: events[0]?.subject,
    state: "open",
  });
  expect(letter?.cause).toContain("it is moving");

  const { subject: orderId, sequence } = events[0] ?? Object.create(null);
  await feed.stub.redo(feed.place, { orderId, sequence });
  await feed.stub.redo(feed.place, { orderId, sequence });
  expect(await inbox()).toHaveLength(before + 1);
});
