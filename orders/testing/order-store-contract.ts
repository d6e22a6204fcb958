import { expect, test } from "vitest";
import { orderEvent } from "../../schema/events.ts";
import { ShopId } from "../../schema/ids.ts";
import type { Order } from "../../schema/order.ts";
import type { OrderStore } from "../order-store.ts";
import { itKeepsDeadLetters } from "./dead-letters-contract.ts";
import { itKeepsTheLogWhole } from "./event-log-contract.ts";
import { itWritesManyAtOnce } from "./large-batches-contract.ts";
import { demo, eur, lifeOf, orderOf, START_MS } from "./order-fixtures.ts";
import { itFindsOrders } from "./order-search-contract.ts";
import { itKeepsStubs } from "./order-stubs-contract.ts";
import { itKeepsShopEvents } from "./shop-events-contract.ts";

/** What every order store promises. `open` answers a store that other tests may have written to. */
export function orderStoreKeepsItsPromises(open: () => OrderStore): void {
  itAppliesEvents(open);
  itNeverGoesBack(open);
  itRefusesWhatMustNotBe(open);
  itReadsPageByPage(open);
  itFindsOrders(open);
  itKeepsTheLogWhole(open);
  itWritesManyAtOnce(open);
  itKeepsDeadLetters(open);
  itKeepsStubs(open);
  itKeepsShopEvents(open);
}

async function logOf(store: OrderStore, { orderId }: Order) {
  const log = await store.events(demo, { sinceMs: 0, afterOffset: 0, limit: 10_000 });
  return log.filter(({ event }) => event.subject === orderId);
}

function itAppliesEvents(open: () => OrderStore): void {
  test("an applied event is the order's row and a row of the log", async () => {
    const store = open();
    const order = orderOf();
    const [placed] = lifeOf(order);
    await store.apply([placed]);
    expect(await store.order(demo, order.orderId)).toEqual(placed.data);
    expect(await logOf(store, order)).toEqual([{ offset: expect.any(Number), event: placed }]);
  });

  test("nothing applied is nothing written, and no fault", async () => {
    await open().apply([]);
  });

  test("an order without a customer's pseudonym comes back without one", async () => {
    const store = open();
    const { customerReference: _, ...order } = orderOf();
    await store.apply([orderEvent("tender.order.placed.v1", order)]);
    expect(await store.order(demo, order.orderId)).toEqual(order);
  });

  test("an order that cost nothing comes back without a provider, and is found by its fact", async () => {
    const store = open();
    const { provider: _, providerReference: __, ...unpaid } = orderOf();
    const order = { ...unpaid, payment: "not_required", method: "none", total: eur(0) } as const;
    await store.apply([orderEvent("tender.order.placed.v1", order)]);
    expect(await store.order(demo, order.orderId)).toEqual(order);
    const page = { sinceMs: 0, payment: "not_required", limit: 100 } as const;
    expect(await store.orders(demo, page)).toContainEqual(order);
  });

  test("a fact without a column of its own is kept and comes back, and its absence too", async () => {
    const store = open();
    const authorizedUntil = new Date(START_MS).toISOString();
    for (const order of [orderOf({ authorizedUntil }), orderOf()]) {
      await store.apply([orderEvent("tender.order.placed.v1", order)]);
      expect(await store.order(demo, order.orderId)).toEqual(order);
    }
  });

  test("the same event twice is one", async () => {
    const store = open();
    const order = orderOf();
    const [placed] = lifeOf(order);
    await store.apply([placed, placed]);
    await store.apply([placed]);
    expect(await logOf(store, order)).toHaveLength(1);
  });

  test("several events of one order in one batch end at the latest, and all are logged", async () => {
    const store = open();
    const order = orderOf();
    const [placed, captured, requested] = lifeOf(order);
    await store.apply([captured, requested, placed]);
    expect(await store.order(demo, order.orderId)).toEqual(requested.data);
    const sequences = (await logOf(store, order)).map(({ event }) => event.sequence);
    expect(sequences.toSorted()).toEqual([1, 2, 3]);
  });
}

function itNeverGoesBack(open: () => OrderStore): void {
  test("an old event never takes the order back, but fills the log", async () => {
    const store = open();
    const order = orderOf();
    const [placed, captured, requested] = lifeOf(order);
    await store.apply([requested]);
    await store.apply([captured]);
    await store.apply([placed]);
    expect(await store.order(demo, order.orderId)).toEqual(requested.data);
    expect(await logOf(store, order)).toHaveLength(3);
  });

  test("the same version with another content changes neither row nor log", async () => {
    const store = open();
    const order = orderOf();
    const [placed] = lifeOf(order);
    await store.apply([placed]);
    const other = orderEvent("tender.order.placed.v1", { ...order, total: eur(1) });
    await store.apply([other]);
    expect(await store.order(demo, order.orderId)).toEqual(placed.data);
    expect((await logOf(store, order)).map(({ event }) => event)).toEqual([placed]);
  });
}

function itRefusesWhatMustNotBe(open: () => OrderStore): void {
  test("one event that cannot be written takes the whole batch back", async () => {
    const store = open();
    const good = orderOf();
    const poison = orderOf({ captured: eur(9999) }); // more than its total
    const events = [good, poison].map((order) => orderEvent("tender.order.placed.v1", order));
    await expect(store.apply(events)).rejects.toThrow();
    expect(await store.order(demo, good.orderId)).toBeUndefined();
    expect(await logOf(store, good)).toEqual([]);
  });

  test("a checkout has one order, whatever the code above does", async () => {
    const store = open();
    const order = orderOf();
    await store.apply([orderEvent("tender.order.placed.v1", order)]);
    const twin = { ...orderOf(), checkoutId: order.checkoutId };
    await expect(store.apply([orderEvent("tender.order.placed.v1", twin)])).rejects.toThrow();
    expect(await store.order(demo, twin.orderId)).toBeUndefined();
  });

  test("money that went back is never more than what was taken", async () => {
    const order = orderOf({ captured: eur(100), refunded: eur(101) });
    await expect(open().apply([orderEvent("tender.order.placed.v1", order)])).rejects.toThrow();
  });

  test("a shop sees its own orders and events only", async () => {
    const store = open();
    const order = orderOf();
    await store.apply([lifeOf(order)[0]]);
    const other = ShopId.parse("other");
    expect(await store.order(other, order.orderId)).toBeUndefined();
    expect(await store.orders(other, { sinceMs: 0, limit: 10 })).toEqual([]);
    expect(await store.events(other, { sinceMs: 0, afterOffset: 0, limit: 10 })).toEqual([]);
  });
}

function itReadsPageByPage(open: () => OrderStore): void {
  test("pages of orders follow time and id, skip none and repeat none while new ones come", async () => {
    const store = open();
    const shopId = ShopId.parse("paging");
    const at = (second: number) => new Date(START_MS + second * 1000).toISOString();
    const orders = [0, 0, 0, 1, 1, 2, 3].map((second) =>
      orderOf({ shopId, createdAt: at(second), updatedAt: at(second) }),
    );
    const events = orders.map((order) => orderEvent("tender.order.placed.v1", order));
    await store.apply(events.toReversed());

    const seen: string[] = [];
    let after: { createdAtMs: number; orderId: string } | undefined;
    for (let pages = 0; pages < 10; pages++) {
      const page = await store.orders(shopId, { sinceMs: 0, after, limit: 2 });
      const last = page.at(-1);
      if (!last) break;
      seen.push(...page.map(({ orderId }) => orderId));
      after = { createdAtMs: Date.parse(last.createdAt), orderId: last.orderId };
      const late = orderOf({ shopId, createdAt: at(-1), updatedAt: at(-1) });
      if (pages === 1) await store.apply([orderEvent("tender.order.placed.v1", late)]);
    }

    expect(seen).toEqual(orders.map(({ orderId }) => orderId));
  });

  test("orders and events can be read from a moment on", async () => {
    const store = open();
    const shopId = ShopId.parse("since");
    const at = (second: number) => new Date(START_MS + second * 1000).toISOString();
    const [early, late] = [0, 10].map((second) =>
      orderOf({ shopId, createdAt: at(second), updatedAt: at(second) }),
    );
    if (!early || !late) throw new Error("two orders were made");
    await store.apply([early, late].map((order) => orderEvent("tender.order.placed.v1", order)));
    const sinceMs = START_MS + 10_000;
    const orders = await store.orders(shopId, { sinceMs, limit: 10 });
    expect(orders.map(({ orderId }) => orderId)).toEqual([late.orderId]);
    const events = await store.events(shopId, { sinceMs, afterOffset: 0, limit: 10 });
    expect(events.map(({ event }) => event.subject)).toEqual([late.orderId]);
  });

  test("pages of the log follow its offsets", async () => {
    const store = open();
    const shopId = ShopId.parse("log");
    const life = lifeOf(orderOf({ shopId }));
    for (const event of life) await store.apply([event]);
    const first = await store.events(shopId, { sinceMs: 0, afterOffset: 0, limit: 2 });
    const afterOffset = first.at(-1)?.offset ?? 0;
    const second = await store.events(shopId, { sinceMs: 0, afterOffset, limit: 2 });
    expect([...first, ...second].map(({ event }) => event)).toEqual(life);
    const offsets = [...first, ...second].map(({ offset }) => offset);
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
  });
}
