import { expect, test } from "vitest";
import { ShopId, Sku } from "../../schema/ids.ts";
import type { StockBack } from "../../schema/stock-back.ts";
import type { OrderStore } from "../order-store.ts";

const HOUR_MS = 3_600_000;
const type = "tender.stock.back.v1";
const always = { type, sinceMs: 0, untilMs: 100 * HOUR_MS } as const;

export function backAt(shopId: ShopId, atMs: number, sku = "lamp"): StockBack {
  return {
    ...{ specversion: "1.0", id: `${shopId}/eu/${sku}/0/back/${atMs}`, source: "/shops", type },
    ...{ subject: Sku.parse(sku), time: new Date(atMs).toISOString() },
    ...{ datacontenttype: "application/json", shopid: shopId, region: "eu" },
    data: { sku: Sku.parse(sku), cell: 0, available: 1 },
  };
}

export function itKeepsShopEvents(open: () => OrderStore): void {
  test("a shop's own event is kept once, as it came, and for that shop alone", async () => {
    const store = open();
    const shopId = ShopId.parse("told-once");
    const told = backAt(shopId, 5);
    await store.keepShopEvents([]);
    await store.keepShopEvents([told, told]);
    await store.keepShopEvents([told]);
    expect(await store.shopEvents(shopId, { ...always, limit: 10 })).toEqual([told]);
    const other = ShopId.parse("told-nothing");
    expect(await store.shopEvents(other, { ...always, limit: 10 })).toEqual([]);
    const expired = "tender.checkout.reservation_expired.v1";
    expect(await store.shopEvents(shopId, { ...always, type: expired, limit: 10 })).toEqual([]);
  });

  test("shop events are read page by page, oldest first, and counted by the hour", async () => {
    const store = open();
    const shopId = ShopId.parse("told-often");
    const times = [0, 1, HOUR_MS - 1, HOUR_MS, 7 * HOUR_MS];
    const told = times.map((atMs) => backAt(shopId, atMs));
    const twin = backAt(shopId, 0, "mug"); // at the very moment of the first
    await store.keepShopEvents([...told.toReversed(), twin]);

    const read: string[] = [];
    let after: { atMs: number; eventId: string } | undefined;
    for (;;) {
      const page = await store.shopEvents(shopId, { ...always, after, limit: 2 });
      read.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      if (!last) break;
      after = { atMs: Date.parse(last.time), eventId: last.id };
    }
    const [first, ...rest] = told;
    expect(read).toEqual([first, twin, ...rest].map((event) => event?.id));

    expect(await store.shopEventHours(shopId, always)).toEqual([
      { hourMs: 0, count: 4 },
      { hourMs: HOUR_MS, count: 1 },
      { hourMs: 7 * HOUR_MS, count: 1 },
    ]);
    const span = { ...always, sinceMs: 1, untilMs: HOUR_MS };
    expect(await store.shopEventHours(shopId, span)).toEqual([{ hourMs: 0, count: 2 }]);
  });
}
