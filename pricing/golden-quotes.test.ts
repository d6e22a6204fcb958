import { expect, test } from "vitest";
import { homeRegion } from "../schema/regions.ts";
import { quote } from "./quote.ts";
import { goldenBusinesses } from "./testing/golden-quotes-businesses.ts";
import { goldenHome } from "./testing/golden-quotes-home.ts";
import { goldenNeighbours } from "./testing/golden-quotes-neighbours.ts";
import { goldenStates } from "./testing/golden-quotes-states.ts";
import { goldenTerritories } from "./testing/golden-quotes-territories.ts";
import { goldenWorld } from "./testing/golden-quotes-world.ts";
import { goldenShop } from "./testing/golden-shop.ts";
import { cart, quoted, TIMES } from "./testing/quote-fixtures.ts";

const goldenPlaces = [...goldenTerritories, ...goldenBusinesses, ...goldenStates];
const golden = [...goldenHome, ...goldenNeighbours, ...goldenWorld, ...goldenPlaces];

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

  expect(golden.length).toBeGreaterThanOrEqual(60 + 40);
  expect(goldenPlaces.length).toBeGreaterThanOrEqual(40);
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
