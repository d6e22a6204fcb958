import { type CartId, type CheckoutId, regionOf, type ShopId, type Sku } from "../schema/ids.ts";
import { assert } from "../schema/outcome.ts";
import { type RegionCode, regions } from "../schema/regions.ts";
import type { CartObject } from "./cart/cart.object.ts";
import type { CheckoutObject } from "./checkout/checkout.object.ts";
import type { InventoryObject } from "./inventory/inventory.object.ts";
import type { ProviderHealthObject } from "./provider-health/provider-health.object.ts";

type Namespace<T extends Rpc.DurableObjectBranded> = DurableObjectNamespace<T>;
type PlacementEnv = {
  readonly RESIDENCY: string;
  readonly CART: Namespace<CartObject>;
  readonly CHECKOUT: Namespace<CheckoutObject>;
  readonly INVENTORY: Namespace<InventoryObject>;
  readonly PROVIDER_HEALTH: Namespace<ProviderHealthObject>;
};

/** The object that keeps this cart. Its region stands in its id. */
export function cartStub(env: PlacementEnv, shopId: ShopId, cartId: CartId) {
  return place(env, env.CART, regionOf(cartId), `${shopId}/${cartId}`);
}

/** The object that is the only writer of this sale. Its region stands in its id. */
export function checkoutStub(env: PlacementEnv, shopId: ShopId, checkoutId: CheckoutId) {
  return place(env, env.CHECKOUT, regionOf(checkoutId), `${shopId}/${checkoutId}`);
}

/** The object that holds one SKU's stock of one region. Cell 0 is the only one so far. */
export function inventoryStub(env: PlacementEnv, shopId: ShopId, region: RegionCode, sku: Sku) {
  return place(env, env.INVENTORY, region, `${shopId}/${region}/${sku}/0`);
}

/** The object that knows how the providers answer, seen from one region. All shops share it. */
export function providerHealthStub(env: PlacementEnv, region: RegionCode) {
  return place(env, env.PROVIDER_HEALTH, region, `${region}/provider-health`);
}

/**
 * The only place that turns a name into an object. The same name in two jurisdictions is two
 * objects, so a wrong region here would be a second, empty sale.
 *
 * Throws: when RESIDENCY is neither "enforced" nor "simulated".
 * Source: https://developers.cloudflare.com/durable-objects/reference/data-location/
 */
function place<T extends Rpc.DurableObjectBranded>(
  { RESIDENCY }: PlacementEnv,
  namespace: Namespace<T>,
  region: RegionCode,
  name: string,
): DurableObjectStub<T> {
  if (RESIDENCY === "simulated") return namespace.getByName(`${region}:${name}`);
  assert(RESIDENCY === "enforced", 'RESIDENCY is "enforced" or "simulated"');
  const { objects } = regions[region];
  if ("jurisdiction" in objects) {
    return namespace.jurisdiction(objects.jurisdiction).getByName(name);
  }
  return namespace.getByName(name, { locationHint: objects.hint });
}
