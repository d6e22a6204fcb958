import { rememberCells, ringOf, spreadOf } from "../../durable-objects/checkout/stock/cells.ts";
import { InventoryObject } from "../../durable-objects/inventory/inventory.object.ts";
import { cellStub } from "../../durable-objects/placement.ts";
import { CheckoutId, ShopId, Sku } from "../../schema/ids.ts";

const CROWDED = "crowded";
const HOUR_MS = 3_600_000;
const AT_ONCE = 16; // as many shoppers as the sale's own bench
const shopId = ShopId.parse("demo");
const region = "eu" as const;
const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");

/** The product's inventory, which can be crowded without a call per hold. */
export class CrowdedInventory extends InventoryObject {
  /** Is broken off when it is done: an object knows nothing of rows behind its back, so it starts anew. */
  async crowd(pieces: number): Promise<void> {
    const { sql } = this.ctx.storage;
    const dueMs = Date.now() + HOUR_MS;
    sql.exec(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO holds (hold_key, checkout_id, quantity, state, expires_at_ms, due_at_ms)
       SELECT 'crowd-' || i, ?, 1, 'held', ? + i, ? + i FROM n`,
      ...[pieces, checkoutId, dueMs, dueMs],
    );
    sql.exec("UPDATE stock SET held = held + ?", pieces);
    await this.ctx.storage.sync();
    this.ctx.abort(CROWDED);
  }
}

export default {
  /** `/receive`, `/crowd` and `/hold`, each with `sku`, `cells` and `count`. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const url = new URL(request.url);
    const sku = Sku.parse(url.searchParams.get("sku"));
    const cells = Number(url.searchParams.get("cells"));
    const count = Number(url.searchParams.get("count"));
    const stub = (cell: number) => cellStub(env, { shopId, region, sku, cell });
    if (url.pathname === "/receive") {
      const all = Array.from({ length: cells }, (_, cell) => stub(cell));
      await Promise.all(all.map((cell) => cell.receive({ token: "all", quantity: count })));
      return Response.json({});
    }
    if (url.pathname === "/crowd") {
      const crowded = stub(0) as object as DurableObjectStub<CrowdedInventory>;
      await crowded.crowd(count).catch((problem: unknown) => {
        if (!String(problem).includes(CROWDED)) throw problem;
      });
      return Response.json({});
    }
    rememberCells({ shopId, region }, sku, cells);
    return Response.json({ holdsByCell: await hold({ sku, count, cells, stub }) });
  },
};

type Holds = {
  readonly sku: Sku;
  readonly count: number;
  readonly cells: number;
  readonly stub: (cell: number) => ReturnType<typeof cellStub>;
};

/** Each shopper begins at a cell of their own, as in a checkout. */
async function hold({ sku, count, cells, stub }: Holds): Promise<number[]> {
  const holdsByCell = Array.from({ length: cells }, () => 0);
  const run = crypto.randomUUID();
  const expiresAtMs = Date.now() + HOUR_MS;
  let next = 0;
  const shopper = async () => {
    for (let number = next++; number < count; number = next++) {
      const key = `${run}-${number}`;
      const lines = [{ sku, quantity: 1 }];
      const [cell = 0] = ringOf(spreadOf({ shopId, region, lines, shopper: key }), sku);
      const answer = await stub(cell).hold({ key, checkoutId, sku, quantity: 1, expiresAtMs });
      if (!("ok" in answer)) throw new Error(`refused: ${answer.refused}`);
      holdsByCell[cell] = (holdsByCell[cell] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, shopper));
  return holdsByCell;
}
