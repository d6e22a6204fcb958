import { expect, test } from "vitest";
import {
  authorized,
  CHECKOUT,
  clean,
  event,
  found,
  nothing,
  ORDER,
  order,
  payment,
  placed,
} from "./sample.ts";

test("I1: two net captures of one checkout are a charge too many", () => {
  const { violations } = found({ ledger: [payment, { ...payment, id: "pi_2" }] });
  expect(violations).toEqual([`I1 ${CHECKOUT} was charged 2 times: pi_1, pi_2.`]);
});

test("I1: a second payment that was refunded in full is not a second charge", () => {
  const refunds = [{ id: "re_1", amount: 2500, status: "succeeded" }];
  const second = { ...payment, id: "pi_2", amountRefunded: 2500, refunds };
  expect(found({ ledger: [payment, second] })).toEqual(clean);
});

test("I1: an order is captured for its total, no more and no less", () => {
  const part = found({ ledger: [{ ...payment, amountReceived: 2400 }] });
  expect(part.violations).toEqual([`I1 ${ORDER} owes 2500; 2400 was captured.`]);

  const more = found({ ledger: [{ ...payment, amountReceived: 2600 }] });
  expect(more.violations).toContain("I1 pi_1 took 2600 of 2500 authorized.");
});

test("I1: nothing refunds more than was captured, by its sum or by its parts", () => {
  const sum = found({ ledger: [{ ...payment, amountRefunded: 2501 }] });
  expect(sum.violations).toContain("I1 pi_1 refunded more than it captured.");

  const half = { amount: 1251, status: "succeeded" };
  const refunds = [
    { id: "re_1", ...half },
    { id: "re_2", ...half },
  ];
  const parts = found({ ledger: [{ ...payment, refunds }] });
  expect(parts.violations).toEqual(["I1 pi_1 refunded more than it captured."]);
});

test("I1: an order row is stored once", () => {
  expect(found({ orders: [order, order] }).violations).toContain(
    `I1 ${CHECKOUT} has 2 order rows.`,
  );
});

test("I1: an order without its payment is a violation", () => {
  expect(found({ ledger: [] }).violations).toEqual([
    `I1 ${ORDER} is an order without any payment at the provider.`,
  ]);
  expect(found({ orders: [{ ...order, providerReference: "pi_9" }] }).violations).toEqual([
    `I1 ${ORDER} names pi_9, which is none of its own.`,
  ]);
});

const { provider: _nobody, providerReference: _none, ...unpaid } = order;
const noMoney = { amountMinor: 0, currency: "EUR" };
const free = { ...unpaid, total: noMoney, captured: noMoney };

test("I1: an order that cost nothing has no payment at a provider, and needs none", () => {
  expect(found({ orders: [free], ledger: [] })).toEqual(clean);
});

test("I1: only what costs nothing is placed without a provider", () => {
  expect(found({ orders: [unpaid], ledger: [] }).violations).toEqual([
    `I1 ${ORDER} costs 2500 and names no provider.`,
  ]);
  const taken = { ...free, captured: { amountMinor: 1, currency: "EUR" } };
  expect(found({ orders: [taken], ledger: [] }).violations).toEqual([
    `I1 ${ORDER} says that money was captured, and names no provider.`,
  ]);
});

test("I1: money that stands for an order that cost nothing has to go back", () => {
  expect(found({ orders: [free] }).unfinished).toEqual([
    `I1 pi_1 holds money of ${ORDER}, which names no provider.`,
  ]);
  expect(found({ orders: [free], ledger: [authorized] }).unfinished).toEqual([
    `I1 pi_1 is still authorized beside ${ORDER}'s own payment.`,
  ]);
});

test("I1: an order that is placed and not captured is unfinished", () => {
  const result = found({
    orders: [{ ...order, version: 1, status: "placed" }],
    events: [event(1, "placed")],
    ledger: [authorized],
  });
  expect(result).toEqual({
    violations: [],
    unfinished: [`I1 ${ORDER} is placed and not captured yet.`],
  });
});

test("I1: an authorization beside the order's own payment is unfinished until it is let go", () => {
  const { violations, unfinished } = found({ ledger: [payment, { ...authorized, id: "pi_2" }] });
  expect(violations).toEqual([]);
  expect(unfinished).toEqual([`I1 pi_2 is still authorized beside ${ORDER}'s own payment.`]);
});

test("I3: an authorization without an order is unfinished, and so is captured money", () => {
  expect(found({ ledger: [authorized] }, nothing).unfinished).toEqual([
    `I3 pi_1 is an authorization of ${CHECKOUT}, which has no order.`,
  ]);
  expect(found({ ledger: [payment] }, nothing).unfinished).toEqual([
    `I3 pi_1 is captured money of ${CHECKOUT}, which has no order.`,
  ]);
});

test("I3: money that names no checkout can never find its way", () => {
  const { violations } = found({ ledger: [{ ...payment, metadata: {} }] }, nothing);
  expect(violations).toEqual(["I3 pi_1 holds money and names no checkout."]);
});

test("I3: a cancelled order keeps no money", () => {
  const result = found({
    orders: [{ ...order, version: 2, status: "cancelled" }],
    events: [event(1, "placed"), event(2, "cancelled")],
    stock: [],
  });
  expect(result.unfinished).toEqual([`I3 pi_1 is captured money of ${ORDER}, which is cancelled.`]);
});

test("I6: what was authorized is the order's total, in its currency", () => {
  const amount = found({ ledger: [{ ...payment, amount: 2600 }] });
  expect(amount.violations).toEqual([`I6 ${ORDER} is 2500 EUR; 2600 EUR was authorized.`]);

  const currency = found({ ledger: [{ ...payment, currency: "USD" }] });
  expect(currency.violations).toEqual([`I6 ${ORDER} is 2500 EUR; 2500 USD was authorized.`]);
});

test("I6: the shopper saw what the order charges", () => {
  const seen = { amountMinor: 2400, currency: "EUR" };
  const { violations } = found({ told: [{ ...placed, expectedTotal: seen }] });
  expect(violations).toEqual([`I6 ${ORDER} is 2500 EUR; the shopper saw 2400 EUR.`]);
});
