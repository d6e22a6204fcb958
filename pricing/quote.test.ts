import fc from "fast-check";
import { expect, test } from "vitest";
import { AMOUNT_MAX_MINOR } from "../schema/amount-limits.ts";
import { quote } from "./quote.ts";
import type { QuoteRequest } from "./quote-request.ts";
import { cart, minor, quoted, rate, sourcesOf, TIMES } from "./testing/quote-fixtures.ts";

const germany = rate();
const minnesota = rate({
  ...{ name: "Sales tax", country: "US", state: "MN", ratePpm: 68_750, inclusive: false },
  note: "State level only",
});
const inMinnesota = { country: "US", state: "MN" };
const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });

test("where prices include tax, the total is what the shelf says and tax is a part of it", async () => {
  const catalogue = sourcesOf({ products: { mug: 1299, shirt: 2499 }, rates: [germany] });

  const answer = quoted(await quote(catalogue, cart({ mug: 2, shirt: 1 }), TIMES));

  expect(minor(answer)).toEqual([5097, 0, 415 + 399 + 78, 5097 + 490]);
  expect(answer.lines).toEqual([
    {
      sku: "mug",
      name: "A mug",
      quantity: 2,
      unitAmount: eur(1299),
      amount: eur(2598),
      tax: eur(415),
    },
    expect.objectContaining({ sku: "shirt", amount: eur(2499), tax: eur(399) }),
  ]);
  expect(answer.taxes).toEqual([
    { name: "VAT", country: "DE", ratePpm: 190_000, inclusive: true, amount: eur(892) },
  ]);
  expect(answer.shipping.option).toBe("standard");
  expect(answer.expiresAt).toBe("2026-11-23T06:15:00.000Z");
});

test("where tax comes on top, a rate with a fraction is rounded per line and for shipping", async () => {
  const catalogue = sourcesOf({ products: { mug: 1000, shirt: 120 }, rates: [minnesota] });

  const answer = await quote(catalogue, cart({ mug: 1, shirt: 1 }, inMinnesota), TIMES);

  // 68.75, 8.25 and 33.6875 cents.
  expect(minor(answer)).toEqual([1120, 0, 69 + 8 + 34, 1120 + 490 + 111]);
});

test("a destination without a rate is refused, never taxed at zero", async () => {
  const catalogue = sourcesOf({ products: { mug: 1000 }, rates: [] });
  const where = { country: "US", state: "ZZ" };
  expect(await quote(catalogue, cart({ mug: 1 }, where), TIMES)).toEqual({
    refused: "tax_rate_unknown",
    detail: where,
  });
});

test("a rate of zero is a rate", async () => {
  const rates = [rate({ country: "HK", ratePpm: 0, treatment: "no_tax" })];
  const shelf = sourcesOf({ products: { mug: 1000 }, rates });
  const answer = await quote(shelf, cart({ mug: 1 }, { country: "HK" }), TIMES);
  expect(minor(answer)).toEqual([1000, 0, 0, 1490]);
});

test("SKUs that the shop does not know are all named", async () => {
  const catalogue = sourcesOf({ products: { mug: 1000 }, rates: [germany] });
  expect(await quote(catalogue, cart({ mug: 1, cup: 1, hat: 2 }), TIMES)).toEqual({
    refused: "unknown_sku",
    detail: { skus: ["cup", "hat"] },
  });
});

test("a currency in which an item has no price is refused, with the item", async () => {
  const catalogue = sourcesOf({ products: { mug: 1 }, unpriced: ["lamp"], rates: [germany] });
  expect(await quote(catalogue, cart({ mug: 1, lamp: 1 }), TIMES)).toEqual({
    refused: "currency_not_sold",
    detail: { skus: ["lamp"], currency: "EUR" },
  });
});

test("a currency that was withdrawn is refused, with what took its place, whatever prices are left", async () => {
  const catalogue = sourcesOf({ products: { mug: 1000 }, rates: [germany] });
  expect(await quote(catalogue, cart({ mug: 1 }, { currency: "BGN" }), TIMES)).toEqual({
    refused: "currency_not_sold",
    detail: { skus: ["mug"], currency: "BGN", lastDay: "2026-01-31", replacedBy: "EUR" },
  });
});

test("the first shipping option is taken unless the shopper names another one", async () => {
  const shipping = [
    { option: "standard", amount: eur(490) },
    { option: "express", amount: eur(1290) },
  ];
  const catalogue = sourcesOf({ products: { mug: 1000 }, rates: [germany], shipping });

  expect(minor(await quote(catalogue, cart({ mug: 1 }), TIMES)).at(-1)).toBe(1490);
  const express = cart({ mug: 1 }, { shippingOption: "express" });
  expect(minor(await quote(catalogue, express, TIMES)).at(-1)).toBe(2290);
  expect(await quote(catalogue, cart({ mug: 1 }, { shippingOption: "drone" }), TIMES)).toEqual({
    refused: "shipping_unavailable",
    detail: { options: ["standard", "express"] },
  });
});

test("a destination without any shipping is refused, never shipped for nothing", async () => {
  const catalogue = sourcesOf({ products: { mug: 1000 }, rates: [germany], shipping: [] });
  const answer = await quote(catalogue, cart({ mug: 1 }), TIMES);
  expect(answer).toEqual({ refused: "shipping_unavailable", detail: { options: [] } });
});

test("a promotion code that nobody knows is refused, not ignored", async () => {
  const catalogue = sourcesOf({ products: { mug: 1000 }, rates: [germany] });
  const answer = await quote(catalogue, cart({ mug: 1 }, { promotionCodes: ["SAVE"] }), TIMES);
  expect(answer).toEqual({ refused: "promotion_unknown", detail: { codes: ["SAVE"] } });
});

test("twelve digits can be charged, one more cannot", async () => {
  const price = AMOUNT_MAX_MINOR - 490;
  const catalogue = (mug: number) => sourcesOf({ products: { mug }, rates: [germany] });
  expect(minor(await quote(catalogue(price), cart({ mug: 1 }), TIMES)).at(-1)).toBe(
    AMOUNT_MAX_MINOR,
  );
  expect(await quote(catalogue(price + 1), cart({ mug: 1 }), TIMES)).toMatchObject({
    refused: "amount_too_large",
    detail: { maxMinor: AMOUNT_MAX_MINOR },
  });
});

test("tax on top that lifts the total over the limit is refused too", async () => {
  const catalogue = sourcesOf({ products: { mug: AMOUNT_MAX_MINOR - 490 }, rates: [minnesota] });
  const answer = await quote(catalogue, cart({ mug: 1 }, inMinnesota), TIMES);
  expect(answer).toMatchObject({ refused: "amount_too_large" });
});

test("a cart beyond all measure is refused, not a fault", async () => {
  const catalogue = sourcesOf({ products: { mug: AMOUNT_MAX_MINOR }, rates: [germany] });
  const answer = await quote(catalogue, cart({ mug: 10_000 }), TIMES);
  expect(answer).toEqual({
    refused: "amount_too_large",
    detail: { maxMinor: AMOUNT_MAX_MINOR },
  });
});

// 2 × 600,000.00 IDR, 1,200,000 UGX and 1,500,000 ISK: some provider takes each.
test.each([
  ["IDR", 60_000_000, 2, 120_000_490],
  ["UGX", 1_200_000, 1, 1_200_490],
  ["ISK", 1_500_000, 1, 1_500_490],
  ["IDR", 50_000_000_000, 1, 50_000_000_490],
])("%s: %i minor units, %i of them, can be quoted", async (currency, mug, quantity, total) => {
  const catalogue = sourcesOf({ products: { mug }, rates: [germany], currency });
  const answer = await quote(catalogue, cart({ mug: quantity }, { currency }), TIMES);
  expect(answer).toMatchObject({ total: { amountMinor: total, currency } });
});

test("a total below every provider's least says so, with the least", async () => {
  // Stripe takes 0.50 IDR; Adyen counts whole rupiah.
  const shipping = [{ option: "standard", amount: { amountMinor: 0, currency: "IDR" } }];
  const answer = await quote(
    sourcesOf({ products: { mug: 30 }, rates: [germany], currency: "IDR", shipping }),
    cart({ mug: 1 }, { currency: "IDR" }),
    TIMES,
  );
  expect(answer).toEqual({
    refused: "amount_too_small",
    detail: { total: { amountMinor: 30, currency: "IDR" }, leastMinor: 50 },
  });
});

test("yen have no decimals and are rounded to whole yen", async () => {
  const rates = [rate({ name: "Consumption tax", country: "JP", ratePpm: 100_000 })];
  const shipping = [{ option: "standard", amount: { amountMinor: 700, currency: "JPY" } }];
  const catalogue = sourcesOf({ products: { mug: 1980 }, rates, shipping, currency: "JPY" });

  const answer = await quote(
    catalogue,
    cart({ mug: 1 }, { currency: "JPY", country: "JP" }),
    TIMES,
  );

  expect(minor(answer)).toEqual([1980, 0, 180 + 64, 2680]);
  expect(quoted(answer).total).toEqual({ amountMinor: 2680, currency: "JPY" });
});

test("the hash is that of everything the total was made from", async () => {
  const catalogue = sourcesOf({ products: { mug: 1000, shirt: 1000 }, rates: [germany] });
  const hash = async (request: QuoteRequest, expiresAtMs = TIMES.expiresAtMs) =>
    quoted(await quote(catalogue, request, { ...TIMES, expiresAtMs })).hash;

  expect(await hash(cart({ mug: 1 }))).toBe(await hash(cart({ mug: 1 })));
  const others = [await hash(cart({ shirt: 1 })), await hash(cart({ mug: 2 }))];
  expect(others).not.toContain(await hash(cart({ mug: 1 })));
  expect(await hash(cart({ mug: 1 }, {}), 1000)).not.toBe(await hash(cart({ mug: 1 })));
});

test("for every cart the parts make the total, and the tax of no part is lost", async () => {
  const line = fc.record({
    price: fc.integer({ min: 0, max: 100_000 }),
    quantity: fc.integer({ min: 1, max: 10 }),
  });
  const ratePpm = fc.integer({ min: 0, max: 300_000 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 10 }),
      ratePpm,
      fc.boolean(),
      async (lines, ppm, inclusive) => {
        const prices = Object.fromEntries(lines.map(({ price }, at) => [`sku-${at}`, price]));
        const wanted = Object.fromEntries(lines.map(({ quantity }, at) => [`sku-${at}`, quantity]));
        const catalogue = sourcesOf({
          products: prices,
          rates: [rate({ ratePpm: ppm, inclusive })],
        });

        const answer = quoted(await quote(catalogue, cart(wanted), TIMES));

        const goods = lines.reduce((total, { price, quantity }) => total + price * quantity, 0);
        const net = goods + 490;
        const [subtotal, , tax = 0, total] = minor(answer);
        expect(subtotal).toBe(goods);
        expect(total).toBe(inclusive ? net : net + tax);
        const ideal = inclusive ? (net * ppm) / (1_000_000 + ppm) : (net * ppm) / 1_000_000;
        // Half a cent of rounding for each line and for shipping, never more.
        expect(Math.abs(tax - ideal)).toBeLessThanOrEqual((lines.length + 1) / 2 + 1e-6);
      },
    ),
    { numRuns: 50 },
  );
});
