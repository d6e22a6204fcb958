import { afterEach, beforeEach, vi } from "vitest";
import type { CheckoutTx } from "../../../durable-objects/checkout/sale/checkout.tx.ts";
import type { CheckoutDeps } from "../../../durable-objects/checkout/sale/ports.ts";
import { Stage } from "../../../durable-objects/saga/testing/stage.ts";
import { product } from "../matrix/matrix.ts";
import { openedShop, pay, type Sale } from "./sale-calls.ts";
import { sagas } from "./sale-scenario.ts";
import { Shop } from "./shop.ts";

/** For a test file: the clock is given back, and what is told of broken payments is not printed. */
export function withOwnClock(): void {
  beforeEach(() => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    vi.spyOn(console, "error").mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}

/** A shop's world with one sale that was paid for, and the engine that drives it. */
export async function paidSale(sale: Sale = {}) {
  const shop = new Shop(product);
  const { deps, storage } = shop;
  const stage = new Stage<CheckoutDeps, CheckoutTx>({ sagas, deps, storage });
  const { runner } = stage;
  await openedShop(shop, runner, sale);
  await pay(shop, runner, sale);
  await stage.idle();
  return { shop, stage, runner };
}

export type PaidSale = Awaited<ReturnType<typeof paidSale>>;
