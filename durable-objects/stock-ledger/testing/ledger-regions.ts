import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { checkoutIdFrom, ShopId, Sku } from "../../../schema/ids.ts";
import { isRefusal } from "../../../schema/outcome.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import type { ShelfName } from "../../../schema/stock.ts";
import type { CheckoutObject } from "../../checkout/checkout.object.ts";
import type { Hold } from "../../checkout/sale/checkout.ts";
import { ringOf, spreadOf } from "../../checkout/stock/cells.ts";
import { inventoryCalls } from "../../checkout/stock/inventory-calls.ts";
import { InventoryObject } from "../../inventory/inventory.object.ts";
import { cellStub, shelfNamed, stockLedgerStub } from "../../placement.ts";
import { StockLedgerObject } from "../stock-ledger.object.ts";

const MINUTE_MS = 60_000;
export const demo = ShopId.parse("demo");
const HOME: RegionCode = "eu";
let skus = 0;

/** One new SKU in all regions, with its ledger in Europe. */
export function newStock() {
  const sku = Sku.parse(`regional-${++skus}`);
  const shelf = ({ region, cell }: ShelfName) => cellStub(env, { shopId: demo, region, sku, cell });
  const ledger = () => stockLedgerStub(env, { shopId: demo, sku, home: HOME });
  const receive = async (place: ShelfName, quantity: number, token = "first") => {
    await shelf(place).receive({ token, quantity });
    await ledger().told(place);
  };
  const books = (places: readonly ShelfName[]) =>
    Promise.all(places.map((place) => shelf(place).book()));
  /** Reads every shelf; each one's own equation has to hold at every read. */
  const totals = async (places: readonly ShelfName[]) => {
    const all = await books(places);
    const sum = { received: 0, available: 0, held: 0, allocated: 0, gone: 0, inTransit: 0 };
    for (const { levels, movements } of all) {
      const { received, available, held, allocated, gone } = levels;
      if (received !== available + held + allocated + gone) {
        throw new Error(`${sku}: ${JSON.stringify(levels)} does not add up`);
      }
      const net = movements.receipts + movements.corrections;
      if (received !== net + movements.transfersIn - movements.transfersOut) {
        throw new Error(`${sku}: ${JSON.stringify(movements)} is not ${received}`);
      }
      sum.received += received;
      sum.available += available;
      sum.held += held;
      sum.allocated += allocated;
      sum.gone += gone;
      sum.inTransit += movements.transfersOut - movements.transfersIn;
    }
    return sum;
  };
  return {
    sku,
    shelf,
    ledger,
    receive,
    totals,
    buyer: (region: RegionCode) => buyerOf(sku, region),
  };
}

let shoppers = 0;

/** Somebody who wants pieces, through the very port that the checkout's sagas call. */
function buyerOf(sku: Sku, region: RegionCode) {
  const checkoutId = checkoutIdFrom(region, crypto.getRandomValues(new Uint8Array(17)));
  const sale = { shopId: demo, checkoutId };
  const shopper = `cus_${++shoppers}`;
  const inventory = inventoryCalls(env);
  let hold: Hold | undefined;
  const wish = (quantity: number, more: Partial<Hold> = {}): Hold => {
    const lines = [{ sku, quantity }];
    const spread = spreadOf({ shopId: demo, region, lines, shopper });
    const expiresAtMs = Date.now() + 40 * MINUTE_MS;
    return { key: checkoutId, generation: 1, lines, expiresAtMs, spread, shopper, ...more };
  };
  /** As a saga does it: the same call again while nobody knows what became of it. */
  const insist = async <T>(call: () => Promise<T>): Promise<T> => {
    for (let tried = 0; ; tried += 1) {
      try {
        return await call();
      } catch (problem) {
        if (tried === 50) throw problem;
      }
    }
  };
  const take = async (quantity = 1, more: Partial<Hold> = {}) => {
    const wanted = wish(quantity, more);
    hold = wanted;
    const answer = await insist(() => inventory.hold(sale, wanted));
    if (isRefusal(answer)) await insist(() => inventory.release(sale, wanted));
    return isRefusal(answer) ? answer.refused : "held";
  };
  const held = () => {
    if (!hold) throw new Error("a buyer takes first");
    return hold;
  };
  const pay = async () => {
    const answer = await insist(() => inventory.allocate(sale, { hold: held(), payment: 1 }));
    return isRefusal(answer) ? answer.refused : "sold";
  };
  const buy = async (quantity = 1) => {
    const taken = await take(quantity);
    return taken === "held" ? pay() : taken;
  };
  /** The cells as this buyer is served by them. */
  const ring = () => ringOf(wish(1).spread, sku);
  return { sale, inventory, wish, take, held, pay, buy, ring };
}

/** Cuts regions off from the ledger, both ways; their own shoppers do not notice. */
export function links() {
  const cut = new Set<RegionCode>();
  const dead = (region: RegionCode) => {
    if (cut.has(region)) throw new Error(`${region} is cut off`);
  };
  for (const call of ["send", "takeBack", "arrive", "agree", "terms", "book"] as const) {
    const real = InventoryObject.prototype[call] as (...args: unknown[]) => unknown;
    const spied = function (this: InventoryObject, ...args: unknown[]) {
      const { ctx } = this as object as { ctx: DurableObjectState };
      dead(shelfNamed(ctx.id.name).region);
      return real.apply(this, args);
    };
    vi.spyOn(InventoryObject.prototype, call).mockImplementation(spied as never);
  }
  for (const call of ["want", "spread", "told"] as const) {
    const real = StockLedgerObject.prototype[call] as (...args: unknown[]) => unknown;
    const spied = async function (this: StockLedgerObject, place: ShelfName) {
      dead(place.region);
      return real.apply(this, [place]);
    };
    vi.spyOn(StockLedgerObject.prototype, call).mockImplementation(spied as never);
  }
  return cut;
}

/** As when the machine under it dies: what it had not answered is unknown to who asked. */
export async function kill(
  stub: DurableObjectStub<InventoryObject | StockLedgerObject | CheckoutObject>,
) {
  const aborted = runInDurableObject(stub, (_object, state) => state.abort("killed"));
  await aborted.catch(() => undefined);
}
