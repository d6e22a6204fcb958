import { expect, test } from "vitest";
import { ShopId } from "../../schema/ids.ts";
import type { Order } from "../../schema/order.ts";
import type { OrderStore } from "../order-store.ts";
import { eur, lifeOf, orderOf, placed } from "./order-fixtures.ts";

export function itKeepsTheLogWhole(open: () => OrderStore): void {
  itGivesDenseOffsets(open);
  itRebuilds(open);
}

/** From here on: other tests may have written before. */
async function offsetsAfter(store: OrderStore, afterOffset: number): Promise<readonly number[]> {
  return (await store.log({ afterOffset, limit: 10_000 })).map(({ offset }) => offset);
}

const dense = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index + 1);

function itGivesDenseOffsets(open: () => OrderStore): void {
  test("offsets have no hole: not from repeats, nor from a batch that was taken back", async () => {
    const store = open();
    const start = await store.head();
    const life = lifeOf(orderOf());
    await store.apply([life[0], life[0]]);
    await store.apply([life[0], life[1]]);
    const poison = placed(orderOf({ captured: eur(9999) }));
    await expect(store.apply([placed(orderOf()), poison])).rejects.toThrow();
    await store.apply(life);
    expect(await offsetsAfter(store, start)).toEqual(dense(start, 3));
    expect(await store.head()).toBe(start + 3);
  });

  test("offsets have no hole when many write the same events at once", async () => {
    const [start, orders] = [await open().head(), Array.from({ length: 10 }, () => orderOf())];
    const events = orders.flatMap((order) => lifeOf(order));
    await Promise.all([
      ...[events, events.toReversed(), events.slice(7)].map((batch) => open().apply(batch)),
      ...events.map((event) => open().apply([event])),
    ]);
    expect(await offsetsAfter(open(), start)).toEqual(dense(start, events.length));
    for (const { shopId, orderId } of orders) {
      expect((await open().order(shopId, orderId))?.version).toBe(3);
    }
  });

  test("the log of a region holds every shop's events, and is read from any offset", async () => {
    const store = open();
    const start = await store.head();
    const shops = ["log-one", "log-two"].map((id) => ShopId.parse(id));
    const events = shops.map((shopId) => placed(orderOf({ shopId })));
    await store.apply(events);
    expect((await store.log({ afterOffset: start, limit: 5 })).map(({ event }) => event)).toEqual(
      events,
    );
    expect(await offsetsAfter(store, start + 1)).toEqual([start + 2]);
  });

  test("the log tells all that it has of some orders, wherever it lies", async () => {
    const store = open();
    const start = await store.head();
    const [one, two] = [lifeOf(orderOf()), lifeOf(orderOf())];
    await store.apply([one[1], two[0], one[0]]);
    const found = await store.logOf([one[0].subject, orderOf().orderId]);
    expect(found.toSorted((a, b) => a.offset - b.offset)).toEqual([
      { offset: start + 1, event: one[1] },
      { offset: start + 3, event: one[0] },
    ]);
    expect(await store.logOf([])).toEqual([]);
  });

  test("the log knows what it lacks of an order", async () => {
    const store = open();
    const [whole, holed] = [orderOf(), orderOf()];
    await store.apply([...lifeOf(whole), lifeOf(holed)[2]]);
    const orderIds = [whole.orderId, holed.orderId, orderOf().orderId];
    const { orderId } = holed;
    expect(await store.missing(orderIds)).toEqual([
      { orderId, sequence: 1 },
      { orderId, sequence: 2 },
    ]);
    await store.apply(lifeOf(holed));
    expect(await store.missing(orderIds)).toEqual([]);
    expect(await store.missing([])).toEqual([]);
  });
}

function itRebuilds(open: () => OrderStore): void {
  async function rebuildAll(store: OrderStore, shopId: ShopId): Promise<readonly number[]> {
    const pages: number[] = [];
    let after: string | undefined;
    do {
      const { rebuilt, next } = await store.rebuild(shopId, { after, limit: 2 });
      pages.push(rebuilt);
      after = next;
    } while (after !== undefined);
    return pages;
  }

  test("orders are rebuilt from the log page by page, and what is right does not change", async () => {
    const store = open();
    const shopId = ShopId.parse("rebuild");
    const orders = Array.from({ length: 5 }, () => orderOf({ shopId }));
    await store.apply(orders.flatMap((order) => lifeOf(order)));
    const before: readonly Order[] = await store.orders(shopId, { sinceMs: 0, limit: 10 });
    expect(await rebuildAll(store, shopId)).toEqual([2, 2, 1]);
    expect(await store.orders(shopId, { sinceMs: 0, limit: 10 })).toEqual(before);
    expect(before.map(({ version }) => version)).toEqual([3, 3, 3, 3, 3]);
  });

  test("a rebuild takes no order back that an event moves on meanwhile", async () => {
    const shopId = ShopId.parse("rebuild-live");
    const orders = Array.from({ length: 20 }, () => orderOf({ shopId }));
    await open().apply(orders.map((order) => lifeOf(order)[0]));
    const moving = orders.map(async (order) => {
      for (const event of lifeOf(order).slice(1)) await open().apply([event]);
    });
    await Promise.all([...moving, rebuildAll(open(), shopId), rebuildAll(open(), shopId)]);
    const after = await open().orders(shopId, { sinceMs: 0, limit: 100 });
    expect(after.map(({ version }) => version)).toEqual(orders.map(() => 3));
  });

  test("a shop without orders is rebuilt in one empty page", async () => {
    expect(await rebuildAll(open(), ShopId.parse("rebuild-none"))).toEqual([0]);
  });
}
