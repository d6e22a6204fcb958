import { type RegionCode, regions } from "../schema/regions.ts";
import { D1OrderStore } from "./d1.ts";
import type { OrderStore } from "./order-store.ts";

type StoresEnv = {
  readonly [Binding in (typeof regions)[RegionCode]["bindings"]["orders"]]: D1Database;
};

/** The order store of a region. */
export function orderStoreOf(env: StoresEnv, region: RegionCode): OrderStore {
  return new D1OrderStore(env[regions[region].bindings.orders]);
}
