import { expect, test } from "vitest";
import type { OrderLineRow, OrderRow } from "./dumps.ts";
import { clean, found, ORDER, order, sale, stock } from "./sample.ts";

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const line: OrderLineRow = {
  ...{ sku: "mug", quantity: 2, unitAmount: eur(1250) },
  ...{ paid: eur(2300), captured: eur(2300) },
};
const captured: OrderRow = { ...order, captured: eur(2500), lines: [line] };

/** What the auditor finds once the order's line, or the order, is so. */
function planted(change: Partial<OrderLineRow>, more: Partial<OrderRow> = {}) {
  const orders = [{ ...captured, ...more, lines: [{ ...line, ...change }] }];
  return found({ orders }).violations.filter((sentence) => sentence.startsWith("I14"));
}

test("a line that was captured with its shipping adds up", () => {
  expect(found({ orders: [captured] })).toEqual(clean);
});

test.each([
  { change: { sent: 2, cancelled: 1 }, says: "has 2 pieces: 2 were sent and 1 cancelled." },
  { change: { sent: 1, returned: 2 }, says: "sent 1 pieces, and 2 came back." },
  { change: { sent: 2, returned: 1, restocked: 2 }, says: "2 pieces on the shelf again; 1 came" },
  { change: { captured: eur(2400) }, says: "captured 2400; 2300 was paid for it." },
  { change: { refunded: { quantity: 3, amount: eur(0) } }, says: "refunded 3 of 2 pieces." },
  {
    change: { captured: eur(1000), refunded: { quantity: 1, amount: eur(1150) } },
    says: "refunded 1150; 1000 was captured for it.",
  },
])("a line that $says is found", ({ change, says }) => {
  expect(planted(change).join()).toContain(says);
});

test("an order that is fulfilled has no piece left", () => {
  expect(planted({ sent: 1 }, { fulfilment: "fulfilled" })).toEqual([
    `I14 ${ORDER}/mug is fulfilled; 1 pieces are left.`,
  ]);
  expect(planted({ sent: 1, cancelled: 1 }, { fulfilment: "fulfilled" })).toEqual([]);
});

test("lines that together were paid, captured or refunded beyond the order are found", () => {
  expect(planted({}, { total: eur(2200) })).toContainEqual(
    `I14 ${ORDER} is 100 below what its lines were paid.`,
  );
  expect(planted({ captured: eur(1000) })).toEqual([
    `I14 ${ORDER} captured 1500 beside its lines; 200 is there.`,
  ]);
  expect(planted({}, { refunded: eur(300) })).toEqual([
    `I14 ${ORDER} refunded 300 beside its lines, of 200.`,
  ]);
});

test("pieces that were cancelled are on the shelf again, and no longer sold", () => {
  const orders = [{ ...captured, lines: [{ ...line, cancelled: 1 }] }];
  const [hold] = stock.holds;
  const back = { ...stock, available: 9, allocated: 1, holds: [{ ...hold, quantity: 1 }] };

  expect(found({ orders, stock: [back as typeof stock] })).toEqual(clean);
  expect(found({ orders, stock: sale.stock }).unfinished).toEqual([
    "I5 demo/eu/mug allocated 2 pieces; live orders have 1.",
  ]);
});
