import { CheckoutId, OrderId, ShopId } from "../schema/ids.ts";
import { assert } from "../schema/outcome.ts";
import { RegionCode } from "../schema/regions.ts";
import { OrderStatus } from "../schema/states.ts";
import type { OrderStub } from "./order-store.ts";

/**
 * One stub per order, the one that keeping them one by one would leave: a statement of Postgres may
 * not change a row twice.
 */
export function latestStubs(stubs: readonly OrderStub[]): readonly OrderStub[] {
  const latest = new Map<string, OrderStub>();
  for (const stub of stubs) {
    const known = latest.get(stub.orderId);
    const isNews = !known || (stub.version >= known.version && stub.asOfMs >= known.asOfMs);
    if (isNews) latest.set(stub.orderId, stub);
  }
  return [...latest.values()];
}

export function stubRow({ total, captured, refunded, secretHash, ...same }: OrderStub) {
  return {
    ...same,
    currency: total.currency,
    totalMinor: total.amountMinor,
    capturedMinor: captured.amountMinor,
    refundedMinor: refunded.amountMinor,
    secretHash: secretHash ?? null,
  };
}

/** What a select of either store answers: the same columns, unchecked. */
export type StubRow = {
  [Column in keyof ReturnType<typeof stubRow>]: ReturnType<typeof stubRow>[Column] extends string
    ? string
    : ReturnType<typeof stubRow>[Column];
};

export function toStub(row: StubRow): OrderStub {
  const { currency, totalMinor, capturedMinor, refundedMinor, secretHash, ...same } = row;
  const money = (amountMinor: number) => ({ amountMinor, currency });
  const status = OrderStatus.safeParse(same.status);
  assert(status.success, `row ${row.orderId} is a stub`);
  return {
    ...same,
    orderId: OrderId.parse(same.orderId),
    checkoutId: CheckoutId.parse(same.checkoutId),
    shopId: ShopId.parse(same.shopId),
    region: RegionCode.parse(same.region),
    status: status.data,
    total: money(totalMinor),
    captured: money(capturedMinor),
    refunded: money(refundedMinor),
    secretHash: secretHash ?? undefined,
  };
}
