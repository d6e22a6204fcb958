import { expect, test } from "vitest";
import { found, stock } from "./sample.ts";

const movements = {
  ...{ receipts: 10, corrections: 0, transfersIn: 0, transfersOut: 0 },
  ...{ held: 0, allocated: 2, gone: 0 },
};
const moved = { ...stock, movements };

test("I4: what was received is what came, was corrected, and went elsewhere", () => {
  expect(found({ stock: [moved] }).violations).toEqual([]);
  const lost = { ...moved, movements: { ...movements, corrections: -1 } };
  expect(found({ stock: [lost] }).violations).toEqual([
    "I4 demo/eu/mug received 10; its movements say 10 + -1 + 0 - 0.",
  ]);
});

test("I4: each counter is the sum of its movements", () => {
  const wrong = { ...moved, movements: { ...movements, allocated: 1, gone: 1 } };
  expect(found({ stock: [wrong] }).violations).toEqual([
    "I4 demo/eu/mug counts 2 allocated; its movements say 1.",
    "I4 demo/eu/mug counts 0 gone; its movements say 1.",
  ]);
});

test("I4: the equation holds in each cell, not only in all together", () => {
  const cells = [
    { cell: 0, received: 6, available: 3, held: 0, allocated: 2, gone: 0 },
    { cell: 1, received: 4, available: 5, held: 0, allocated: 0, gone: 0 },
  ];
  expect(found({ stock: [{ ...stock, cells }] }).violations).toEqual([
    "I4 demo/eu/mug/0 received 6, which is not 3 + 0 + 2 + 0.",
    "I4 demo/eu/mug/1 received 4, which is not 5 + 0 + 0 + 0.",
  ]);
});

test("I4: pieces in transit are unfinished, and none arrives that was not sent", () => {
  const sent = { ...movements, receipts: 13, transfersOut: 3 };
  const other = { ...stock, region: "us", received: 2, available: 2, allocated: 0, holds: [] };
  const got = { ...movements, receipts: 0, allocated: 0, transfersIn: 2 };
  const eu = { ...stock, movements: sent };
  const us = { ...other, movements: got };
  expect(found({ stock: [eu, us] })).toEqual({
    violations: [],
    unfinished: ["I4 demo/mug has 1 pieces in transit."],
  });
  const short = { ...eu, movements: { ...movements, receipts: 11, transfersOut: 1 } };
  expect(found({ stock: [short, us] }).violations).toEqual([
    "I4 demo/mug got 1 pieces that no shelf sent.",
  ]);
});
