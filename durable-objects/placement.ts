import type { FeedName } from "../schema/feeds.ts";
import { type CartId, type CheckoutId, regionOf, ShopId, Sku } from "../schema/ids.ts";
import { assert } from "../schema/outcome.ts";
import type { PromotionId } from "../schema/promotion.ts";
import { RegionCode, regions } from "../schema/regions.ts";

/**
 * What is handed out are the objects' own calls, by the types that wrangler reads off the Worker's
 * entry point. So nothing is imported here of those that import this file.
 */
type PlacementEnv = Pick<
  Env,
  | "RESIDENCY"
  | "CART"
  | "CHECKOUT"
  | "INVENTORY"
  | "PROVIDER_HEALTH"
  | "CUSTOMER"
  | "STOCK_LEDGER"
  | "PROMOTION"
  | "FEED"
>;

/** The object that keeps this cart. Its region stands in its id. */
export function cartStub(env: PlacementEnv, shopId: ShopId, cartId: CartId) {
  return place(env, env.CART, regionOf(cartId), `${shopId}/${cartId}`);
}

/** The object that is the only writer of this sale. Its region stands in its id. */
export function checkoutStub(env: PlacementEnv, shopId: ShopId, checkoutId: CheckoutId) {
  return place(env, env.CHECKOUT, regionOf(checkoutId), `${shopId}/${checkoutId}`);
}

/** One cell of a SKU's stock in a region. Most SKUs have one: cell 0. */
export type Shelf = {
  readonly shopId: ShopId;
  readonly region: RegionCode;
  readonly sku: Sku;
  readonly cell: number;
};

/** The object that holds one SKU's stock of one region: cell 0, which every SKU has. */
export function inventoryStub(env: PlacementEnv, shopId: ShopId, region: RegionCode, sku: Sku) {
  return cellStub(env, { shopId, region, sku, cell: 0 });
}

/** The object that holds one cell of it. */
export function cellStub(env: PlacementEnv, { shopId, region, sku, cell }: Shelf) {
  return place(env, env.INVENTORY, region, `${shopId}/${region}/${inName(sku)}/${cell}`);
}

/** A SKU may hold the slash that parts a name. One of letters, digits, dots and dashes stands as it is. */
function inName(sku: Sku): string {
  return encodeURIComponent(sku);
}

/** Which shelf an inventory object is: an object is told its name and nothing else. */
export function shelfNamed(name: string | undefined): Shelf {
  const [shopId, region, sku, cell] = (name ?? "").replace(/^\w+:/, "").split("/");
  return {
    shopId: ShopId.parse(shopId),
    region: RegionCode.parse(region),
    sku: Sku.parse(decodeURIComponent(sku ?? "")),
    cell: Number(cell),
  };
}

/** Every piece of a SKU, wherever it lies, in the region that the shop calls home. */
export function stockLedgerStub(
  env: PlacementEnv,
  { shopId, sku, home }: { readonly shopId: ShopId; readonly sku: Sku; readonly home: RegionCode },
) {
  return place(env, env.STOCK_LEDGER, home, `${shopId}/${home}/${inName(sku)}`);
}

/** Which SKU's ledger an object is. */
export function ledgerNamed(name: string | undefined): Omit<Shelf, "cell" | "region"> & {
  readonly home: RegionCode;
} {
  const { shopId, region, sku } = shelfNamed(name);
  return { shopId, sku, home: region };
}

/**
 * The object that counts one promotion's uses. A limit holds over all regions, so there is one; it
 * stands in the strictest of them, though it knows customers by a hash alone.
 */
export function promotionStub(env: PlacementEnv, shopId: ShopId, promotionId: PromotionId) {
  return place(env, env.PROMOTION, "eu", `${shopId}/${promotionId}`);
}

/** Which cart is a customer's, who is known by a hash alone: there is one in the strictest region, for carts of all. */
export function customerStub(env: PlacementEnv, shopId: ShopId, customerReference: string) {
  return place(env, env.CUSTOMER, "eu", `${shopId}/${customerReference}`);
}

/** The object that knows how the providers answer, seen from one region. All shops share it. */
export function providerHealthStub(env: PlacementEnv, region: RegionCode) {
  return place(env, env.PROVIDER_HEALTH, region, `${region}/provider-health`);
}

/** Which region's health an object is. */
export function healthNamed(name: string | undefined): RegionCode {
  return RegionCode.parse((name ?? "").replace(/^\w+:/, "").split("/")[0]);
}

/** One feed of one region, for all shops. */
export function feedStub(env: PlacementEnv, region: RegionCode, feed: FeedName) {
  return place(env, env.FEED, region, `${region}/${feed}`);
}

/**
 * The only place that turns a name into an object. The same name in two jurisdictions is two
 * objects, so a wrong region here would be a second, empty sale.
 *
 * Throws: when RESIDENCY is neither "enforced" nor "simulated".
 * Source: https://developers.cloudflare.com/durable-objects/reference/data-location/
 */
function place<T extends Rpc.DurableObjectBranded>(
  { RESIDENCY }: Pick<PlacementEnv, "RESIDENCY">,
  namespace: DurableObjectNamespace<T>,
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
