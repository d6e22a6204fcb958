import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { isRefusal } from "../../../schema/outcome.ts";
import { eventually } from "../../../test/eventually.ts";
import {
  cart,
  MUG,
  merchant,
  newSale,
  type Sent,
  stockOf,
  stockUp,
  withoutQueues,
} from "../testing/sale.ts";

const SOON = { withinMs: 5_000, gapMs: 10 };
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const lines = (quantities: Record<string, number>) =>
  cart({ lines: Object.entries(quantities).map(([sku, quantity]) => ({ sku, quantity })) }).lines ??
  [];

let sent: Sent;
beforeAll(() => stockUp("mug", "shirt", "lamp"));
beforeEach(() => {
  sent = withoutQueues();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function heldOf(...skus: readonly string[]) {
  return Promise.all(skus.map(async (sku) => (await stockOf(sku).levels()).held));
}

/** A mug that is paid and captured. */
async function captured() {
  const sale = newSale();
  await sale.create();
  await sale.pay();
  await eventually(
    async () => sent.of(sale),
    ({ length }) => length === 3,
    SOON,
  );
  const call = (key: string) => ({ caller: merchant, key, fingerprint: key });
  const order = async () => {
    const found = await sale.stub.order(merchant);
    if (isRefusal(found)) throw new Error(found.refused);
    return found;
  };
  const refund = async (key: string, amount?: ReturnType<typeof eur>) => {
    const body = amount ? { amount } : {};
    return (await sale.stub.refund({ ...call(key), body })).reply;
  };
  return { ...sale, order, refund, call };
}

test("a change is quoted anew, and holds what it now wants and no more", async () => {
  const [mugs = 0, shirts = 0, lamps = 0] = await heldOf("mug", "shirt", "lamp");
  const sale = newSale();
  await sale.create(cart({ lines: lines({ mug: 3, shirt: 1 }) }));

  const patched = await sale.patch({ lines: lines({ mug: 1, lamp: 2 }) });

  expect(patched).toMatchObject({ http: 200, status: "open", replayed: false });
  expect(patched.body?.quote.total).toEqual(eur(1299 + 2 * 6490 + 490));
  expect(await heldOf("mug", "shirt", "lamp")).toEqual([mugs + 1, shirts, lamps + 2]);
  expect(await sale.patch({ lines: lines({ mug: 1, lamp: 2 }) })).toEqual({
    ...patched,
    replayed: true,
  });
  await sale.cancel();
  const levels = () => heldOf("mug", "shirt", "lamp");
  await eventually(levels, ([a, b, c]) => a === mugs && b === shirts && c === lamps, SOON);
});

test("a change that is refused leaves quote and stock as they were", async () => {
  const sale = newSale();
  const { body } = await sale.create();
  const before = await heldOf("mug", "shirt");
  const wanted = { lines: lines({ mug: 2, shirt: 9_999 }) };
  expect(await sale.patch(wanted)).toMatchObject({ refused: "out_of_stock" });
  expect(await sale.patch({ lines: lines({ cup: 1 }) }, "other")).toMatchObject({
    refused: "unknown_sku",
  });
  expect(await heldOf("mug", "shirt")).toEqual(before);
  expect(await sale.pay("pm_visa", "k", body?.quote.total)).toMatchObject({ status: "placed" });
});

test("a removed line can come back, and the total that was seen before is refused", async () => {
  const [mugs = 0, shirts = 0] = await heldOf("mug", "shirt");
  const sale = newSale();
  await sale.create();
  await sale.patch({ lines: lines({ shirt: 1 }) }, "one");
  await sale.patch({ lines: lines({ mug: 1, shirt: 1 }) }, "two");
  expect(await heldOf("mug", "shirt")).toEqual([mugs + 1, shirts + 1]);
  expect(await sale.pay("pm_visa", "k", MUG)).toMatchObject({ refused: "quote_changed" });
  const total = eur(1299 + 2499 + 490);
  expect(await sale.pay("pm_visa", "l", total)).toMatchObject({ status: "placed" });
});

test("a placed checkout cannot be changed", async () => {
  const sale = await captured();
  expect(await sale.patch({ lines: lines({ mug: 2 }) })).toMatchObject({
    refused: "checkout_not_open",
  });
});

test("after its method's window nothing is refunded any more", async () => {
  const sale = await captured();
  vi.setSystemTime(Date.now() + 366 * 86_400_000);
  expect(await sale.refund("late", eur(500))).toMatchObject({ refused: "refund_window_over" });
  vi.setSystemTime(Date.now() - 2 * 86_400_000);
  expect(await sale.refund("in-time", eur(500))).toMatchObject({ status: 200 });
});

test("a refund gives money back once per key, and never more than was taken", async () => {
  const sale = await captured();
  const first = await sale.refund("r1", eur(500));
  expect(first).toMatchObject({ status: 200 });
  expect(await sale.refund("r1", eur(500))).toEqual(first);
  expect((await sale.order()).refunded).toEqual(eur(500));
  expect(await sale.refund("r2", eur(MUG.amountMinor))).toMatchObject({
    refused: "order_not_refundable",
  });
  expect(await sale.refund("r3", { amountMinor: 1, currency: "USD" })).toMatchObject({
    refused: "order_not_refundable",
  });
  expect(await sale.refund("r4")).toMatchObject({ status: 200 });
  expect(await sale.order()).toMatchObject({ refunded: MUG, payment: "refunded" });
});

test("refunds asked for at once go one after the other, and none takes more than is left", async () => {
  const sale = await captured();
  const replies = await Promise.all([1, 2, 3].map((at) => sale.refund(`at-once-${at}`, eur(700))));
  expect(replies.filter((reply) => "status" in reply)).toHaveLength(2);
  expect((await sale.order()).refunded).toEqual(eur(1400));
});

test("a cancelled order gives money and stock back, once, and its events have no gap", async () => {
  const before = await stockOf("mug").levels();
  const sale = await captured();
  const { reply } = await sale.stub.cancelOrder(sale.call("cancel"));
  expect(reply).toMatchObject({ status: 200 });
  expect((await sale.stub.cancelOrder(sale.call("cancel"))).reply).toEqual(reply);
  expect(await sale.order()).toMatchObject({ status: "cancelled", fulfilment: "cancelled" });
  const levels = () => stockOf("mug").levels();
  await eventually(levels, ({ available }) => available === before.available, SOON);
  const { version } = await sale.order();
  await eventually(
    async () => sent.of(sale),
    (events) => events.length === version,
    SOON,
  );
  expect(sent.of(sale).map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: version }, (_, at) => at + 1),
  );
  expect(await sale.refund("late", eur(1))).toMatchObject({ refused: "order_not_refundable" });
});

test("a checkout without an order has nothing to refund or cancel", async () => {
  const sale = newSale();
  await sale.create();
  const call = { caller: merchant, key: "k", fingerprint: "f" };
  expect((await sale.stub.refund({ ...call, body: {} })).reply).toEqual({ refused: "not_found" });
  expect((await sale.stub.cancelOrder(call)).reply).toEqual({ refused: "not_found" });
});
