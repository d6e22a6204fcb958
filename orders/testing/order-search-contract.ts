import { expect, test } from "vitest";
import { checkoutIdOf, OrderId, ShopId } from "../../schema/ids.ts";
import type { Order } from "../../schema/order.ts";
import { orderNumberOf } from "../../schema/order-number.ts";
import type { OrderPlace, OrderStore, SearchPage } from "../order-store.ts";
import { eur, orderAt, placed, START_MS } from "./order-fixtures.ts";

const idsOf = (orders: readonly Order[]) => orders.map(({ orderId }) => orderId);

export function itFindsOrders(open: () => OrderStore): void {
  itListsACustomersOrders(open);
  itSearchesByFacts(open);
  itFindsANumber(open);
}

function itFindsANumber(open: () => OrderStore): void {
  test("an order is found by its number, by its shop alone; of two that share one, both are", async () => {
    const store = open();
    const shopId = ShopId.parse("numbered");
    const twins = ["ord_eu_7k3m9qx24t8vh9v2t8xb5dme0z", "ord_eu_7k3m9qx24t8vh9v2t8xb5dme1z"].map(
      (id, second) => {
        const orderId = OrderId.parse(id);
        return orderAt(second, { shopId, orderId, checkoutId: checkoutIdOf(orderId) });
      },
    );
    const other = orderAt(2, { shopId });
    await store.apply([...twins, other].map(placed));
    const numbered = (orderId: OrderId, shop = shopId) => {
      const orderNumber = orderNumberOf(orderId);
      return store.ordersNumbered(shop, { region: "eu", orderNumber, limit: 10 });
    };
    expect(idsOf(await numbered(other.orderId))).toEqual([other.orderId]);
    const [first, second] = idsOf(twins);
    expect(idsOf(await numbered(OrderId.parse(first)))).toEqual([second, first]);
    expect(await numbered(other.orderId, ShopId.parse("nobody"))).toEqual([]);
  });
}

function itListsACustomersOrders(open: () => OrderStore): void {
  test("a customer's orders come newest first; new ones neither repeat nor hide any", async () => {
    const store = open();
    const shopId = ShopId.parse("customer-list");
    const customerReference = "cus_regular";
    const orders = [0, 1, 1, 1, 2].map((second) => orderAt(second, { shopId, customerReference }));
    const others = orderAt(1, { shopId, customerReference: "cus_other" });
    const { customerReference: _, ...nobodys } = orderAt(1, { shopId });
    await store.apply([...orders, others, nobodys].map(placed));

    const seen: string[] = [];
    let after: OrderPlace | undefined;
    for (let pages = 0; pages < 10; pages++) {
      const page = await store.ordersOfCustomer(shopId, { customerReference, after, limit: 2 });
      const last = page.at(-1);
      if (!last) break;
      seen.push(...idsOf(page));
      after = { createdAtMs: Date.parse(last.createdAt), orderId: last.orderId };
      await store.apply([placed(orderAt(9, { shopId, customerReference }))]);
    }
    const oldestFirst = orders.toSorted(
      (a, b) => a.createdAt.localeCompare(b.createdAt) || (a.orderId < b.orderId ? -1 : 1),
    );
    expect(seen).toEqual(idsOf(oldestFirst.toReversed()));
  });
}

function itSearchesByFacts(open: () => OrderStore): void {
  const shopId = ShopId.parse("search");
  const captured = { payment: "captured", captured: eur(1789) } as const;
  const orders = {
    placed: orderAt(0, { shopId }),
    sold: orderAt(1, { shopId, ...captured, fulfilment: "requested" }),
    sent: orderAt(2, { shopId, ...captured, fulfilment: "fulfilled", status: "fulfilled" }),
    failed: orderAt(3, { shopId, payment: "capture_failed", status: "capture_failed" }),
    disputed: orderAt(4, { shopId, ...captured, dispute: "open", status: "disputed" }),
  };
  const searches: readonly [string, Omit<SearchPage, "limit">, (keyof typeof orders)[]][] = [
    ["nothing", {}, ["disputed", "failed", "sent", "sold", "placed"]],
    ["the usual payment", { payment: "captured" }, ["disputed", "sent", "sold"]],
    ["an unusual payment", { payment: "capture_failed" }, ["failed"]],
    ["what is to be sent", { fulfilment: "requested" }, ["sold"]],
    ["what is sent", { fulfilment: "fulfilled" }, ["sent"]],
    ["open disputes", { dispute: "open" }, ["disputed"]],
    ["no dispute", { dispute: "none", payment: "captured" }, ["sent", "sold"]],
    ["a status", { status: "placed" }, ["sold", "placed"]],
    ["two facts", { payment: "captured", fulfilment: "none" }, ["disputed"]],
    ["a span of time", { sinceMs: START_MS + 1000, untilMs: START_MS + 3000 }, ["sent", "sold"]],
    ["facts that exclude each other", { payment: "voided", dispute: "won" }, []],
  ];

  test("operators find orders by facts and time, newest first", async () => {
    const store = open();
    await store.apply(Object.values(orders).map(placed));
    for (const [what, facts, expected] of searches) {
      const found = await store.searchOrders(shopId, { ...facts, limit: 10 });
      expect(idsOf(found), what).toEqual(expected.map((name) => orders[name].orderId));
    }
  });

  test("a search goes on after its last order, and sees no other shop's", async () => {
    const store = open();
    await store.apply(Object.values(orders).map(placed));
    const { createdAt, orderId } = orders.failed;
    const after = { createdAtMs: Date.parse(createdAt), orderId };
    const found = await store.searchOrders(shopId, { after, limit: 2 });
    expect(idsOf(found)).toEqual(idsOf([orders.sent, orders.sold]));
    expect(await store.searchOrders(ShopId.parse("nobody"), { limit: 2 })).toEqual([]);
  });
}
