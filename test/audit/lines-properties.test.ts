import fc from "fast-check";
import { expect, test } from "vitest";
import { capturable } from "../../durable-objects/checkout/after-sale/captures.ts";
import { unsent } from "../../durable-objects/checkout/after-sale/lines/line-accounts.ts";
import {
  paidLines,
  shippingOf,
  worthOf,
} from "../../durable-objects/checkout/after-sale/lines/line-worth.ts";
import { nextMoneyCall } from "../../durable-objects/checkout/after-sale/money-queue.ts";
import { refundable } from "../../durable-objects/checkout/after-sale/refunds.ts";
import { due } from "../../durable-objects/checkout/sale/cancellation.ts";
import { canMove, whyNotCharge } from "../../payments/amounts.ts";
import { quote } from "../../pricing/quote.ts";
import {
  cart,
  promotion,
  quoted,
  rate,
  sourcesOf,
  TIMES,
} from "../../pricing/testing/quote-fixtures.ts";
import type { Quote } from "../../schema/checkout.ts";
import { sum } from "../../schema/money.ts";
import { Order } from "../../schema/order.ts";
import { worldOf } from "./audited-world.ts";
import { OrderRow } from "./dumps.ts";
import { linesAddUp } from "./lines.audit.ts";
import { type Act, act, does } from "./paper-acts.ts";
import { PaperSale, skus, terms } from "./paper-sale.ts";

const NOW_MS = TIMES.nowMs;
const RUNS = 600;

const goods = fc.record({
  currency: fc.constantFrom("EUR", "JPY", "KWD"),
  prices: fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 3, maxLength: 3 }),
  quantities: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
  lines: fc.integer({ min: 1, max: 3 }),
  shipping: fc.integer({ min: 0, max: 900 }),
  ppm: fc.integer({ min: 0, max: 1_000_000 }),
  discounted: fc.subarray([...skus], { minLength: 1 }),
  inclusive: fc.boolean(),
  ratePpm: fc.integer({ min: 1, max: 300_000 }),
});
type Goods = typeof goods extends fc.Arbitrary<infer T> ? T : never;

async function quoteOf(each: Goods): Promise<Quote> {
  const { currency, prices, quantities, shipping, ppm, discounted, ratePpm, inclusive } = each;
  const rule = { kind: "percentage", ppm, skus: discounted };
  const shelf = {
    products: Object.fromEntries(skus.map((sku, at) => [sku, prices[at] ?? 0])),
    rates: [rate({ ratePpm, inclusive })],
    shipping: [{ amount: { amountMinor: shipping, currency } }],
    ...{ promotions: ppm > 0 ? [promotion("off", rule)] : [], currency },
  };
  const bought = skus.slice(0, each.lines).map((sku, at) => [sku, quantities[at] ?? 1] as const);
  return quoted(
    await quote(sourcesOf(shelf), { ...cart(Object.fromEntries(bought)), currency }, TIMES),
  );
}

/** What must hold after every call. */
function holds(sale: PaperSale): void {
  const { order, checkout } = sale;
  Order.parse(order);
  const orders = [OrderRow.parse(order)];
  const world = worldOf({ orders, stock: [], events: [], feeds: [], ledger: [], nowMs: NOW_MS });
  expect([...linesAddUp(world)]).toEqual([]);
  expect(order.captured.amountMinor).toBeLessThanOrEqual(due(checkout).amountMinor);
  expect(order.refunded.amountMinor).toBeLessThanOrEqual(order.captured.amountMinor);
  const { paidBy, captures = [], refunds = [] } = checkout;
  const provider = paidBy?.secured.provider ?? "adyen";
  expect([...captures, ...refunds].filter(({ amount }) => !canMove(provider, amount))).toEqual([]);
  // Where all the money is taken, each line is paid as far as it was not cancelled untaken.
  if (order.captured.amountMinor < due(checkout).amountMinor) return;
  const captured = sum(
    order.lines.flatMap((line) => line.captured ?? []),
    order.total.currency,
  );
  if (checkout.cancellations) return;
  expect(captured).toEqual(
    sum(
      order.lines.flatMap((line) => line.paid ?? []),
      captured.currency,
    ),
  );
}

test("whatever is captured, sent, refunded and cancelled, by sum or by line, pieces and money add up", async () => {
  const acts = fc.array(act, { minLength: 1, maxLength: 12 });
  let refused = 0;
  let done = 0;
  await fc.assert(
    fc.asyncProperty(goods, terms, acts, async (bought, agreed, calls) => {
      const offer = await quoteOf(bought);
      fc.pre(offer.total.amountMinor > 0);
      // A total that its provider does not count so finely never came to be an order there.
      const cannot = whyNotCharge(agreed.provider, "card", offer.total);
      const sale = new PaperSale(offer, cannot ? { ...agreed, provider: "adyen" } : agreed);
      if (agreed.captureMode === "at_once") await does(sale, all("capture"));
      holds(sale);
      for (const each of calls) {
        await does(sale, each);
        if (sale.checkout.cancelBecause) return;
        holds(sale);
      }
      refused += sale.refusals;
      done += calls.length - sale.refusals;
      await isQuietInTheEnd(sale);
    }),
    { numRuns: RUNS },
  );
  // Neither are all calls allowed nor none: both ways are tried.
  expect(Math.min(refused, done)).toBeGreaterThan(RUNS / 2);
}, 120_000);

function all(call: Act["call"]): Act {
  return {
    ...{ call, by: "all", sku: "a", quantity: 1, ppm: 1, shipping: false },
    ...{ isFinal: false, outcome: "done", then: undefined },
  };
}

/** What is left is taken, sent and given back: then there is nothing to do any more. */
async function isQuietInTheEnd(sale: PaperSale): Promise<void> {
  sale.end();
  // Of whom all the money went back, nothing is sent any more.
  let isGivenBack = false;
  for (const call of ["capture", "fulfil", "capture", "refund"] as const) {
    if (call === "fulfil") isGivenBack = sale.order.payment === "refunded";
    await does(sale, all(call));
    holds(sale);
  }
  expect(nextMoneyCall(sale.checkout)).toBeUndefined();
  expect([capturable(sale.checkout), refundable(sale.checkout)]).toMatchObject([
    { amountMinor: 0 },
    { amountMinor: 0 },
  ]);
  expect(sale.order.refunded).toEqual(sale.order.captured);
  if (sale.order.fulfilment !== "none" && !isGivenBack) expect(unsent(sale.checkout)).toEqual([]);
  const { version } = sale.order;
  for (const sku of skus) {
    for (const call of ["capture", "refund", "fulfil"] as const) {
      await does(sale, { ...all(call), by: "line", sku });
    }
  }
  expect(sale.order.version).toBe(version);
}

test("a line's pieces are worth what was paid for it, in steps of its provider", async () => {
  const stepMinor = fc.constantFrom(1, 10, 100);
  const cuts = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(goods, stepMinor, cuts, async (bought, step, at) => {
      const offer = await quoteOf(bought);
      const amountMinor = Math.floor(offer.total.amountMinor / step) * step;
      const total = { ...offer.total, amountMinor };
      const lines = paidLines({ ...offer, total }, step);
      const { currency } = total;
      const parts = lines.flatMap((line) => {
        const ends = [0, ...at.filter((cut) => cut < line.ordered), line.ordered].toSorted();
        const spans = ends.slice(1).map((to, index) => ({ from: ends[index] ?? 0, to }));
        const worth = spans.flatMap((span) => [worthOf(line, span), shippingOf(line, span)]);
        expect(sum(worth, currency).amountMinor).toBe(
          line.paid.amountMinor + line.shipping.amountMinor,
        );
        return worth;
      });
      expect(sum(parts, currency)).toEqual(total);
      expect(parts.filter((part) => part.amountMinor % step > 0)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
