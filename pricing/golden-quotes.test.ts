import { expect, test } from "vitest";
import { homeRegion } from "../schema/regions.ts";
import { quote } from "./quote.ts";
import { goldenBusinesses } from "./testing/golden-quotes-businesses.ts";
import { goldenAcrossBorders, goldenDuties } from "./testing/golden-quotes-duties.ts";
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

test.each(goldenAcrossBorders)("to the cent across a border: $name", async (golden) => {
  const { wanted, sums, duty, shopCountry = "DE" } = golden;
  const { lines, ...more } = wanted;
  const region = homeRegion(wanted.country) ?? "eu";
  const shop = goldenShop(wanted.currency, { duties: goldenDuties, shopCountry });
  const answer = quoted(await quote(shop, cart(lines, { ...more, region }), TIMES));

  const { subtotal, discount, shipping, tax, total, duties } = answer;
  const found = [subtotal, discount, shipping.amount, tax, total];
  expect(found.map(({ amountMinor }) => amountMinor)).toEqual(sums);
  const ofLines = answer.lines.reduce((all, line) => all + (line.duty?.amountMinor ?? 0), 0);
  expect(ofLines).toBe(typeof duty === "number" ? duty : 0);
  if (duty === "no border") expect(duties).toBeUndefined();
  else if (typeof duty === "string")
    expect(duties).toMatchObject({ included: false, leftOut: duty });
  else expect(duties).toMatchObject({ included: true, amount: { amountMinor: duty } });
});

test("without a service the same sales say that duties are not included, and cost what they cost", async () => {
  for (const { wanted, sums, duty, shopCountry = "DE" } of goldenAcrossBorders) {
    const { lines, ...more } = wanted;
    const region = homeRegion(wanted.country) ?? "eu";
    const shop = goldenShop(wanted.currency, { shopCountry });
    const answer = quoted(await quote(shop, cart(lines, { ...more, region }), TIMES));
    expect(answer.total.amountMinor).toBe(sums[4] - (typeof duty === "number" ? duty : 0));
    expect(answer.duties?.included).toBe(duty === "no border" ? undefined : false);
  }
});

test("the golden quotes are as many and as mixed as promised", () => {
  const threeRules = golden.filter(({ rules }) => rules >= 3);
  const currencies = new Set(golden.map(({ wanted }) => wanted.currency));

  expect(golden.length).toBeGreaterThanOrEqual(60 + 40);
  expect(goldenAcrossBorders.length).toBeGreaterThanOrEqual(10);
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
