import { expect, test } from "vitest";
import { CHECKOUT, clean, found, NOW, NOW_MS, nothing, stock } from "./sample.ts";

test("I4: what was received is available, held, allocated or gone", () => {
  const { violations } = found({ stock: [{ ...stock, available: 9 }] });
  expect(violations).toEqual(["I4 demo/eu/mug received 10, which is not 9 + 0 + 2 + 0."]);
});

test("I4: no count is negative", () => {
  const { violations } = found({ stock: [{ ...stock, received: 1, available: -1 }] });
  expect(violations).toEqual(["I4 demo/eu/mug has a negative count."]);
});

test("I4: the counters are the sums of the holds", () => {
  const { violations } = found({ stock: [{ ...stock, available: 7, held: 1 }] });
  expect(violations).toEqual(["I4 demo/eu/mug counts 1 held; its holds say 0."]);
  expect(found({ stock: [{ ...stock, holds: [] }] }).violations).toEqual([
    "I4 demo/eu/mug counts 2 allocated; its holds say 0.",
  ]);
});

test("I4: one SKU of one region is one row", () => {
  expect(found({ stock: [stock, stock] }).violations).toContain(
    "I4 demo/eu/mug is dumped 2 times.",
  );
});

test("I5: a hold past its end is unfinished", () => {
  const held = { checkoutId: CHECKOUT, quantity: 2, state: "held" as const, expiresAt: NOW };
  const stuck = { ...stock, held: 2, allocated: 0, holds: [held] };
  const result = found({ stock: [stuck], nowMs: NOW_MS + 1 }, nothing);
  expect(result.unfinished).toEqual([
    `I5 demo/eu/mug for ${CHECKOUT} is held past its end at ${NOW}.`,
  ]);
});

test("I5: pieces that no live order sold are unfinished", () => {
  expect(found({ stock: [stock] }, nothing).unfinished).toEqual([
    "I5 demo/eu/mug allocated 2 pieces; live orders have 0.",
    `I5 demo/eu/mug for ${CHECKOUT} is allocated and has no order.`,
  ]);
});

test("I5: an order that sold pieces which nobody allocated is a violation", () => {
  const unsold = { ...stock, available: 10, allocated: 0, holds: [] };
  const { violations } = found({ stock: [unsold] });
  expect(violations).toEqual(["I5 demo/eu/mug sold 2 pieces and allocated 0."]);
});

test("I5: shipped pieces still count as sold", () => {
  const shipped = { ...stock, allocated: 0, gone: 2, holds: [] };
  expect(found({ stock: [shipped] })).toEqual(clean);
});
