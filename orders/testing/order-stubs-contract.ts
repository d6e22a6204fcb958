import { expect, test } from "vitest";
import { ShopId } from "../../schema/ids.ts";
import type { OrderStore, OrderStub } from "../order-store.ts";
import { demo, eur, orderOf, START_MS } from "./order-fixtures.ts";

export function stubOf(change: Partial<OrderStub> = {}): OrderStub {
  const { orderId, checkoutId, shopId } = orderOf();
  return {
    ...{ orderId, checkoutId, shopId, region: "us", version: 2, status: "captured" },
    ...{ total: eur(1789), captured: eur(1789), refunded: eur(0) },
    ...{ createdAtMs: START_MS, updatedAtMs: START_MS + 1000, asOfMs: START_MS + 2000 },
    secretHash: undefined,
    ...change,
  };
}

export function itKeepsStubs(open: () => OrderStore): void {
  test("another region's order is kept as a stub, in its latest version", async () => {
    const store = open();
    const stub = stubOf({ secretHash: "5f2c" });
    await store.keepStubs([]);
    await store.keepStubs([stub]);
    expect(await store.stub(demo, stub.orderId)).toEqual(stub);
    const later = { ...stub, version: 3, status: "refunded", refunded: eur(1789) } as const;
    await store.keepStubs([{ ...later, asOfMs: START_MS + 9000 }]);
    await store.keepStubs([stub]);
    expect(await store.stub(demo, stub.orderId)).toEqual({ ...later, asOfMs: START_MS + 9000 });
  });

  test("a stub that is confirmed is younger, and an older word of it changes nothing", async () => {
    const store = open();
    const stub = stubOf();
    await store.keepStubs([stub, { ...stub, asOfMs: stub.asOfMs + 5 }]);
    await store.keepStubs([stub]);
    expect((await store.stub(demo, stub.orderId))?.asOfMs).toBe(stub.asOfMs + 5);
  });

  test("a stub is no order, and no other shop's", async () => {
    const store = open();
    const stub = stubOf();
    await store.keepStubs([stub]);
    expect(await store.order(demo, stub.orderId)).toBeUndefined();
    expect(await store.stub(ShopId.parse("other"), stub.orderId)).toBeUndefined();
  });
}
