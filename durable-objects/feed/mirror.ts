import type { OrderStore, OrderStub } from "../../orders/order-store.ts";
import type { Order } from "../../schema/order.ts";
import { retry } from "../saga/retry.ts";
import type { Effect } from "./effect.ts";

type FarStore = Pick<OrderStore, "keepStubs">;

/**
 * Tells every other region what became of an order, without a word about its shopper. A stub knows
 * its version, so that telling it twice, or an older one late, changes nothing.
 */
export function mirrorEffect(farStores: () => readonly FarStore[], nowMs: () => number): Effect {
  return {
    turnsMax: 50,
    retry: retry.persistently,
    whenSpent: "pass",
    perform: async (turns) => {
      const latest = new Map(turns.map(({ event }) => [event.subject, event.data] as const));
      const stubs = [...latest.values()].map((order) => stubOf(order, nowMs()));
      const told = await Promise.allSettled(farStores().map((store) => store.keepStubs(stubs)));
      // One region that is away keeps the news from no other.
      const untold = told.find((each) => each.status === "rejected");
      return untold ? { is: "failed", problem: String(untold.reason) } : { is: "done" };
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
