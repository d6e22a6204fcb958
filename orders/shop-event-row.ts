import { and, type Column, eq, gte, lt, type SQL, sql } from "drizzle-orm";
import type { ShopId } from "../schema/ids.ts";
import type { ShopEvent } from "../schema/shop-events.ts";
import type { ShopEventPage } from "./order-store.ts";

type Columns = Record<"shopId" | "type" | "atMs" | "eventId", Column>;

export function shopEventRow(event: ShopEvent) {
  const { shopid, type, time, id } = event;
  return { shopId: shopid, type, atMs: Date.parse(time), eventId: id, envelope: event };
}

/** In both dialects a walk along the primary key. */
export function shopEventsFound(
  t: Columns,
  shopId: ShopId,
  { type, sinceMs, untilMs, after }: Omit<ShopEventPage, "limit">,
): SQL | undefined {
  const later = after
    ? sql`(${t.atMs}, ${t.eventId}) > (${after.atMs}, ${after.eventId})`
    : gte(t.atMs, sinceMs);
  return and(eq(t.shopId, shopId), eq(t.type, type), later, lt(t.atMs, untilMs));
}

/** Both databases divide integers to integers. */
export function hourOf({ atMs }: Pick<Columns, "atMs">) {
  return sql<number>`${atMs} / 3600000 * 3600000`.mapWith(Number);
}
