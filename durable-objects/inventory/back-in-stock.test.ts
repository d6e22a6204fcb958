import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { CheckoutId, ShopId, Sku } from "../../schema/ids.ts";
import { StockBack } from "../../schema/stock-back.ts";
import { inventoryStub } from "../placement.ts";

const checkoutId = CheckoutId.parse("chk_eu_0123456789abcdefghjkmnpqrs");
let skus = 0;

afterEach(() => vi.restoreAllMocks());

/** A shelf that was sold out to the last piece. */
async function soldOut() {
  const sku = Sku.parse(`back-${++skus}`);
  const stock = inventoryStub(env, ShopId.parse("demo"), "eu", sku);
  await stock.receive({ token: "first", quantity: 1 });
  const expiresAtMs = Date.now() + 60_000;
  await stock.hold({ key: "last", checkoutId, sku, quantity: 1, expiresAtMs });
  return { stock, sku };
}

/** The queue, as long as it is there. */
function queue() {
  const heard: StockBack[] = [];
  const link = { isCut: false };
  const prototype = Object.getPrototypeOf(env.EVENTS_EU) as Queue<unknown>;
  vi.spyOn(prototype, "sendBatch").mockImplementation(async (messages) => {
    if (link.isCut) throw new Error("the queue is away");
    heard.push(...[...messages].map(({ body }) => StockBack.parse(body)));
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  });
  const of = (sku: string) => heard.filter(({ subject }) => subject === sku);
  return { link, of };
}

test("sold-out stock that is there again is told once, with what there is", async () => {
  const { of } = queue();
  const { stock, sku } = await soldOut();
  expect(await runDurableObjectAlarm(stock)).toBe(true);
  expect(of(sku)).toEqual([]); // the first delivery of all was no return

  await stock.receive({ token: "second", quantity: 5 });
  await stock.receive({ token: "second", quantity: 5 });
  await runDurableObjectAlarm(stock);
  await runDurableObjectAlarm(stock);
  expect(of(sku)).toMatchObject([{ region: "eu", data: { sku, cell: 0, available: 5 } }]);
});

test("a queue that is away hears of it later, also after the object was put to sleep", async () => {
  const { link, of } = queue();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { stock, sku } = await soldOut();
  link.isCut = true;
  await stock.receive({ token: "second", quantity: 2 });
  await runDurableObjectAlarm(stock);
  await evictDurableObject(stock);
  // A sale in between does not move the alarm out of the way.
  const expiresAtMs = Date.now() + 3_600_000;
  await stock.hold({ key: "next", checkoutId, sku, quantity: 1, expiresAtMs });
  expect(of(sku)).toEqual([]);

  link.isCut = false;
  expect(await runDurableObjectAlarm(stock)).toBe(true);
  expect(of(sku)).toMatchObject([{ data: { available: 1 } }]);
});
