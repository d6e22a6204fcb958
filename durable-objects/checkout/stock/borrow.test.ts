import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Sku } from "../../../schema/ids.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import { eventually } from "../../../test/eventually.ts";
import { InventoryObject } from "../../inventory/inventory.object.ts";
import { inventoryStub, shelfNamed } from "../../placement.ts";
import { LEASE_SLACK_MS } from "../../saga/move.ts";
import { CALL_TIMEOUT_MS } from "../../saga/planned-call.ts";
import { kill } from "../../stock-ledger/testing/ledger-regions.ts";
import { cart, demo, merchant, newSale, withoutQueues } from "../testing/sale.ts";

const SOON = { withinMs: 10_000, gapMs: 20 };
const LAMP = Sku.parse("lamp");
const POSTER = Sku.parse("poster");
const RECEIVED = 100;
/** By then a call that nobody waits for any more is made again. */
const CALL_MS = CALL_TIMEOUT_MS + LEASE_SLACK_MS + 1_000;
const NOTHING = { received: 0, available: 0, held: 0, allocated: 0, gone: 0 };
const inBrazil = cart({
  ...{ lines: [{ sku: LAMP, quantity: 2 }], currency: "BRL", country: "BR" },
});

beforeEach(() => {
  withoutQueues();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const shelfIn = (region: RegionCode, sku = LAMP) => inventoryStub(env, demo, region, sku);
const home = () => shelfIn("sam");
const elsewhere = () => shelfIn("us");

/** Nothing in South America, where the United States are the last resort. */
async function soldOutAtHome() {
  await home().agree({ last_resort: "us" });
  await elsewhere().receive({ token: "test", quantity: RECEIVED });
  const before = await elsewhere().levels();
  const since = async () => {
    const { held, allocated, ...levels } = await elsewhere().levels();
    expect(levels.available).toBe(levels.received - held - allocated - levels.gone);
    const { movements } = await elsewhere().book();
    expect(movements).toMatchObject({ held, allocated });
    return { held: held - before.held, allocated: allocated - before.allocated };
  };
  return { sale: newSale("sam"), since };
}

type Moment = {
  readonly region: RegionCode;
  readonly call: "hold" | "release";
  readonly when: "before" | "after";
};

/** Stops the first such call, and lets it go on when it is told: by then it comes late. */
function stopAt({ region, call, when }: Moment) {
  const gate = { isReached: false, isOpen: false };
  const real = InventoryObject.prototype[call] as (request: never) => unknown;
  const passed = () =>
    eventually(
      async () => gate.isOpen,
      (isOpen) => isOpen,
      { withinMs: 25_000, gapMs: 5 },
    );
  const stopped = async function (this: InventoryObject, request: never) {
    const { ctx } = this as object as { ctx: DurableObjectState };
    const shelf = shelfNamed(ctx.id.name);
    if (gate.isReached || shelf.region !== region || shelf.sku !== LAMP) {
      return real.call(this, request);
    }
    const answer = when === "after" ? real.call(this, request) : undefined;
    gate.isReached = true;
    await passed();
    return answer ?? real.call(this, request);
  };
  vi.spyOn(InventoryObject.prototype, call).mockImplementation(stopped as never);
  return gate;
}

const moments: readonly (Moment & { readonly name: string })[] = [
  { name: "before home lets go", region: "sam", call: "release", when: "before" },
  { name: "when home has let go", region: "sam", call: "release", when: "after" },
  { name: "before the other region holds", region: "us", call: "hold", when: "before" },
  { name: "when the other region holds", region: "us", call: "hold", when: "after" },
];
const dying = ["checkout", "home", "other region"] as const;
const cases = moments.flatMap((moment) => dying.map((victim) => ({ ...moment, victim })));

test.each(cases)(
  "a last resort is held once and sold once, though the $victim dies $name",
  async ({ victim, ...moment }) => {
    const { sale, since } = await soldOutAtHome();
    const gate = stopAt(moment);
    const created = sale.create(inBrazil).catch((problem: unknown) => String(problem));
    await eventually(
      async () => gate.isReached,
      (isReached) => isReached,
      SOON,
    );
    const victims = { checkout: sale.stub, home: home(), "other region": elsewhere() };
    await kill(victims[victim]);
    if (victim !== "checkout") gate.isOpen = true; // who asked still waits
    vi.setSystemTime(Date.now() + CALL_MS);
    await eventually(
      async () => {
        await runDurableObjectAlarm(sale.stub);
        return sale.status();
      },
      (status) => status === "open",
      SOON,
    );

    expect(await since()).toEqual({ held: 2, allocated: 0 });
    const answer = await sale.create(inBrazil);
    expect(answer).toMatchObject({ http: 201, status: "open" });
    expect(answer.body?.quote.lines).toMatchObject([{ sku: LAMP, shipsFrom: "us" }]);
    expect(await home().levels()).toEqual(NOTHING);
    // A shelf whose first call is still stopped stays as it is.
    for (const stub of gate.isOpen ? [sale.stub, home(), elsewhere()] : [sale.stub]) {
      await evictDurableObject(stub);
    }
    const paid = await sale.pay("pm_visa", "pay", answer.body?.quote.total);
    expect(paid).toMatchObject({ http: 200 });
    expect(await since()).toEqual({ held: 0, allocated: 2 });

    gate.isOpen = true; // now the first call comes, too
    await created;
    expect(await since()).toEqual({ held: 0, allocated: 2 });
    expect(await home().levels()).toEqual({
      ...{ received: 0, available: 0, held: 0, allocated: 0, gone: 0 },
    });
  },
);

test("a change borrows nothing: it is refused and leaves the checkout as it was; a new one borrows", async () => {
  const own = shelfIn("sam", POSTER);
  const others = shelfIn("us", POSTER);
  await own.receive({ token: "test", quantity: 1 });
  await own.agree({ last_resort: "us" });
  await others.receive({ token: "test", quantity: 5 });
  const posters = (quantity: number) => ({ ...inBrazil, lines: [{ sku: POSTER, quantity }] });
  const sale = newSale("sam");
  const { body } = await sale.create(posters(1));

  const refused = await sale.patch({ lines: [{ sku: POSTER, quantity: 2 }] });
  expect(refused).toMatchObject({ refused: "out_of_stock", detail: { skus: [POSTER] } });
  expect(await sale.status()).toBe("open");
  expect(await own.levels()).toMatchObject({ held: 1, available: 0 });
  expect(await others.levels()).toMatchObject({ held: 0, available: 5 });
  expect(await sale.stub.read(merchant)).toMatchObject({ quote: { total: body?.quote.total } });

  await sale.cancel();
  const anew = await newSale("sam").create(posters(2));
  expect(anew.body?.quote.lines).toMatchObject([{ sku: POSTER, quantity: 2, shipsFrom: "us" }]);
  expect(await others.levels()).toMatchObject({ held: 2, available: 3 });
});
