import { asc, count, sql } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { ShopId } from "../schema/ids.ts";
import type { ShopEventPage, ShopEventSpan } from "./order-store.ts";
import { shopEvents } from "./postgres-tables.ts";
import { hourOf, shopEventsFound } from "./shop-event-row.ts";

type Db = Pick<NodePgDatabase, "select">;

export async function pageOf(db: Db, shopId: ShopId, page: ShopEventPage) {
  const rows = await db
    .select({ event: shopEvents.envelope })
    .from(shopEvents)
    .where(shopEventsFound(shopEvents, shopId, page))
    .orderBy(asc(shopEvents.atMs), asc(shopEvents.eventId))
    .limit(page.limit);
  return rows.map(({ event }) => event);
}

export function hoursOf(db: Db, shopId: ShopId, span: ShopEventSpan) {
  return db
    .select({ hourMs: hourOf(shopEvents), count: count() })
    .from(shopEvents)
    .where(shopEventsFound(shopEvents, shopId, span))
    .groupBy(sql`1`)
    .orderBy(sql`1`);
}
