import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { setUsesOfCancelledOrders } from "../../../pricing/d1/cancelled-uses.ts";
import { Sku } from "../../../schema/ids.ts";
import { PromotionId } from "../../../schema/promotion.ts";
import { eventually } from "../../../test/eventually.ts";
import { promotionStub } from "../../placement.ts";
import {
  card,
  cart,
  demo,
  merchant,
  newSale,
  stockOf,
  stockUp,
  withoutQueues,
} from "../testing/sale.ts";

const SOON = { withinMs: 10_000, gapMs: 10 };
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const threeMugs = { lines: [{ sku: "mug", quantity: 3 }], promotionCodes: ["BUY2GET1"] };
const THREE_FOR_TWO = eur(2 * 1299 + 490);

const threeForTwo = () => promotionStub(env, demo, PromotionId.parse("buy-2-get-1"));
const welcome = () => promotionStub(env, demo, PromotionId.parse("welcome-10"));

beforeAll(() => stockUp("mug", "lamp"));
beforeEach(() => {
  withoutQueues();
});
afterEach(() => vi.restoreAllMocks());

const someone = () => ({ email: `${crypto.randomUUID()}@example.com` });

test("a code takes something off, says why, and is paid as shown", async () => {
  const sale = newSale();
  const { body } = await sale.create(cart(threeMugs));

  expect(body?.quote).toMatchObject({
    subtotal: eur(3 * 1299),
    discount: eur(1299),
    total: THREE_FOR_TWO,
    discounts: [{ code: "BUY2GET1", name: "Three for two", explanation: "Buy 2, get 1 free" }],
    lines: [{ sku: "mug", discount: eur(1299) }],
  });
  expect(await sale.pay("pm_visa", "k", THREE_FOR_TWO)).toMatchObject({ status: "placed" });
});

test("of 400 buyers at once 100 have the limited promotion, and those who let go make room", async () => {
  const before = await threeForTwo().taken();
  const buyers = Array.from({ length: 400 }, () => newSale());

  const answers = await Promise.all(
    buyers.map((sale) => sale.create(cart({ ...threeMugs, customer: someone() }))),
  );
  const winners = buyers.filter((_sale, at) => answers[at]?.http === 201);
  const refused = answers.filter(({ refused }) => refused === "promotion_exhausted");

  expect(winners).toHaveLength(100 - before);
  expect(refused).toHaveLength(400 - winners.length);
  expect(await threeForTwo().taken()).toBe(100);
  expect((await stockOf("mug").levels()).held).toBe(3 * winners.length);

  await Promise.all(winners.slice(0, 40).map((sale) => sale.cancel()));
  await eventually(
    () => threeForTwo().taken(),
    (taken) => taken === 60,
    SOON,
  );
  const next = newSale();
  expect(await next.create(cart({ ...threeMugs, customer: someone() }))).toMatchObject({
    http: 201,
  });
  await Promise.all([...winners.slice(40), next].map((sale) => sale.cancel()));
  await eventually(
    () => threeForTwo().taken(),
    (taken) => taken === before,
    SOON,
  );
}, 180_000); // four hundred sales, whatever else the machine does

test("a refused hold gives the promotion back", async () => {
  const before = await threeForTwo().taken();
  const sale = newSale();
  const lines = [
    { sku: "mug", quantity: 3 },
    { sku: "poster", quantity: 1 },
  ];
  expect(await sale.create(cart({ ...threeMugs, lines }))).toMatchObject({
    refused: "out_of_stock",
  });
  await eventually(
    () => threeForTwo().taken(),
    (taken) => taken === before,
    SOON,
  );
});

test("a change takes the codes it adds and gives back those it drops", async () => {
  const before = [await threeForTwo().taken(), await welcome().taken()];
  const taken = async () => [await threeForTwo().taken(), await welcome().taken()];
  const [threes = 0, welcomes = 0] = before;
  const sale = newSale();
  await sale.create(cart({ ...threeMugs, customer: someone() }));
  expect(await taken()).toEqual([threes + 1, welcomes]);

  const both = await sale.patch({ promotionCodes: ["BUY2GET1", "welcome10"] }, "both");
  expect(both.body?.quote.total).toEqual(eur(2598 - 260 + 490));
  expect(await taken()).toEqual([threes + 1, welcomes + 1]);

  const one = await sale.patch({ promotionCodes: ["WELCOME10"] }, "one");
  expect(one.body?.quote.total).toEqual(eur(3897 - 390 + 490));
  expect(await taken()).toEqual([threes, welcomes + 1]);

  const again = await sale.patch({ promotionCodes: ["BUY2GET1"] }, "again");
  expect(again.body?.quote.total).toEqual(THREE_FOR_TWO);
  expect(await taken()).toEqual([threes + 1, welcomes]);

  const wrong = await sale.patch({ promotionCodes: ["NOSUCH"] }, "wrong");
  expect(wrong).toMatchObject({ refused: "promotion_unknown", detail: { codes: ["NOSUCH"] } });
  expect(await taken()).toEqual([threes + 1, welcomes]);
  await sale.cancel();
  await eventually(taken, ([a, b]) => a === threes && b === welcomes, SOON);
});

test("a customer is welcomed once; the order keeps the use", async () => {
  const customer = someone();
  const welcomed = { promotionCodes: ["WELCOME10"], customer };
  const first = newSale();
  const { body } = await first.create(cart(welcomed));
  await first.pay("pm_visa", "k", body?.quote.total);

  expect(await newSale().create(cart(welcomed))).toMatchObject({
    refused: "promotion_exhausted",
    detail: { codes: ["WELCOME10"] },
  });
  const other = { ...welcomed, customer: someone() };
  expect(await newSale().create(cart(other))).toMatchObject({ http: 201 });
});

test("a customer whose order is cancelled may use their code again, unless the shop has it spent", async () => {
  const before = await welcome().taken();
  const welcomed = { promotionCodes: ["WELCOME10"], customer: someone() };
  const buyAndCancel = async () => {
    const sale = newSale();
    const { body } = await sale.create(cart(welcomed));
    await sale.pay("pm_visa", "k", body?.quote.total);
    expect(await welcome().taken()).toBe(before + 1);
    const call = { caller: merchant, key: "cancel", fingerprint: "cancel" };
    const cancel = () => sale.stub.cancelOrder(call);
    expect(await cancel()).toMatchObject({ reply: { status: 200 } });
    expect(await cancel()).toMatchObject({ reply: { status: 200 } });
  };
  await buyAndCancel();
  expect(await welcome().taken()).toBe(before);

  await setUsesOfCancelledOrders(env.CATALOG, demo, "spent");
  await buyAndCancel();
  expect(await welcome().taken()).toBe(before + 1);
  expect(await newSale().create(cart(welcomed))).toMatchObject({ refused: "promotion_exhausted" });
  await setUsesOfCancelledOrders(env.CATALOG, demo, "returned");
});

test("an exclusive code with another one, a code out of its time, and one that does not fit", async () => {
  const refused = async (...promotionCodes: string[]) =>
    (await newSale().create(cart({ promotionCodes }))).refused;
  expect(await refused("FRIENDS25", "WELCOME10")).toBe("promotion_not_combinable");
  expect(await refused("NEWYEAR26")).toBe("promotion_not_active");
  expect(await refused("COSY")).toBe("promotion_not_applicable");
  expect(await refused("FREESHIP")).toBe("promotion_not_applicable");
});

test("pieces that come back are worth what was paid for them, not what they cost without the code", async () => {
  const sent = withoutQueues();
  const sale = newSale();
  const lines = [
    { sku: "mug", quantity: 3 },
    { sku: "lamp", quantity: 1 },
  ];
  const { body } = await sale.create(
    cart({ lines, promotionCodes: ["BUY2GET1", "FREESHIP"], customer: someone() }),
  );
  await sale.pay("pm_visa", "k", body?.quote.total);
  await eventually(
    async () => sent.of(sale),
    ({ length }) => length === 3,
    SOON,
  );

  const call = { caller: merchant, key: "back", fingerprint: "back" };
  const back = { lines: [{ sku: Sku.parse("mug"), quantity: 3 }] };
  expect((await sale.stub.refund({ ...call, body: back })).reply).toMatchObject({ status: 200 });
  expect(await sale.stub.order(merchant)).toMatchObject({
    total: eur(2 * 1299 + 6490),
    refunded: eur(2 * 1299),
  });
});

test("a business in France pays net, and its number is checked", async () => {
  const business = { country: "FR", vatNumber: "FR40303265045" };
  const { body } = await newSale().create(cart(business));
  expect(body?.quote.total).toEqual(eur(1082 + 408));
  expect(await newSale().create(cart({ country: "FR", vatNumber: "FR1234" }))).toMatchObject({
    refused: "vat_number_invalid",
  });
});

test("a create that pays at once pays the discounted total, or hears another one", async () => {
  const paid = { payment: card("pm_visa"), ...threeMugs };
  expect(await newSale().create(cart({ ...paid, expectedTotal: THREE_FOR_TWO }))).toMatchObject({
    status: "placed",
  });
  expect(await newSale().create(cart({ ...paid, expectedTotal: eur(4387) }))).toMatchObject({
    refused: "quote_changed",
    detail: { total: THREE_FOR_TWO },
  });
});
