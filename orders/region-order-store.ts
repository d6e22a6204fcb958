import * as z from "zod";
import { assert } from "../schema/outcome.ts";
import { type RegionCode, regions } from "../schema/regions.ts";
import { D1OrderStore } from "./d1-order-store.ts";
import type { OrderStore } from "./order-store.ts";
import { PostgresOrderStore } from "./postgres-order-store.ts";

type Bindings = (typeof regions)[RegionCode]["bindings"];

type StoresEnv = {
  readonly [Binding in Bindings["orders"]]: D1Database;
} & {
  readonly [Variable in Bindings["orderStore"]]?: string;
} & {
  /** Bound only where a region's orders stand in Postgres. */
  readonly [Binding in Bindings["postgres"]]?: Pick<Hyperdrive, "connectionString">;
};

const OrderStoreKind = z.enum(["d1", "postgres"]);

/**
 * The order store of a region, as its ORDER_STORE_<REGION> says. With `since`, the bookmark of an
 * earlier read or write, what it answers is not older than that.
 *
 * Throws: when the variable says neither "d1" nor "postgres", or the store is not bound.
 */
export function orderStoreOf(env: StoresEnv, region: RegionCode, since?: string): OrderStore {
  const { orders, orderStore, postgres } = regions[region].bindings;
  const kind = OrderStoreKind.safeParse(env[orderStore]);
  assert(kind.success, `${orderStore} is "d1" or "postgres"`);
  if (kind.data === "d1") return new D1OrderStore(env[orders], since);
  const hyperdrive = env[postgres];
  assert(hyperdrive, `${postgres} is bound where ${orderStore} is "postgres"`);
  return new PostgresOrderStore(hyperdrive.connectionString);
}
