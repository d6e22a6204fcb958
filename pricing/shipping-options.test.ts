import { expect, test } from "vitest";
import { quote } from "./quote.ts";
import { optionsFor } from "./shipping-options.ts";
import {
  cart,
  minor,
  quoted,
  rate,
  type Shelf,
  sourcesOf,
  TIMES,
} from "./testing/quote-fixtures.ts";

const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
const step = (option: string, upToGrams: number, amountMinor: number) => ({
  ...{ option, name: option, upToGrams, amount: eur(amountMinor) },
});
const table = [
  step("standard", 1000, 490),
  step("standard", 5000, 690),
  step("express", 2000, 1290),
];

function ask(quantity: number, more: Partial<Shelf> = {}, shippingOption?: string) {
  const products = { mug: { price: 1000, grams: 350 } };
  const shelf = sourcesOf({ products, rates: [rate()], shipping: table, ...more });
  return quote(shelf, cart({ mug: quantity }, { shippingOption }), TIMES);
}

test("a parcel takes the lightest step that carries it; an option that carries it not is not offered", async () => {
  const costs = (grams: number) =>
    optionsFor(table, grams).map(({ option, amount }) => `${option} ${amount.amountMinor}`);
  expect(costs(1000)).toEqual(["standard 490", "express 1290"]);
  expect(costs(1001)).toEqual(["standard 690", "express 1290"]);
  expect(costs(2001)).toEqual(["standard 690"]);
  expect(costs(5001)).toEqual([]);
});

test("a quote weighs the cart, and lists what else could be chosen", async () => {
  const answer = quoted(await ask(3));
  expect(answer.shipping).toMatchObject({ option: "standard", amount: eur(690), tax: eur(110) });
  expect(answer.shippingOptions).toEqual([
    { option: "standard", name: "standard", amount: eur(690) },
    { option: "express", name: "express", amount: eur(1290) },
  ]);
  expect(await ask(6, {}, "express")).toEqual({
    refused: "shipping_unavailable",
    detail: { options: ["standard"] },
  });
});

test("live rates stand beside the table's, and a carrier that is missing is named", async () => {
  const live = {
    options: [{ option: "dhl-paket", name: "DHL", carrier: "dhl", amount: eur(380) }],
    leftOut: [{ carrier: "ups", reason: "too_slow" }],
  };
  const answer = quoted(await ask(1, { live }, "dhl-paket"));
  expect(answer.shipping).toMatchObject({ carrier: "dhl", amount: eur(380) });
  expect(answer.shippingLeftOut).toEqual(live.leftOut);
  expect(minor(answer).at(-1)).toBe(1380);
});
