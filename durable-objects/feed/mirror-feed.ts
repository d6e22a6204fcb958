import type { OrderStore, OrderStub } from "../../orders/order-store.ts";
import { DAY_MS } from "../../schema/durations.ts";
import type { Order } from "../../schema/order.ts";
import type { RetryPolicy } from "../saga/retry.ts";
import type { Effect } from "./following/effect.ts";

/** Half a minute after the other region is back its stubs are; after a day they are dead letters. */
const forADay: RetryPolicy = { firstMs: 200, delayMaxMs: 30_000, budgetMs: DAY_MS };

type FarStore = Pick<OrderStore, "keepStubs">;

/**
 * Tells one other region what became of an order, without a word about its shopper. A stub knows
 * its version, so that telling it twice, or an older one late, changes nothing. Each region is told
 * by a reader of its own: one that is away keeps the news from no other.
 */
export function mirrorEffect(farStore: () => FarStore, nowMs: () => number): Effect {
  return {
    changesMax: 200, // one statement
    retry: forADay,
    whenSpent: "pass",
    perform: async (changes) => {
      const latest = new Map(changes.map(({ event }) => [event.subject, event.data] as const));
      await farStore().keepStubs([...latest.values()].map((order) => stubOf(order, nowMs())));
      return { is: "done" };
    },
  };
}

function stubOf(order: Order, asOfMs: number): OrderStub {
  const { orderId, checkoutId, shopId, region, version, status, total, captured, refunded } = order;
  return {
    ...{ orderId, checkoutId, shopId, region, version, status, total, captured, refunded },
    createdAtMs: Date.parse(order.createdAt),
    updatedAtMs: Date.parse(order.updatedAt),
    asOfMs,
    secretHash: undefined, // orders say nothing of their checkout's secret so far
  };
}
