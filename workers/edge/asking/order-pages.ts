import type { OrderStore } from "../../../orders/order-store.ts";
import { orderStoreOf } from "../../../orders/region-order-store.ts";
import type { Order } from "../../../schema/order.ts";
import { type OrderList, orderCursor } from "../../../schema/order-list.ts";
import { type RegionCode, regionCodes } from "../../../schema/regions.ts";

type Ask = {
  readonly region: RegionCode | undefined;
  readonly limit: number;
  readonly bookmarks: Bookmarks;
};

/** Per region, the state that an earlier answer was of. */
export type Bookmarks = { readonly [Region in RegionCode]?: string };

export const ORDER_BOOKMARK = "order-bookmark";
const FROM_PRIMARY = "first-primary"; // without a bookmark a list is as new as the store
const BOOKMARK = /^(eu|us|apac|sam)=([0-9a-f-]{1,100})$/;

/** Reads the header that an earlier answer carried; undefined when it is not of that form. */
export function readBookmarks(header: string | undefined): Bookmarks | undefined {
  if (header === undefined) return {};
  const pairs = header.split(";").map((pair) => BOOKMARK.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
}

export function bookmarkHeader(bookmarks: Bookmarks): string | undefined {
  const pairs = Object.entries(bookmarks).map(([region, bookmark]) => `${region}=${bookmark}`);
  return pairs.length === 0 ? undefined : pairs.join(";");
}

/**
 * One page, newest first, of the wanted region or of all: a moment and an id order any region's
 * orders, so one cursor serves them all.
 *
 * Throws: when a store is away. A page that lacks a region's orders would be a lie.
 */
export async function orderPage(
  env: Env,
  { region, limit, bookmarks }: Ask,
  read: (store: OrderStore, limit: number, region: RegionCode) => Promise<readonly Order[]>,
): Promise<{ readonly list: OrderList; readonly bookmarks: Bookmarks }> {
  const asked = region ? [region] : regionCodes;
  const stores = asked.map((code) => ({
    code,
    store: orderStoreOf(env, code, bookmarks[code] ?? FROM_PRIMARY),
  }));
  // One more than wanted says whether another page follows.
  const found = (
    await Promise.all(stores.map(({ code, store }) => read(store, limit + 1, code)))
  ).flat();
  const orders = found.toSorted(newestFirst).slice(0, limit);
  const last = orders.at(-1);
  const next = last && found.length > limit ? { next: orderCursor(last) } : {};
  const seen = stores.map(({ code, store }) => [code, store.bookmark()] as const);
  return {
    list: { orders, ...next },
    bookmarks: Object.fromEntries(seen.filter(([, bookmark]) => bookmark !== undefined)),
  };
}

function newestFirst(a: Order, b: Order): number {
  const later = Date.parse(b.createdAt) - Date.parse(a.createdAt);
  return later || (a.orderId < b.orderId ? 1 : -1);
}
