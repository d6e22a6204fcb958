import { and, type Column, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { ShopId } from "../schema/ids.ts";
import { idsWithNumber } from "../schema/order-number.ts";
import type { DeadLetterPage } from "./dead-letter.ts";
import { NO_SHOP } from "./dead-letter-row.ts";
import type {
  CustomerPage,
  NumberedPage,
  OrderPage,
  OrderPlace,
  SearchPage,
} from "./order-store.ts";

/**
 * Which rows a call means, the same in both dialects. A page goes on by comparing rows as a whole,
 * which both databases walk an index by; `OR` of two cases they would not.
 */
type OrderColumns = Record<
  | ("orderId" | "shopId" | "customerReference" | "createdAtMs")
  | ("status" | "payment" | "fulfilment" | "dispute"),
  Column
>;

export function ordersByTime(t: OrderColumns, shopId: ShopId, page: OrderPage): SQL | undefined {
  const { after } = page;
  const later = after
    ? sql`(${t.createdAtMs}, ${t.orderId}) > (${after.createdAtMs}, ${after.orderId})`
    : gte(t.createdAtMs, page.sinceMs); // of two bounds on one side SQLite may walk from the wider
  return and(eq(t.shopId, shopId), later);
}

export function ordersOfCustomer(t: OrderColumns, shopId: ShopId, page: CustomerPage) {
  const { customerReference, after } = page;
  return and(eq(t.shopId, shopId), eq(t.customerReference, customerReference), before(t, after));
}

export function ordersNumbered(t: OrderColumns, shopId: ShopId, wanted: NumberedPage) {
  const { from, before: beyond } = idsWithNumber(wanted.region, wanted.orderNumber);
  return and(gte(t.orderId, from), lt(t.orderId, beyond), eq(t.shopId, shopId));
}

export function ordersFound(t: OrderColumns, shopId: ShopId, page: SearchPage): SQL | undefined {
  const { status, payment, fulfilment, dispute, sinceMs, untilMs, after } = page;
  return and(
    eq(t.shopId, shopId),
    given(status, (wanted) => eq(t.status, wanted)),
    given(payment, (wanted) => fact(t.payment, wanted, sql`'captured'`, "captured")),
    given(fulfilment, (wanted) => fact(t.fulfilment, wanted, sql`'fulfilled'`, "fulfilled")),
    given(dispute, (wanted) => fact(t.dispute, wanted, sql`'none'`, "none")),
    given(sinceMs, (ms) => gte(t.createdAtMs, ms)),
    after ? before(t, after) : given(untilMs, (ms) => lt(t.createdAtMs, ms)),
  );
}

/**
 * The usual value has no entry in its index (decision 11). Both databases use such a partial index
 * only where the query repeats its condition word by word.
 */
function fact(column: Column, wanted: string, usual: SQL, usualValue: string): SQL | undefined {
  const isUnusual = wanted === usualValue ? undefined : sql`${column} <> ${usual}`;
  return and(eq(column, wanted), isUnusual);
}

function before(t: OrderColumns, after: OrderPlace | undefined): SQL | undefined {
  return after && sql`(${t.createdAtMs}, ${t.orderId}) < (${after.createdAtMs}, ${after.orderId})`;
}

type LetterColumns = Record<"letterId" | "shopId" | "queue" | "state" | "firstAtMs", Column>;

export function lettersFound(t: LetterColumns, shopId: string, page: DeadLetterPage) {
  const { queue, state, after } = page;
  return and(
    eq(t.shopId, shopId),
    given(queue, (wanted) => eq(t.queue, wanted)),
    given(state, (wanted) => (wanted === "open" ? sql`${t.state} = 'open'` : eq(t.state, wanted))),
    after && sql`(${t.firstAtMs}, ${t.letterId}) < (${after.firstAtMs}, ${after.letterId})`,
  );
}

export function oneLetter(t: LetterColumns, shopId: ShopId, letterId: string) {
  return and(eq(t.letterId, letterId), inArray(t.shopId, [shopId, NO_SHOP]));
}

function given<T>(value: T | undefined, condition: (value: T) => SQL | undefined) {
  return value === undefined ? undefined : condition(value);
}
