import type { HoldRow } from "../../../durable-objects/inventory/inventory.rows.ts";
import { cellStub } from "../../../durable-objects/placement.ts";
import { orderStoreOf } from "../../../orders/region-order-store.ts";
import { type ShopId, Sku } from "../../../schema/ids.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import { ask } from "./ask.ts";
import { summed } from "./stockroom.ts";

const PAGE = 500;

type Dump = {
  readonly env: Env;
  readonly shopId: ShopId;
  readonly regions: readonly RegionCode[];
  readonly sinceMs: number;
};

/** Everything of one kind in the shapes of the API reference, page by page. */
export function dumpOf(what: "orders" | "stock" | "events", dump: Dump): AsyncIterable<unknown> {
  if (what === "orders") return orderLines(dump);
  return what === "events" ? eventLines(dump) : stockLines(dump);
}

async function* orderLines({ env, shopId, regions, sinceMs }: Dump) {
  for (const region of regions) {
    const store = orderStoreOf(env, region);
    let after: { createdAtMs: number; orderId: string } | undefined;
    for (;;) {
      const orders = await store.orders(shopId, { sinceMs, after, limit: PAGE });
      yield* orders;
      const last = orders.at(-1);
      if (!last || orders.length < PAGE) break;
      after = { createdAtMs: Date.parse(last.createdAt), orderId: last.orderId };
    }
  }
}

async function* eventLines({ env, shopId, regions, sinceMs }: Dump) {
  for (const region of regions) {
    const store = orderStoreOf(env, region);
    let afterOffset = 0;
    for (;;) {
      const events = await store.events(shopId, { sinceMs, afterOffset, limit: PAGE });
      yield* events.map(({ event }) => event);
      const last = events.at(-1);
      if (!last || events.length < PAGE) break;
      afterOffset = last.offset;
    }
  }
}

/** One line per SKU of the catalogue and region, also where no piece ever arrived. */
async function* stockLines({ env, shopId, regions }: Dump) {
  const { results } = await env.CATALOG.prepare(
    "SELECT sku FROM products WHERE shop_id = ? ORDER BY sku",
  )
    .bind(shopId)
    .all<{ sku: string }>();
  for (const region of regions) {
    for (const row of results) {
      const sku = Sku.parse(row.sku);
      yield await stockLine(env, { shopId, region, sku });
    }
  }
}

type Stock = { readonly shopId: ShopId; readonly region: RegionCode; readonly sku: Sku };

/** The region's stock as a whole, and each of its cells. */
async function stockLine(env: Env, stock: Stock) {
  const first = await ask(() => cellStub(env, { ...stock, cell: 0 }).dump());
  const others = Array.from({ length: first.terms.cells - 1 }, (_, index) =>
    ask(() => cellStub(env, { ...stock, cell: index + 1 }).dump()),
  );
  const dumps = [first, ...(await Promise.all(others))];
  return {
    ...stock,
    ...summed(dumps.map(({ levels }) => levels)),
    movements: summed(dumps.map(({ movements }) => movements)),
    cells: dumps.map(({ levels, movements }, cell) => ({ cell, ...levels, movements })),
    holds: dumps.flatMap(({ holds }) => holds).map(holdLine),
  };
}

function holdLine({ checkout_id, quantity, shipped, state, expires_at_ms }: HoldRow) {
  const expiresAt = new Date(expires_at_ms).toISOString();
  return { checkoutId: checkout_id, quantity, shipped, state, expiresAt };
}
