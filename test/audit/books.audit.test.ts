import { expect, test } from "vitest";
import { clean, found, ORDER, order, payment } from "./sample.ts";

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const parts = { ...order, payment: "partially_captured", captured: eur(500) };

test("I13: an order that says what its provider's books say is sound", () => {
  const ledger = [{ ...payment, amountReceived: 500 }];
  expect(found({ orders: [parts], ledger })).toEqual(clean);
});

test("I13: a capture or a refund that only the provider knows may still be found", () => {
  const orders = [{ ...order, captured: eur(500) }];
  expect(found({ orders, ledger: [payment] }).unfinished).toContain(
    `I13 ${ORDER} says 500 captured; its provider's books have 2500.`,
  );
  const refunds = [{ id: "re_1", amount: 400, status: "succeeded" }];
  expect(found({ ledger: [{ ...payment, amountRefunded: 400, refunds }] }).unfinished).toContain(
    `I13 ${ORDER} says 0 refunded; its provider's books have 400.`,
  );
});

test("I13: a refund that the provider never gave back never happened", () => {
  const { violations } = found({ orders: [{ ...order, refunded: eur(500) }] });
  expect(violations).toEqual([`I13 ${ORDER} says 500 refunded; its provider's books have 0.`]);
});

test("I13: a capture that was wished for and is in no books is found, also once it is cancelled", () => {
  const wished = { ...parts, captured: eur(2500), refunded: eur(2500) };
  const orders = [{ ...wished, status: "cancelled" as const, payment: "refunded" }];
  const refunds = [{ id: "re_1", amount: 500, status: "succeeded" }];
  const ledger = [{ ...payment, amountReceived: 500, amountRefunded: 500, refunds }];
  expect(found({ orders, ledger }).violations).toEqual(
    expect.arrayContaining([
      `I13 ${ORDER} says 2500 captured; its provider's books have 500.`,
      `I13 ${ORDER} says 2500 refunded; its provider's books have 500.`,
    ]),
  );
});
