import { expect, test } from "vitest";
import { homeRegion } from "../schema/regions.ts";
import { quote } from "./quote.ts";
import { goldenHome } from "./test-golden-home.ts";
import { goldenNeighbours } from "./test-golden-neighbours.ts";
import { goldenShop } from "./test-golden-shop.ts";
import { goldenWorld } from "./test-golden-world.ts";
import { cart, quoted, TIMES } from "./test-shelf.ts";

const golden = [...goldenHome, ...goldenNeighbours, ...goldenWorld];

test.each(golden)("to the cent: $name", async ({ wanted, sums }) => {
  const { lines, ...more } = wanted;
  const region = homeRegion(wanted.country) ?? "eu";
  const answer = await quote(goldenShop(wanted.currency), cart(lines, { ...more, region }), TIMES);

  const { subtotal, discount, shipping, tax, total } = quoted(answer);
  const found = [subtotal, discount, shipping.amount, tax, total];
  expect(found.map(({ amountMinor }) => amountMinor)).toEqual(sums);
  expect(found.every(({ currency }) => currency === wanted.currency)).toBe(true);
});

test("the golden quotes are as many and as mixed as promised", () => {
  const threeRules = golden.filter(({ rules }) => rules >= 3);
  const currencies = new Set(golden.map(({ wanted }) => wanted.currency));

  expect(golden.length).toBeGreaterThanOrEqual(60);
  expect(threeRules.length).toBeGreaterThanOrEqual(10);
  expect([...currencies].toSorted()).toEqual([
    "BHD",
    "BRL",
    "CHF",
    "EUR",
    "GBP",
    "INR",
    "JPY",
    "KWD",
    "USD",
  ]);
});
