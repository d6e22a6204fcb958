import type { Context } from "hono";
import type { HistoryPage } from "../../../durable-objects/inventory/movement-queries.ts";
import { cellStub, stockLedgerStub } from "../../../durable-objects/placement.ts";
import type { ShopId, Sku } from "../../../schema/ids.ts";
import { assert } from "../../../schema/outcome.ts";
import { RegionCode } from "../../../schema/regions.ts";
import type { MovementSums, ShelfName, StockLevels, StockMovement } from "../../../schema/stock.ts";
import type { EdgeEnv } from "../gate/edge-env.ts";
import { ask } from "./ask.ts";

/** One SKU's shelves in all regions, and its ledger, for the shop whose key calls. */
export class Stockroom {
  readonly #env: Env;
  readonly #shopId: ShopId;
  readonly #sku: Sku;

  constructor(c: Context<EdgeEnv>, sku: Sku) {
    this.#env = c.env;
    this.#shopId = c.var.apiKey.shopId;
    this.#sku = sku;
  }

  cell(shelf: ShelfName) {
    return cellStub(this.#env, { shopId: this.#shopId, sku: this.#sku, ...shelf });
  }

  /** Every cell of a region. */
  async cells(region: RegionCode) {
    const first = this.cell({ region, cell: 0 });
    const { cells } = await ask(() => first.terms());
    return Array.from({ length: cells }, (_, cell) => this.cell({ region, cell }));
  }

  /** Whether all of these cells exist: pieces put into one beyond the last would never be sold. */
  async has(...shelves: readonly ShelfName[]): Promise<boolean> {
    const far = shelves.filter(({ cell }) => cell > 0);
    const counts = await Promise.all(far.map(({ region }) => this.cells(region)));
    return far.every(({ cell }, at) => cell < (counts[at]?.length ?? 0));
  }

  /** The ledger, in the region where the shop is at home. */
  async ledger() {
    const query = "SELECT region FROM shops WHERE shop_id = ?";
    const row = await this.#env.CATALOG.prepare(query).bind(this.#shopId).first();
    assert(row, "a key belongs to a shop");
    const home = RegionCode.parse(row.region);
    return stockLedgerStub(this.#env, { shopId: this.#shopId, sku: this.#sku, home });
  }

  /** Tells the ledger of pieces booked at a shelf. One not told finds out when it reconciles. */
  async tell(shelf: ShelfName): Promise<void> {
    try {
      const ledger = await this.ledger();
      await ask(() => ledger.told(shelf));
    } catch (problem) {
      console.warn({ event: "stock.ledger_unreachable", sku: this.#sku, problem: String(problem) });
    }
  }

  /** The newest movements of all cells. */
  async movements(region: RegionCode, page: HistoryPage) {
    const shelves = await this.cells(region);
    const histories = await Promise.all(shelves.map((shelf) => ask(() => shelf.movements(page))));
    return histories
      .flatMap((rows, cell) =>
        rows.map(
          ({
            token,
            kind,
            checkout_id,
            received,
            held,
            allocated,
            gone,
            at_ms,
          }): StockMovement => ({
            ...{ token, kind, cell, at: new Date(at_ms).toISOString() },
            ...(checkout_id === null ? {} : { checkoutId: checkout_id }),
            ...{ received, held, allocated, gone },
          }),
        ),
      )
      .toSorted((one, other) => other.at.localeCompare(one.at))
      .slice(0, page.limit);
  }
}

/** Levels, or sums of movements, of several cells as those of one. */
export function summed<Sums extends StockLevels | MovementSums>(parts: readonly Sums[]): Sums {
  const totals = new Map<string, number>();
  for (const part of parts) {
    for (const [name, pieces] of Object.entries(part)) {
      totals.set(name, (totals.get(name) ?? 0) + pieces);
    }
  }
  return Object.fromEntries(totals) as Sums;
}
