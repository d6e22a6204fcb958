import { orderStoreOf } from "../../orders/region-order-store.ts";
import type { LedgerDay, LedgerPayment, LedgerSource } from "../../payments/ledger-source.ts";
import { readReference } from "../../payments/payment-reference.ts";
import { compare, isBraked } from "../../payments/reconciliation/ledger-comparison.ts";
import {
  netMinor,
  type OrderMoney,
  orderMoney,
} from "../../payments/reconciliation/reconciliation-figures.ts";
import { ReconciliationBook } from "../../payments/reconciliation/reconciliation-store.ts";
import { type OrderId, orderIdOf, regionOf, ShopId } from "../../schema/ids.ts";
import { ProviderName } from "../../schema/payment.ts";
import { regionCodes } from "../../schema/regions.ts";
import { graceMs, ProviderBooks } from "./books.ts";
import { eachOf } from "./deliver-notice.ts";
import { dayOf, resolveFindings } from "./orphans.ts";

const DAY_MS = 86_400_000;
/** Refunds and disputes come later than their payment: its day is looked at again. */
const DAYS_AGO = [1, 8, 31];
const PAGE = 500;

/** Compares the days whose books are due, at each provider. One that fails holds up no other. */
export async function reconcileDueDays(env: Env, nowMs: number): Promise<void> {
  const days = ProviderName.options.flatMap((provider) =>
    DAYS_AGO.map((ago) => ({ provider, day: dayOf(nowMs - ago * DAY_MS) })),
  );
  const failures: unknown[] = [];
  for (const day of days) {
    try {
      await reconcile(env, day, nowMs);
    } catch (problem) {
      console.error({ event: "reconciliation.failed", ...day, problem: String(problem) });
      failures.push(problem);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Some days were not reconciled");
}

/** A day at a provider, and how many payments without an order an operator knows to be right. */
type Reconciling = LedgerDay & { readonly orphansMax?: number | undefined };

/** Compares a day at a provider with our orders, keeps what was found, and begins to deal with it. */
export async function reconcile(env: Env, wanted: Reconciling, nowMs: number): Promise<void> {
  const { orphansMax, ...day } = wanted;
  const books = new ProviderBooks(env);
  const source = books.of(day.provider);
  const payments = await source.paymentsOf(day.day);
  const orders = await ordersOf(env, { ...day, ...source.ordersWithin }, payments);
  const runningFromMs = nowMs - graceMs(env);
  const unpaid = await unpaidOf(books, { day, payments, orders, runningFromMs }, nowMs);
  const comparison = compare({ payments, orders, unpaid, runningFromMs });
  const { figures, findings, foreign, running } = comparison;
  const book = new ReconciliationBook(env.CATALOG);
  await book.keepFigures(day, figures, nowMs);
  const isHeldBack = isBraked(comparison, payments.length, orphansMax);
  if (isHeldBack) {
    const orphans = findings.filter(({ kind }) => kind === "orphan").length;
    console.error({ event: "reconciliation.braked", ...day, orphans, payments: payments.length });
  }
  const believed = isHeldBack ? findings.filter(({ kind }) => kind !== "orphan") : findings;
  await book.keepFindings(day.day, believed, nowMs);
  console.log({
    ...{ event: "reconciliation.compared", ...day, payments: payments.length, foreign, running },
    findings: findings.length,
    drift: figures
      .filter(({ ordered, provider }) => netMinor(ordered) !== netMinor(provider))
      .map(({ shopId, currency, ordered, provider }) => ({
        ...{ shopId, currency, orderedMinor: netMinor(ordered), providerMinor: netMinor(provider) },
      })),
  });
  await resolveFindings(env, nowMs);
}

type Orders = ReadonlyMap<OrderId, OrderMoney>;

/** The orders of that day, and those of these payments that lie elsewhere. */
async function ordersOf(
  env: Env,
  { provider, day, beforeMs, afterMs }: LedgerDay & LedgerSource["ordersWithin"],
  payments: readonly LedgerPayment[],
): Promise<Orders> {
  const startMs = Date.parse(day);
  const sinceMs = startMs - beforeMs;
  const untilMs = startMs + DAY_MS + afterMs;
  const orders = new Map<OrderId, OrderMoney>();
  for (const shopId of await shopsOf(env)) {
    for (const region of regionCodes) {
      for await (const order of pagesOf(env, { shopId, region, sinceMs, untilMs })) {
        if (order.provider === provider) orders.set(order.orderId, order);
      }
    }
  }
  const elsewhere = payments.filter(({ ourReference, captured }) => {
    const sale = readReference(ourReference ?? "");
    return sale && captured.amountMinor > 0 && !orders.has(orderIdOf(sale.checkoutId));
  });
  await eachOf(elsewhere, async ({ ourReference }) => {
    const sale = readReference(ourReference ?? "");
    if (!sale) return;
    const { shopId, checkoutId } = sale;
    const store = orderStoreOf(env, regionOf(checkoutId));
    const order = await store.order(shopId, orderIdOf(checkoutId));
    const money = order && orderMoney(order);
    if (money) orders.set(money.orderId, money);
  });
  return orders;
}

async function shopsOf(env: Env): Promise<readonly ShopId[]> {
  const { results } = await env.CATALOG.prepare("SELECT shop_id FROM shops").all<{
    shop_id: string;
  }>();
  return results.map(({ shop_id }) => ShopId.parse(shop_id));
}

type Pages = {
  readonly shopId: ShopId;
  readonly region: (typeof regionCodes)[number];
  readonly sinceMs: number;
  readonly untilMs: number;
};

async function* pagesOf(env: Env, { shopId, region, sinceMs, untilMs }: Pages) {
  const store = orderStoreOf(env, region);
  let after: { createdAtMs: number; orderId: string } | undefined;
  for (;;) {
    const orders = await store.orders(shopId, { sinceMs, after, limit: PAGE });
    for (const order of orders) {
      if (Date.parse(order.createdAt) >= untilMs) return;
      const money = orderMoney(order);
      if (money) yield { ...money, createdAtMs: Date.parse(order.createdAt) };
    }
    const last = orders.at(-1);
    if (!last || orders.length < PAGE) return;
    after = { createdAtMs: Date.parse(last.createdAt), orderId: last.orderId };
  }
}

type Known = {
  readonly day: LedgerDay;
  readonly payments: readonly LedgerPayment[];
  readonly orders: ReadonlyMap<OrderId, OrderMoney & { readonly createdAtMs?: number }>;
  readonly runningFromMs: number;
};

/** Orders of that day whose payment the books lack; one that was begun on another day is there. */
async function unpaidOf(
  books: ProviderBooks,
  { day, payments, orders, runningFromMs }: Known,
  nowMs: number,
): Promise<readonly OrderMoney[]> {
  // Books that are filled later than orders are placed prove nothing by what they lack.
  if (!books.of(day.provider).isComplete) return [];
  const fromMs = Date.parse(day.day);
  const untilMs = Math.min(fromMs + DAY_MS, runningFromMs);
  const listed = new Set(payments.map(({ reference }) => reference));
  const unlisted = [...orders.values()].filter(
    ({ createdAtMs = 0, providerReference }) =>
      createdAtMs >= fromMs && createdAtMs < untilMs && !listed.has(providerReference),
  );
  const found = await eachOf(unlisted, async (order) => {
    const { provider, providerReference: reference, shopId, checkoutId } = order;
    const named = { provider, reference, ourReference: "", shopId, checkoutId };
    return (await books.payment(named, nowMs)) ? [] : [order];
  });
  return found.flat();
}
