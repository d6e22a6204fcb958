import { expect, test } from "vitest";
import { Sku } from "../schema/ids.ts";
import { subtotalOf, whyNotSold } from "./cart-subtotal.ts";
import type { Catalogue } from "./catalogue.ts";

const [mug, lamp, gone] = ["mug", "lamp", "gone"].map((name) => Sku.parse(name)) as [Sku, Sku, Sku];
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

const catalogue: Pick<Catalogue, "prices"> = {
  prices: async (skus) => ({
    prices: [
      { sku: mug, name: "Mug", unitAmount: eur(1299), taxClass: "standard", weightGrams: 350 },
    ].filter((price) => skus.includes(price.sku)),
    unpricedSkus: skus.filter((sku) => sku === lamp),
    unknownSkus: skus.filter((sku) => sku === gone),
  }),
};

test("lines are priced by the piece and add up", async () => {
  expect(await subtotalOf(catalogue, [{ sku: mug, quantity: 3 }], "EUR")).toEqual({
    lines: [{ sku: mug, quantity: 3, name: "Mug", unitAmount: eur(1299), amount: eur(3897) }],
    subtotal: eur(3897),
  });
});

test("a line that is no longer sold stays to be seen, without a price", async () => {
  const lines = [
    { sku: gone, quantity: 1 },
    { sku: mug, quantity: 1 },
  ];

  const priced = await subtotalOf(catalogue, lines, "EUR");

  expect(priced.lines[0]).toEqual({ sku: gone, quantity: 1 });
  expect(priced.subtotal).toEqual(eur(1299));
});

test("an empty cart costs nothing", async () => {
  expect(await subtotalOf(catalogue, [], "EUR")).toEqual({ lines: [], subtotal: eur(0) });
});

test("what the shop does not sell, or not in this currency, is said by name", async () => {
  expect(await whyNotSold(catalogue, mug, "EUR")).toBeUndefined();
  expect(await whyNotSold(catalogue, gone, "EUR")).toEqual({
    refused: "unknown_sku",
    detail: { skus: [gone] },
  });
  expect(await whyNotSold(catalogue, lamp, "EUR")).toEqual({
    refused: "currency_not_sold",
    detail: { skus: [lamp], currency: "EUR" },
  });
});
