import { runInDurableObject } from "cloudflare:test";
import { afterEach, expect, test, vi } from "vitest";
import { eventually } from "../../../test/eventually.ts";
import { InventoryObject } from "../../inventory/inventory.object.ts";
import { StockLedgerObject } from "../../stock-ledger/stock-ledger.object.ts";
import { newStock } from "../../stock-ledger/testing/ledger-regions.ts";

const SOON = { withinMs: 10_000, gapMs: 20 };
const cellsOf = (count: number) =>
  Array.from({ length: count }, (_, cell) => ({ region: "eu" as const, cell }));

afterEach(() => vi.restoreAllMocks());

/** A SKU whose pieces lie in so many cells, evenly. */
async function spread(pieces: number, cells: number) {
  const stock = newStock();
  await stock.receive({ region: "eu", cell: 0 }, pieces);
  expect(await stock.ledger().spread({ region: "eu", cells })).toBe(cells);
  const places = cellsOf(cells);
  await eventually(
    () => stock.totals(places),
    ({ inTransit }) => inTransit === 0,
    SOON,
  );
  const levels = () => Promise.all(places.map((place) => stock.shelf(place).levels()));
  // Whoever asks cell 0 first is told how many there are.
  const scout = stock.buyer("eu");
  await scout.take();
  await scout.inventory.release(scout.sale, scout.held());
  return { ...stock, places, levels };
}

test("a split spreads the pieces evenly and loses none", async () => {
  const { levels, totals, places } = await spread(42, 4);
  expect((await levels()).map(({ available }) => available)).toEqual([11, 11, 10, 10]);
  expect(await totals(places)).toMatchObject({ received: 42, available: 42, inTransit: 0 });
});

test("shoppers begin at cells of their own, and sell out all cells to the last piece", async () => {
  const { buyer, levels, totals, places } = await spread(40, 4);
  const answers = await Promise.all(Array.from({ length: 60 }, () => buyer("eu").buy()));

  expect(answers.filter((answer) => answer === "sold")).toHaveLength(40);
  expect(answers.filter((answer) => answer === "out_of_stock")).toHaveLength(20);
  for (const { allocated } of await levels()) expect(allocated).toBe(10);
  expect(await totals(places)).toMatchObject({ held: 0, allocated: 40, available: 0 });
});

test("more than any cell has is held in several, and moves as one", async () => {
  const { buyer, sku, totals, places, levels } = await spread(40, 4);
  const large = buyer("eu");
  expect(await large.buy(25)).toBe("sold");
  expect((await levels()).filter(({ allocated }) => allocated > 0)).toHaveLength(3);

  const parcel = { hold: large.held(), token: "p1", lines: [{ sku, quantity: 12 }] };
  expect(await large.inventory.ship(large.sale, parcel)).toEqual({ ok: true });
  expect(await large.inventory.ship(large.sale, parcel)).toEqual({ ok: true });
  expect(await totals(places)).toMatchObject({ allocated: 13, gone: 12, available: 15 });
  const tooMuch = { ...parcel, token: "p2", lines: [{ sku, quantity: 14 }] };
  expect(await large.inventory.ship(large.sale, tooMuch)).toMatchObject({
    refused: "not_enough_stock",
  });
  await large.inventory.unship(large.sale, tooMuch);
  await large.inventory.unship(large.sale, tooMuch);
  expect(await totals(places)).toMatchObject({ allocated: 13, gone: 12 });
  await large.inventory.restock(large.sale, large.held(), "cancelled");
  await large.inventory.restock(large.sale, large.held(), "cancelled");
  expect(await totals(places)).toMatchObject({ allocated: 0, held: 0 });
});

test("pieces go back to the cells that they were sold from, once", async () => {
  const { buyer, sku, totals, places } = await spread(40, 4);
  const large = buyer("eu");
  expect(await large.buy(25)).toBe("sold");
  const parcel = { hold: large.held(), token: "p1", lines: [{ sku, quantity: 12 }] };
  await large.inventory.ship(large.sale, parcel);
  const lines = [
    { sku, quantity: 11, of: "unsent" as const },
    { sku, quantity: 3, of: "sent" as const },
  ];

  for (const _again of [1, 2]) {
    await large.inventory.restockPieces(large.sale, { hold: large.held(), token: "t1", lines });
    expect(await totals(places)).toMatchObject({ allocated: 2, gone: 9, available: 29 });
  }
});

test("more than all cells have is refused and leaves no piece held", async () => {
  const { buyer, totals, places } = await spread(40, 4);
  expect(await buyer("eu").buy(41)).toBe("out_of_stock");
  expect(await totals(places)).toMatchObject({ available: 40, held: 0 });
});

test("an unknown answer is repeated at the same cell: pieces are held once", async () => {
  const { buyer, totals, places } = await spread(40, 4);
  const real = InventoryObject.prototype.hold;
  const lost = new Set<string>();
  vi.spyOn(InventoryObject.prototype, "hold").mockImplementation(function (
    this: InventoryObject,
    request,
  ) {
    const answer = real.call(this, request);
    const { ctx } = this as object as { ctx: DurableObjectState };
    const call = `${ctx.id.name} ${request.key} ${request.part}`;
    if (lost.has(call)) return answer;
    lost.add(call);
    throw new Error("the answer was lost after it took effect");
  });
  expect(await buyer("eu").buy()).toBe("sold");
  expect(await buyer("eu").buy(23)).toBe("sold");
  expect(await totals(places)).toMatchObject({ allocated: 24, held: 0, available: 16 });
});

test("who passed a cell by passes it by again, even when it has pieces by then", async () => {
  const { buyer, shelf, totals, places } = await spread(4, 4);
  const first = buyer("eu");
  await first.take(4);
  // The ledger would bring the piece to the shopper's own cell.
  vi.spyOn(StockLedgerObject.prototype, "want").mockResolvedValue({ ok: true });
  const late = buyer("eu");
  const [, next = 0] = late.ring();
  await shelf({ region: "eu", cell: next }).receive({ token: "more", quantity: 1 });
  const real = InventoryObject.prototype.hold;
  let lost = 0;
  const spy = vi.spyOn(InventoryObject.prototype, "hold");
  spy.mockImplementation(function (this: InventoryObject, request) {
    const answer = real.call(this, request);
    if (lost > 0 || request.part !== "once" || !("ok" in answer)) return answer;
    lost += 1;
    throw new Error("the answer was lost after it took effect");
  });
  const retried = late.take();
  await eventually(
    async () => lost,
    (count) => count > 0,
    SOON,
  );
  await first.inventory.release(first.sale, first.held());

  expect(await retried).toBe("held");
  expect(await totals(places)).toMatchObject({ held: 1, available: 4 });
});

test("a sale that began before the split is found again after it", async () => {
  const stock = newStock();
  await stock.receive({ region: "eu", cell: 0 }, 8);
  const early = stock.buyer("eu");
  expect(await early.take(2)).toBe("held");
  await stock.ledger().spread({ region: "eu", cells: 2 });

  expect(await early.inventory.extend(early.sale, early.held())).toEqual({ ok: true });
  expect(await early.pay()).toBe("sold");
  const places = cellsOf(2);
  const totals = () => stock.totals(places);
  await eventually(totals, ({ inTransit }) => inTransit === 0, SOON);
  expect(await totals()).toMatchObject({ allocated: 2, held: 0, available: 6 });
});

test("who does not know of a split yet is served from all cells, and told", async () => {
  const stock = newStock();
  await stock.receive({ region: "eu", cell: 0 }, 8);
  await stock.ledger().spread({ region: "eu", cells: 4 });
  const places = cellsOf(4);
  await eventually(
    () => stock.totals(places),
    ({ inTransit }) => inTransit === 0,
    SOON,
  );
  const unaware = stock.buyer("eu");
  expect(await unaware.take(7)).toBe("held");
  expect(unaware.held().spread).toBeUndefined();
  expect(await unaware.pay()).toBe("sold");
  expect(await stock.totals(places)).toMatchObject({ allocated: 7, held: 0 });
  await stock.buyer("eu").take();
  const aware = stock.buyer("eu");
  await aware.take();
  expect(aware.held().spread?.cells).toEqual({ [stock.sku]: 4 });
});

test("a change of quantity takes from all cells and gives back to them", async () => {
  const { buyer, sku, totals, places } = await spread(40, 4);
  const shopper = buyer("eu");
  await shopper.take(5);
  const change = (quantity: number, generation: number) => ({
    ...shopper.held(),
    generation,
    lines: [{ sku, quantity, quantityBefore: 5 }],
  });
  const { inventory, sale } = shopper;
  expect(await inventory.resize(sale, change(30, 2))).toEqual({ ok: true });
  expect(await inventory.resize(sale, change(30, 2))).toEqual({ ok: true });
  expect(await totals(places)).toMatchObject({ held: 30 });
  expect(await inventory.resize(sale, change(41, 3))).toMatchObject({ refused: "out_of_stock" });
  expect(await inventory.resize(sale, change(30, 4))).toEqual({ ok: true });
  expect(await totals(places)).toMatchObject({ held: 30 });
  expect(await inventory.resize(sale, change(3, 5))).toEqual({ ok: true });
  expect(await totals(places)).toMatchObject({ held: 3 });
  // An earlier change that comes late is refused by each cell.
  expect(await inventory.resize(sale, change(30, 2))).toMatchObject({ refused: "out_of_stock" });
  await inventory.release(sale, shopper.held());
  await inventory.release(sale, { ...shopper.held(), lines: [{ sku, quantity: 30 }] });
  expect(await totals(places)).toMatchObject({ held: 0, available: 40 });
});

test("a busy cell asks for more of them", async () => {
  const stock = newStock();
  await stock.receive({ region: "eu", cell: 0 }, 3_000);
  const first = stock.shelf({ region: "eu", cell: 0 });
  const { checkoutId } = stock.buyer("eu").sale;
  vi.setSystemTime(Date.now()); // however long the machine takes, it is one moment
  await runInDurableObject(first, (object) => {
    for (let number = 0; number < 1_000; number += 1) {
      const request = { key: `busy-${number}`, checkoutId, sku: stock.sku, quantity: 1 };
      object.hold({ ...request, expiresAtMs: Date.now() + 60_000 });
    }
  });
  vi.useRealTimers();
  await eventually(
    () => first.terms(),
    ({ cells }) => cells === 2,
    SOON,
  );
});

test("what home has in part and another region has whole is held there, and home lets go", async () => {
  const { buyer, sku, shelf, receive, totals, places } = await spread(8, 4);
  const elsewhere = { region: "us", cell: 0 } as const;
  await receive(elsewhere, 10);
  await Promise.all(places.map((place) => shelf(place).agree({ last_resort: "us" })));
  const large = buyer("eu");
  const hold = { ...large.wish(9), shopper: "cus_somebody" };

  const answer = await large.inventory.hold(large.sale, hold);
  expect(answer).toEqual({ ok: true, elsewhere: { [sku]: "us" } });
  const borrowed = { ...hold, from: { [sku]: "us" as const } };
  for (const _again of [1, 2]) {
    expect(await large.inventory.borrow(large.sale, borrowed)).toEqual({ ok: true });
  }

  expect(await totals(places)).toMatchObject({ available: 8, held: 0 });
  expect(await totals([elsewhere])).toMatchObject({ available: 1, held: 9 });
  const [row] = (await shelf(elsewhere).dump()).holds;
  expect(JSON.stringify(row)).not.toContain("cus_");
  expect(await large.inventory.hold(large.sale, hold)).not.toEqual({ ok: true });
  expect(await totals(places)).toMatchObject({ held: 0 });
});

test("a last resort that lies in cells sells from all of them, and no second one is asked", async () => {
  const { buyer, sku, shelf, receive, totals, places } = await spread(8, 4);
  await receive({ region: "us", cell: 0 }, 1, "one");
  await shelf({ region: "us", cell: 0 }).agree({ last_resort: "eu" });
  await Promise.all(places.map((place) => shelf(place).agree({ last_resort: "us" })));
  const from = { [sku]: "eu" as const };

  const guest = buyer("us");
  const borrowed = { ...guest.wish(7), from };
  expect(await guest.inventory.borrow(guest.sale, borrowed)).toEqual({ ok: true });
  expect(await totals(places)).toMatchObject({ held: 7 });
  const allocation = { hold: borrowed, payment: 1 };
  expect(await guest.inventory.allocate(guest.sale, allocation)).toEqual({ ok: true });
  await guest.inventory.restock(guest.sale, borrowed, "cancelled");
  expect(await totals(places)).toMatchObject({ held: 0, allocated: 0 });

  const late = buyer("us");
  const tooMany = { ...late.wish(9), from };
  const refused = await late.inventory.borrow(late.sale, tooMany);
  expect(refused).toEqual({ refused: "out_of_stock", detail: { skus: [sku] } });
  await late.inventory.release(late.sale, tooMany);
  // Cells that ran low were lent pieces by their neighbours meanwhile.
  const atRest = await eventually(
    () => totals(places),
    ({ inTransit }) => inTransit === 0,
    SOON,
  );
  expect(atRest).toMatchObject({ available: 8, held: 0 });
});
