import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ShopId } from "../../schema/ids.ts";
import { assert } from "../../schema/outcome.ts";
import { UsesOfCancelledOrders } from "../../schema/routing.ts";

/** The table of migrations/catalog, as far as a cancel reads it. */
const shops = sqliteTable("shops", {
  shopId: text("shop_id").primaryKey(),
  usesOfCancelledOrders: text("uses_of_cancelled_orders").notNull(),
});

/** What the shop has become of a cancelled order's uses. Throws: when there is no such shop. */
export async function usesOfCancelledOrders(
  d1: D1Database,
  shopId: ShopId,
): Promise<UsesOfCancelledOrders> {
  const [row] = await drizzle(d1)
    .select({ uses: shops.usesOfCancelledOrders })
    .from(shops)
    .where(eq(shops.shopId, shopId));
  assert(row, "whoever sells has a row in shops");
  return UsesOfCancelledOrders.parse(row.uses);
}

export async function setUsesOfCancelledOrders(
  d1: D1Database,
  shopId: ShopId,
  uses: UsesOfCancelledOrders,
): Promise<void> {
  const set = { usesOfCancelledOrders: uses };
  await drizzle(d1).update(shops).set(set).where(eq(shops.shopId, shopId));
}
