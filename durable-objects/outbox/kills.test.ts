import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { D1OrderStore } from "../../orders/d1-order-store.ts";
import { orderStoreOf } from "../../orders/region-order-store.ts";
import { RESEND_AFTER_MS, SECOND_MS } from "../../schema/durations.ts";
import { FeedName } from "../../schema/feeds.ts";
import { orderIdOf } from "../../schema/ids.ts";
import { worldOf } from "../../test/audit/audited-world.ts";
import { EventRow, FeedRow, OrderRow } from "../../test/audit/dumps.ts";
import { gaplessEvents } from "../../test/audit/events.audit.ts";
import { eventually } from "../../test/eventually.ts";
import { consume } from "../../workers/consumers/consume.ts";
import { consumeOrderEvents } from "../../workers/consumers/order-events.ts";
import {
  batchOf,
  demo,
  MUG,
  newSale,
  type Sent,
  stockUp,
  withoutQueues,
} from "../checkout/testing/sale.ts";
import { feedIn } from "../feed/testing/told-feed.ts";
import { checkoutStub } from "../placement.ts";

const SOON = { withinMs: 20_000, gapMs: 10 };
const OVERDUE_MS = RESEND_AFTER_MS + SECOND_MS; // for an outbox's second send
const MERCHANT = "https://shop.example/hooks";
const EVER = { shopId: demo, sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER };
const store = () => orderStoreOf(env, "eu");
const feeds = FeedName.options.map((feed) => feedIn("eu", feed));

let sent: Sent;
const heard: string[] = [];
let merchantAnswers: () => Promise<Response> = async () => new Response("thanks");

beforeAll(async () => {
  await stockUp("mug");
  const { stub, place } = feedIn("eu", "webhooks");
  await stub.register(place, { shopId: demo, url: MERCHANT });
});
beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  merchantListens();
  sent = withoutQueues();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function merchantListens(): void {
  const { fetch } = globalThis;
  merchantAnswers = async () => new Response("thanks");
  vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    if (String(input) !== MERCHANT) return fetch.call(globalThis, input, init);
    heard.push(new Headers(init?.headers).get("webhook-id") ?? "");
    return merchantAnswers();
  });
}

/** Something that is begun and of which nobody ever hears again, because everything dies there. */
function neverBack() {
  let begun = 0;
  return {
    call: async (): Promise<never> => {
      begun += 1;
      for (;;) await scheduler.wait(5); // of an object: it ends with it
    },
    /** The same for the consumer, which is no object: it is left waiting. */
    leave: (): Promise<never> => {
      begun += 1;
      return new Promise(() => undefined);
    },
    begun: (times = 1) =>
      eventually(
        async () => begun,
        (count) => count >= times,
        SOON,
      ),
  };
}

type Sale = ReturnType<typeof newSale>;

/** The whole sale, with its events in the queue and nowhere else. */
async function soldAndSent(sale: Sale): Promise<void> {
  await sale.pay();
  await eventually(
    async () => sent.of(sale),
    ({ length }) => length === 3,
    SOON,
  );
}

/** A consumer that gets no further than the store's answer, or not even there. */
function consumeWith(sale: Sale, apply: D1OrderStore["apply"]): void {
  const dying = new D1OrderStore(env.ORDERS_EU);
  dying.apply = apply;
  void consumeOrderEvents(batchOf(sent.of(sale)), { region: "eu", store: dying }, env);
}

/** Each takes a sale to just there. Then everything dies, and the queue forgets what it had. */
const gaps: Readonly<Record<string, (sale: Sale) => Promise<unknown>>> = {
  "the commit and the send": (sale) => {
    const { call, begun } = neverBack();
    vi.mocked(Object.getPrototypeOf(env.EVENTS_EU)).sendBatch.mockImplementation(call);
    void sale.pay().catch(() => undefined); // its object dies
    return begun();
  },
  "the send and the consumer": soldAndSent,
  "the consumer and the order's row": async (sale) => {
    await soldAndSent(sale);
    const { leave, begun } = neverBack();
    consumeWith(sale, leave);
    return begun();
  },
  "the order's row and the feeds' wake": async (sale) => {
    await soldAndSent(sale);
    const { leave, begun } = neverBack();
    consumeWith(sale, async (events) => {
      await store().apply(events);
      await leave();
    });
    return begun();
  },
  "the feeds' wake and applied": async (sale) => {
    await soldAndSent(sale);
    const { leave, begun } = neverBack();
    const CHECKOUT = { getByName: () => ({ applied: leave }) };
    void consume(batchOf(sent.of(sale)), { ...env, CHECKOUT } as unknown as Env);
    return begun();
  },
  "applied and a feed's effect": async (sale) => {
    await soldAndSent(sale);
    const { call, begun } = neverBack();
    for (const read of ["log", "events"] as const) {
      vi.spyOn(D1OrderStore.prototype, read).mockImplementation(call);
    }
    // The consumer's own: its feeds are woken, and have to read for themselves.
    vi.mocked(D1OrderStore.prototype.log).mockRejectedValueOnce(new Error("D1 is away"));
    await consume(batchOf(sent.of(sale)), env);
    expect(await unapplied(sale)).toEqual([]);
    return begun(6); // each reader's: analytics, mail, the merchant's, and three of the mirror
  },
  "a feed's effect and its offset": async (sale) => {
    await soldAndSent(sale);
    const { call, begun } = neverBack();
    merchantAnswers = call;
    const { keepStubs } = D1OrderStore.prototype;
    vi.spyOn(D1OrderStore.prototype, "keepStubs").mockImplementation(async function (
      this: D1OrderStore,
      stubs,
    ) {
      await keepStubs.call(this, stubs);
      await call();
    });
    await consume(batchOf(sent.of(sale)), env);
    return begun(4);
  },
  "a feed's offset and whatever comes next": async (sale) => {
    await soldAndSent(sale);
    const again = sent.of(sale);
    await consume(batchOf(again), env);
    await eventually(unfinished, ({ length }) => length === 0, SOON);
    await consume(batchOf(again), env);
  },
};

test.for(Object.entries(gaps))(
  "a death between %s loses no event, and has no effect twice",
  async ([, reach]) => {
    const before = await sums();
    const sale = newSale();
    await sale.create();
    await reach(sale);
    await abortAllDurableObjects();
    vi.restoreAllMocks();
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    merchantListens();
    sent = withoutQueues();
    await comesToRest(sale);

    const orderId = orderIdOf(sale.checkoutId);
    expect(await store().order(demo, orderId)).toMatchObject({ version: 3, payment: "captured" });
    expect(await sums()).toEqual({
      orders: before.orders + 1,
      captures: before.captures + 1,
      capturedMinor: before.capturedMinor + MUG.amountMinor,
    });
    const mails = await feedIn("eu", "mail").stub.mails(demo, 100);
    expect(mails.filter((mail) => mail.orderId === orderId)).toHaveLength(1);
    for (const region of ["us", "apac", "sam"] as const) {
      expect(await orderStoreOf(env, region).stub(demo, orderId)).toMatchObject({ version: 3 });
    }
    // A merchant knows by the id what comes twice.
    const ids = new Set(heard.filter((id) => id.startsWith(orderId)));
    expect([...ids]).toEqual([1, 2, 3].map((sequence) => `${orderId}/${sequence}`));
  },
);

/** What time does by itself: alarms ring, and the queue brings what was sent. */
async function comesToRest(sale: Sale): Promise<void> {
  const rest = async () => {
    vi.setSystemTime(Date.now() + OVERDUE_MS);
    await runDurableObjectAlarm(stubOf(sale));
    await consume(batchOf(sent.of(sale)), env);
    for (const { stub } of feeds) await runDurableObjectAlarm(stub);
    return [...(await unapplied(sale)), ...(await unfinished())];
  };
  await eventually(rest, ({ length }) => length === 0, { ...SOON, gapMs: 100 });
}

// Made anew for each call: a stub does not outlive its object.
const stubOf = ({ checkoutId }: Sale) => checkoutStub(env, demo, checkoutId);

const unapplied = (sale: Sale) =>
  runInDurableObject(stubOf(sale), (_object, { storage }) =>
    storage.sql.exec("SELECT sequence FROM outbox").toArray(),
  );

/** What the auditor finds in orders, events and feeds. */
async function unfinished() {
  const orders = await store().orders(demo, { sinceMs: 0, limit: 1000 });
  const events = await store().events(demo, { sinceMs: 0, afterOffset: 0, limit: 1000 });
  const views = await Promise.all(feeds.map(({ view }) => view()));
  const world = worldOf({
    orders: orders.map((order) => OrderRow.parse(order)),
    events: events.map(({ event }) => EventRow.parse(event)),
    feeds: views.map((view) => FeedRow.parse(view)),
    ...{ stock: [], ledger: [], nowMs: Date.now() },
  });
  return [...gaplessEvents(world)];
}

async function sums() {
  const { stub, place } = feedIn("eu", "analytics");
  const hours = await stub.rollups(place, EVER);
  const sum = (key: "orders" | "captures" | "capturedMinor") =>
    hours.reduce((total, hour) => total + hour[key], 0);
  return { orders: sum("orders"), captures: sum("captures"), capturedMinor: sum("capturedMinor") };
}
