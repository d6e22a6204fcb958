import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { eventually } from "../../../test/eventually.ts";
import type { HoldRequest } from "../../inventory/hold-requests.ts";
import { InventoryObject } from "../../inventory/inventory.object.ts";
import { BACKSTOP_GRACE_MS } from "../../inventory/inventory.ts";
import { kill } from "../../stock-ledger/testing/ledger-regions.ts";
import { HOLD_MS } from "../sale/durations.ts";
import {
  card,
  cart,
  MUG,
  merchant,
  newSale,
  openGate,
  stockOf,
  stockUp,
  withoutQueues,
} from "../testing/sale.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };
const wanted = (sku: string, quantity = 1) => cart({ lines: [{ sku, quantity }] });

beforeEach(() => void withoutQueues());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** The next hold takes its pieces and answers when the gate is opened. */
function holdsUntil(gate: string) {
  const real = InventoryObject.prototype.hold;
  let isHeld = false;
  vi.spyOn(InventoryObject.prototype, "hold").mockImplementationOnce(async function (
    this: InventoryObject,
    request: HoldRequest,
  ) {
    const answer = real.call(this, request);
    isHeld = true;
    await fetch(`http://stripe.test/_wait/${gate}`);
    return answer;
  } as never);
  return () =>
    eventually(
      async () => isHeld,
      (is) => is,
      SOON,
    );
}

/** A create whose object dies when its pieces are held, and before it wrote anything. */
async function diedHolding(sku: string, pieces: number, quantity = 1) {
  await stockOf(sku).receive({ token: crypto.randomUUID(), quantity: pieces });
  const before = await stockOf(sku).levels();
  const sale = newSale();
  const gate = `died-${sale.checkoutId}`;
  const isHeld = holdsUntil(gate);
  sale.create(wanted(sku, quantity)).catch(() => undefined);
  await isHeld();
  await kill(sale.stub);
  await openGate(gate);
  const taken = async () => before.available - (await stockOf(sku).levels()).available;
  expect([await taken(), await sale.status()]).toEqual([quantity, "not_found"]);
  return { sale, taken };
}

test("before its stock has answered there is no checkout yet, and whoever repeats the create joins it", async () => {
  await stockUp("mug");
  const sale = newSale();
  const isHeld = holdsUntil("joined");
  const first = sale.create();
  await isHeld();
  const second = sale.create();
  expect(await sale.create(wanted("mug", 2))).toMatchObject({ refused: "idempotency_key_reused" });
  const call = { caller: merchant, key: "early", fingerprint: "early" };
  expect((await sale.stub.cancel(call)).reply).toMatchObject({ refused: "not_found" });
  const tables = await runInDurableObject(sale.stub, (_object, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'checkout'").toArray(),
  );
  expect(tables).toEqual([]);

  await openGate("joined");
  expect(await first).toMatchObject({ http: 201, status: "open", replayed: false });
  expect(await second).toMatchObject({ http: 201, status: "open", replayed: true });
});

test("a create whose object died holding the last piece has it when it is repeated", async () => {
  const { sale, taken } = await diedHolding("lamp", 1);

  expect(await sale.create(wanted("lamp"))).toMatchObject({ http: 201, status: "open" });
  expect(await taken()).toBe(1);
  expect(await sale.cancel()).toMatchObject({ status: "cancelled" });
  expect(await taken()).toBe(0);
});

test("one that is repeated for more or fewer pieces has as many as it asks for now", async () => {
  for (const pieces of [3, 1]) {
    const { sale, taken } = await diedHolding("poster", 5, 2);
    expect(await sale.create(wanted("poster", pieces))).toMatchObject({ http: 201 });
    expect(await taken()).toBe(pieces);
    await sale.cancel();
    expect(await taken()).toBe(0);
  }
});

test("one that is repeated for more pieces than there are is refused, keeps that answer, and lets go of all", async () => {
  const { sale, taken } = await diedHolding("poster", 1);

  const more = wanted("poster", 1_000);
  expect(await sale.create(more)).toMatchObject({ refused: "out_of_stock", replayed: false });
  await eventually(taken, (pieces) => pieces === 0, SOON);
  expect(await sale.create(more)).toMatchObject({ refused: "out_of_stock", replayed: true });
});

test("one that is repeated for other goods is opened, and the shelf lets go of the first by itself", async () => {
  await stockUp("mug");
  const { sale, taken } = await diedHolding("shirt", 5);

  expect(await sale.create(wanted("mug"))).toMatchObject({ http: 201, status: "open" });
  expect(await taken()).toBe(1);
  vi.setSystemTime(Date.now() + HOLD_MS + BACKSTOP_GRACE_MS);
  await runDurableObjectAlarm(stockOf("shirt"));
  expect(await taken()).toBe(0);
});

test("one that nobody repeats leaves nothing behind once its hold is over", async () => {
  const { sale, taken } = await diedHolding("shirt", 5);

  expect(await sale.stub.claimant()).toEqual({ is: "ended" });
  vi.setSystemTime(Date.now() + HOLD_MS + BACKSTOP_GRACE_MS);
  await runDurableObjectAlarm(stockOf("shirt"));
  expect([await taken(), await sale.status()]).toEqual([0, "not_found"]);
});

test("a hold of unknown outcome is written: the checkout cannot be cancelled or paid yet, and then can", async () => {
  await stockUp("mug");
  const sale = newSale();
  vi.spyOn(InventoryObject.prototype, "hold").mockImplementationOnce(() => {
    throw new Error("lost");
  });
  const isHeld = holdsUntil("asked again");
  const creating = sale.create();
  await eventually(sale.status, (status) => status === "processing", SOON);
  const call = { caller: merchant, key: "early", fingerprint: "early" };
  expect((await sale.stub.cancel(call)).reply).toMatchObject({ refused: "checkout_not_open" });
  const body = { payment: card("pm_visa"), expectedTotal: MUG };
  const paid = await sale.stub.pay({ ...call, body, origin: "https://tender.test" });
  expect(paid.reply).toMatchObject({ status: 202, body: { status: "processing" } });

  const again = runDurableObjectAlarm(sale.stub);
  await isHeld();
  await openGate("asked again");
  await again;
  expect(await creating).toMatchObject({ http: 201, status: "open" });
  await evictDurableObject(sale.stub);
  expect(await sale.cancel()).toMatchObject({ http: 200, status: "cancelled" });
});
