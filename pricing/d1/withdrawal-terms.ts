import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { ShopId } from "../../schema/ids.ts";
import { assert } from "../../schema/outcome.ts";
import { WithdrawalDays } from "../../schema/withdrawal.ts";

/** The table of migrations/catalog, as far as a withdrawal reads it. */
const shops = sqliteTable("shops", {
  shopId: text("shop_id").primaryKey(),
  timeZone: text("time_zone").notNull(),
  withdrawalDays: text("withdrawal_days").notNull(),
});

/** For how long a shop's contracts can be withdrawn from, and its clock. Throws: when there is no such shop. */
export async function withdrawalTerms(d1: D1Database, shopId: ShopId) {
  const { timeZone, withdrawalDays } = shops;
  const [row] = await drizzle(d1)
    .select({ timeZone, withdrawalDays })
    .from(shops)
    .where(eq(shops.shopId, shopId));
  assert(row, "whoever sells has a row in shops");
  const days = WithdrawalDays.parse(JSON.parse(row.withdrawalDays));
  return { days, timeZone: row.timeZone };
}

export async function setWithdrawalDays(
  d1: D1Database,
  shopId: ShopId,
  days: WithdrawalDays,
): Promise<void> {
  const set = { withdrawalDays: JSON.stringify(days) };
  await drizzle(d1).update(shops).set(set).where(eq(shops.shopId, shopId));
}
