import fc from "fast-check";
import { expect, test } from "vitest";
import type { Quote } from "../schema/checkout.ts";
import { Sku } from "../schema/ids.ts";
import { AMOUNT_MAX_MINOR } from "../schema/money.ts";
import { isRefusal, type Refusal } from "../schema/outcome.ts";
import type { Catalog, ShippingOption, TaxRate } from "./catalog.ts";
import { type QuoteRequest, quote } from "./quote.ts";

const EXPIRES_AT_MS = Date.parse("2026-11-23T06:15:00.000Z");

const germany: TaxRate = { name: "VAT", country: "DE", ratePpm: 190_000, inclusive: true };
const minnesota: TaxRate = {
  name: "Sales tax",
  country: "US",
  state: "MN",
  ratePpm: 68_750,
  inclusive: false,
};

type Shelf = {
  readonly prices: Record<string, number>;
  readonly unpriced?: readonly string[];
  readonly tax?: TaxRate | undefined;
  readonly shipping?: readonly Omit<ShippingOption, "name">[];
  readonly currency?: string;
};

/** A catalogue in memory. */
function catalogOf({ prices, unpriced = [], tax, shipping, currency = "EUR" }: Shelf): Catalog {
  const money = (amountMinor: number) => ({ amountMinor, currency });
  const standard = [{ option: "standard", amount: money(490) }];
  return {
    prices: async (skus) => ({
      prices: skus.flatMap((sku) => {
        const price = prices[sku];
        return price === undefined ? [] : [{ sku, name: `A ${sku}`, unitAmount: money(price) }];
      }),
      unpricedSkus: skus.filter((sku) => unpriced.includes(sku)),
      unknownSkus: skus.filter((sku) => prices[sku] === undefined && !unpriced.includes(sku)),
    }),
    taxRate: async () => tax,
    shippingOptions: async () =>
      (shipping ?? standard).map((option) => ({ name: "Post", ...option })),
  };
}

function cart(lines: Record<string, number>, more: Partial<QuoteRequest> = {}): QuoteRequest {
  return {
    region: "eu",
    country: "DE",
    currency: "EUR",
    lines: Object.entries(lines).map(([sku, quantity]) => ({ sku: Sku.parse(sku), quantity })),
    ...more,
  };
}

function quoted(answer: Quote | Refusal): Quote {
  if (isRefusal(answer)) throw new Error(`Refused: ${JSON.stringify(answer)}`);
  return answer;
}

const minor = (answer: Quote | Refusal) => {
  const { subtotal, discount, tax, total } = quoted(answer);
  return [subtotal, discount, tax, total].map(({ amountMinor }) => amountMinor);
};

test("where prices include tax, the total is what the shelf says and tax is a part of it", async () => {
  const catalog = catalogOf({ prices: { mug: 1299, shirt: 2499 }, tax: germany });

  const answer = quoted(await quote(catalog, cart({ mug: 2, shirt: 1 }), EXPIRES_AT_MS));

  expect(minor(answer)).toEqual([5097, 0, 415 + 399 + 78, 5097 + 490]);
  expect(answer.lines).toEqual([
    {
      sku: "mug",
      name: "A mug",
      quantity: 2,
      unitAmount: { amountMinor: 1299, currency: "EUR" },
      amount: { amountMinor: 2598, currency: "EUR" },
    },
    expect.objectContaining({ sku: "shirt", amount: { amountMinor: 2499, currency: "EUR" } }),
  ]);
  expect(answer.taxes).toEqual([{ ...germany, amount: { amountMinor: 892, currency: "EUR" } }]);
  expect(answer.shipping.option).toBe("standard");
  expect(answer.expiresAt).toBe("2026-11-23T06:15:00.000Z");
});

test("where tax comes on top, a rate with a fraction is rounded per line and for shipping", async () => {
  const catalog = catalogOf({ prices: { mug: 1000, shirt: 120 }, tax: minnesota });

  const answer = await quote(catalog, cart({ mug: 1, shirt: 1 }), EXPIRES_AT_MS);

  // 68.75, 8.25 and 33.6875 cents.
  expect(minor(answer)).toEqual([1120, 0, 69 + 8 + 34, 1120 + 490 + 111]);
});

test("a destination without a rate is refused, never taxed at zero", async () => {
  const catalog = catalogOf({ prices: { mug: 1000 }, tax: undefined });
  const where = { country: "US", state: "ZZ" };
  expect(await quote(catalog, cart({ mug: 1 }, where), EXPIRES_AT_MS)).toEqual({
    refused: "tax_rate_unknown",
    detail: where,
  });
});

test("a rate of zero is a rate", async () => {
  const tax = { ...germany, country: "HK", ratePpm: 0 };
  const answer = await quote(catalogOf({ prices: { mug: 1000 }, tax }), cart({ mug: 1 }), 0);
  expect(minor(answer)).toEqual([1000, 0, 0, 1490]);
});

test("SKUs that the shop does not know are all named", async () => {
  const catalog = catalogOf({ prices: { mug: 1000 }, tax: germany });
  expect(await quote(catalog, cart({ mug: 1, cup: 1, hat: 2 }), EXPIRES_AT_MS)).toEqual({
    refused: "unknown_sku",
    detail: { skus: ["cup", "hat"] },
  });
});

test("a currency in which an item has no price is refused, with the item", async () => {
  const catalog = catalogOf({ prices: { mug: 1 }, unpriced: ["lamp"], tax: germany });
  expect(await quote(catalog, cart({ mug: 1, lamp: 1 }), EXPIRES_AT_MS)).toEqual({
    refused: "currency_not_sold",
    detail: { skus: ["lamp"], currency: "EUR" },
  });
});

test("the first shipping option is taken unless the shopper names another one", async () => {
  const eur = (amountMinor: number) => ({ amountMinor, currency: "EUR" });
  const shipping = [
    { option: "standard", amount: eur(490) },
    { option: "express", amount: eur(1290) },
  ];
  const catalog = catalogOf({ prices: { mug: 1000 }, tax: germany, shipping });

  expect(minor(await quote(catalog, cart({ mug: 1 }), 0)).at(-1)).toBe(1490);
  const express = cart({ mug: 1 }, { shippingOption: "express" });
  expect(minor(await quote(catalog, express, 0)).at(-1)).toBe(2290);
  expect(await quote(catalog, cart({ mug: 1 }, { shippingOption: "drone" }), 0)).toEqual({
    refused: "shipping_unavailable",
    detail: { options: ["standard", "express"] },
  });
});

test("a destination without any shipping is refused, never shipped for nothing", async () => {
  const catalog = catalogOf({ prices: { mug: 1000 }, tax: germany, shipping: [] });
  const answer = await quote(catalog, cart({ mug: 1 }), EXPIRES_AT_MS);
  expect(answer).toEqual({ refused: "shipping_unavailable", detail: { options: [] } });
});

test("a promotion code that nobody knows is refused, not ignored", async () => {
  const catalog = catalogOf({ prices: { mug: 1000 }, tax: germany });
  const answer = await quote(catalog, cart({ mug: 1 }, { promotionCodes: ["SAVE"] }), 0);
  expect(answer).toEqual({ refused: "promotion_unknown", detail: { codes: ["SAVE"] } });
});

test("eight digits can be charged, one more cannot", async () => {
  const price = AMOUNT_MAX_MINOR - 490;
  const catalog = (mug: number) => catalogOf({ prices: { mug }, tax: germany });
  expect(minor(await quote(catalog(price), cart({ mug: 1 }), 0)).at(-1)).toBe(AMOUNT_MAX_MINOR);
  expect(await quote(catalog(price + 1), cart({ mug: 1 }), 0)).toMatchObject({
    refused: "amount_too_large",
    detail: { maxMinor: AMOUNT_MAX_MINOR },
  });
});

test("tax on top that lifts the total over the limit is refused too", async () => {
  const catalog = catalogOf({ prices: { mug: AMOUNT_MAX_MINOR - 490 }, tax: minnesota });
  const answer = await quote(catalog, cart({ mug: 1 }), 0);
  expect(answer).toMatchObject({ refused: "amount_too_large" });
});

test("a cart beyond all measure is refused, not a fault", async () => {
  const catalog = catalogOf({ prices: { mug: 1_799_900 }, tax: germany });
  const answer = await quote(catalog, cart({ mug: 1_000_000 }), 0);
  expect(answer).toMatchObject({ refused: "amount_too_large" });
});

test("yen have no decimals and are rounded to whole yen", async () => {
  const tax = { name: "Consumption tax", country: "JP", ratePpm: 100_000, inclusive: true };
  const shipping = [{ option: "standard", amount: { amountMinor: 700, currency: "JPY" } }];
  const catalog = catalogOf({ prices: { mug: 1980 }, tax, shipping, currency: "JPY" });

  const answer = await quote(catalog, cart({ mug: 1 }, { currency: "JPY", country: "JP" }), 0);

  expect(minor(answer)).toEqual([1980, 0, 180 + 64, 2680]);
  expect(quoted(answer).total).toEqual({ amountMinor: 2680, currency: "JPY" });
});

test("the hash is that of everything the total was made from", async () => {
  const catalog = catalogOf({ prices: { mug: 1000, shirt: 1000 }, tax: germany });
  const hash = async (request: QuoteRequest, expiresAtMs = 0) =>
    quoted(await quote(catalog, request, expiresAtMs)).hash;

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
      async (lines, rate, inclusive) => {
        const prices = Object.fromEntries(lines.map(({ price }, at) => [`sku-${at}`, price]));
        const wanted = Object.fromEntries(lines.map(({ quantity }, at) => [`sku-${at}`, quantity]));
        const catalog = catalogOf({ prices, tax: { ...germany, ratePpm: rate, inclusive } });

        const answer = quoted(await quote(catalog, cart(wanted), 0));

        const goods = lines.reduce((total, { price, quantity }) => total + price * quantity, 0);
        const net = goods + 490;
        const [subtotal, , tax = 0, total] = minor(answer);
        expect(subtotal).toBe(goods);
        expect(total).toBe(inclusive ? net : net + tax);
        const ideal = inclusive ? (net * rate) / (1_000_000 + rate) : (net * rate) / 1_000_000;
        // Half a cent of rounding for each line and for shipping, never more.
        expect(Math.abs(tax - ideal)).toBeLessThanOrEqual((lines.length + 1) / 2 + 1e-6);
      },
    ),
    { numRuns: 50 },
  );
});
