import { type Finding, isCancelled, unfinished, violation, type World } from "./audited-world.ts";
import type { OrderRow, StockRow } from "./dumps.ts";

type Levels = Pick<
  StockRow,
  "received" | "available" | "held" | "allocated" | "gone" | "movements"
>;

/** I4: received = available + held + allocated + gone, each at least 0, and the holds add up. */
export function* noOversell({ stock }: World): Iterable<Finding> {
  for (const [name, rows] of Map.groupBy(stock, nameOf)) {
    if (rows.length > 1) yield violation(name, `is dumped ${rows.length} times.`);
  }
  yield* transfersAddUp(stock);
  for (const row of stock) {
    const { held, allocated, gone } = row;
    const name = nameOf(row);
    yield* levelsAddUp(name, row);
    for (const cell of row.cells ?? []) yield* levelsAddUp(`${name}/${cell.cell}`, cell);
    if (held !== piecesIn(row, "held")) {
      yield violation(name, `counts ${held} held; its holds say ${piecesIn(row, "held")}.`);
    }
    // Shipped pieces may leave the list of holds, never the other way round.
    const allocatedInHolds = piecesIn(row, "allocated");
    if (allocatedInHolds < allocated || allocatedInHolds > allocated + gone) {
      yield violation(name, `counts ${allocated} allocated; its holds say ${allocatedInHolds}.`);
    }
  }
}

/** One object's equation, and its counters against the sums of its movements. */
function* levelsAddUp(name: string, levels: Levels): Iterable<Finding> {
  const { received, available, held, allocated, gone, movements } = levels;
  if (received !== available + held + allocated + gone) {
    const sum = `${available} + ${held} + ${allocated} + ${gone}`;
    yield violation(name, `received ${received}, which is not ${sum}.`);
  }
  if (Math.min(received, available, held, allocated, gone) < 0) {
    yield violation(name, "has a negative count.");
  }
  if (!movements) return;
  const { receipts, corrections, transfersIn, transfersOut } = movements;
  if (received !== receipts + corrections + transfersIn - transfersOut) {
    const sum = `${receipts} + ${corrections} + ${transfersIn} - ${transfersOut}`;
    yield violation(name, `received ${received}; its movements say ${sum}.`);
  }
  for (const what of ["held", "allocated", "gone"] as const) {
    if (levels[what] === movements[what]) continue;
    yield violation(name, `counts ${levels[what]} ${what}; its movements say ${movements[what]}.`);
  }
}

/** What left one shelf and has not come to another one yet is in transit, and never less than 0. */
function* transfersAddUp(stock: readonly StockRow[]): Iterable<Finding> {
  for (const [name, rows] of Map.groupBy(stock, ({ shopId, sku }) => `${shopId ?? ""}/${sku}`)) {
    const inTransit = rows.reduce(
      (sum, { movements }) => sum + (movements?.transfersOut ?? 0) - (movements?.transfersIn ?? 0),
      0,
    );
    if (inTransit < 0) yield violation(name, `got ${-inTransit} pieces that no shelf sent.`);
    if (inTransit > 0) yield unfinished(name, `has ${inTransit} pieces in transit.`);
  }
}

/** I5: every hold ends allocated or released; what is allocated or gone is what orders sold. */
export function* noStuckStock(world: World): Iterable<Finding> {
  for (const row of world.stock) {
    yield* soldAndAllocated(world, row);
    for (const hold of row.holds) {
      const subject = `${nameOf(row)} for ${hold.checkoutId}`;
      const order = world.orderOf.get(hold.checkoutId);
      if (hold.state === "held" && Date.parse(hold.expiresAt) < world.nowMs) {
        yield unfinished(subject, `is held past its end at ${hold.expiresAt}.`);
      }
      // What was shipped is gone for good, whatever became of the order.
      if (hold.quantity === hold.shipped) continue;
      if (hold.state === "allocated" && order === undefined) {
        yield unfinished(subject, "is allocated and has no order.");
      }
      if (hold.state === "allocated" && order !== undefined && isCancelled(order)) {
        yield unfinished(subject, "is allocated to a cancelled order.");
      }
    }
  }
}

function* soldAndAllocated(world: World, row: StockRow): Iterable<Finding> {
  const here = world.orders.filter((order) => sameShop(order, row));
  // As a last resort a line may be another region's piece, and says so.
  const pieces = (orders: readonly OrderRow[]) =>
    orders
      .flatMap(({ lines, region }) => lines.map((line) => ({ shipsFrom: region, ...line })))
      .filter(({ sku, shipsFrom }) => sku === row.sku && shipsFrom === row.region)
      // What was cancelled, or came back, is on the shelf again.
      .reduce(
        (sum, { quantity, cancelled = 0, restocked = 0 }) => sum + quantity - cancelled - restocked,
        0,
      );
  // A refund says nothing about the goods: they may be with the shopper or back on the shelf.
  const mostSold = pieces(here.filter((order) => !isCancelled(order)));
  const leastSold = mostSold - pieces(here.filter(({ status }) => status === "refunded"));
  const taken = row.allocated + row.gone;
  if (taken < leastSold) {
    yield violation(nameOf(row), `sold ${leastSold} pieces and allocated ${taken}.`);
  }
  if (taken > mostSold) {
    yield unfinished(nameOf(row), `allocated ${taken} pieces; live orders have ${mostSold}.`);
  }
}

function sameShop(order: OrderRow, row: StockRow): boolean {
  return order.shopId === undefined || row.shopId === undefined || order.shopId === row.shopId;
}

function piecesIn(row: StockRow, state: string): number {
  return row.holds
    .filter((hold) => hold.state === state)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

function nameOf(row: StockRow): string {
  const place = `${row.region}/${row.sku}`;
  return row.shopId === undefined ? place : `${row.shopId}/${place}`;
}
