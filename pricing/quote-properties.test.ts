import fc from "fast-check";
import { expect, test } from "vitest";
import type { Quote } from "../schema/checkout.ts";
import { isRefusal } from "../schema/outcome.ts";
import type { Promotion } from "../schema/promotion.ts";
import { quote } from "./quote.ts";
import type { TaxRow } from "./tax-table.ts";
import { cart, promotion, quoted, rate, sourcesOf, TIMES } from "./testing/quote-fixtures.ts";

const skus = ["a", "b", "c", "d", "e"] as const;
const anySkus = fc.option(fc.subarray([...skus], { minLength: 1 }), { nil: undefined });
const ppm = fc.integer({ min: 1, max: 1_000_000 });
const amounts = fc.record({ EUR: fc.integer({ min: 1, max: 20_000 }) });
const pieces = fc.integer({ min: 1, max: 4 });
const off = fc.oneof(fc.record({ ppm }), fc.record({ amounts }));
const some = <T>(value: T | undefined, name: string) =>
  value === undefined ? {} : { [name]: value };

const percentage = fc.record({ ppm, skus: anySkus }).map(({ ppm, skus }) => {
  return { kind: "percentage", ppm, ...some(skus, "skus") };
});
const fixed = fc.record({ amounts, skus: anySkus }).map(({ amounts, skus }) => {
  return { kind: "fixed", amounts, ...some(skus, "skus") };
});
const given = fc.record({ bought: pieces, given: pieces, ppm, skus: anySkus }).map((each) => ({
  kind: "buy_x_get_y",
  buy: { quantity: each.bought, ...some(each.skus, "skus") },
  get: { quantity: each.given, ppm: each.ppm },
}));
const threshold = fc.array(fc.record({ from: amounts, off }), { minLength: 1, maxLength: 3 });
const bundle = fc.record({
  chosen: fc.subarray([...skus], { minLength: 1 }),
  quantity: pieces,
  amounts,
});
const rule = fc.oneof(
  ...[percentage, fixed, given],
  threshold.map((steps) => ({ kind: "threshold", steps })),
  bundle.map(({ chosen, quantity, amounts }) => {
    return { kind: "bundle", items: chosen.map((sku) => ({ sku, quantity })), amounts };
  }),
  fc.constant({ kind: "free_shipping" }),
);
const promotions = fc
  .array(fc.record({ rule, rank: fc.integer({ min: 1, max: 3 }), exclusive: fc.boolean() }), {
    maxLength: 5,
  })
  .map((list) => list.map(({ rule, ...more }, at) => promotion(`p${at}`, rule, more)));

const tax = fc.record({
  ratePpm: fc.integer({ min: 1, max: 300_000 }),
  reducedPpm: fc.integer({ min: 1, max: 300_000 }),
  inclusive: fc.boolean(),
  // Shipping as its goods, at the standard rate with one rounding an invoice, and untaxed.
  place: fc.constantFrom<Place>(
    { country: "DE" },
    { country: "JP" },
    { country: "US", state: "CA" },
  ),
});
const goods = fc.record({
  prices: fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 5, maxLength: 5 }),
  quantities: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 5, maxLength: 5 }),
  shipping: fc.integer({ min: 0, max: 2_000 }),
});
const world = fc.record({ tax, goods, promotions });
type World = { tax: Tax; goods: Goods; promotions: readonly Promotion[] };
type Place = { country: string; state?: string };
type Tax = { ratePpm: number; reducedPpm: number; inclusive: boolean; place: Place };
/**
 * Where shipping follows goods at several rates that come on top, its share moves between them as
 * discounts do: less for the goods may then be more tax on shipping.
 */
const atOneRateOnTop = <W extends { tax: Tax }>(each: W): W =>
  each.tax.inclusive ? each : { ...each, tax: { ...each.tax, reducedPpm: each.tax.ratePpm } };
type Goods = { prices: number[]; quantities: number[]; shipping: number };

async function quoteOf(
  { tax, goods, promotions }: World,
  isReversed = false,
  buyer: { vatNumber?: string } = {},
): Promise<Quote> {
  const { inclusive, ratePpm, reducedPpm, place } = tax;
  const rates: readonly TaxRow[] = [
    rate({ ...place, inclusive, ratePpm }),
    rate({ ...place, inclusive, ratePpm: reducedPpm, taxClass: "reduced" }),
  ];
  const products = Object.fromEntries(
    skus.map((sku, at) => {
      const taxClass = at % 2 === 0 ? "standard" : "reduced";
      return [sku, { price: goods.prices[at] ?? 0, taxClass }];
    }),
  );
  const shipping = [{ amount: { amountMinor: goods.shipping, currency: "EUR" } }];
  const lines = skus.flatMap((sku, at) => {
    const quantity = goods.quantities[at] ?? 0;
    return quantity > 0 ? [[sku, quantity] as const] : [];
  });
  const ordered = Object.fromEntries(isReversed ? lines.toReversed() : lines);
  const wanted = cart(ordered, { ...place, ...buyer });
  return quoted(await quote(sourcesOf({ products, rates, shipping, promotions }), wanted, TIMES));
}

const minorOf = (money: { amountMinor: number } | undefined) => money?.amountMinor ?? 0;
const add = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
const afterDiscount = (answer: Quote) =>
  minorOf(answer.subtotal) + minorOf(answer.shipping.amount) - minorOf(answer.discount);

test("the total is what is left of the lines and of shipping, and the tax on top; no cent is lost", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (each) => {
      const answer = await quoteOf(each);
      const { lines, shipping, discounts, taxes, subtotal, discount, tax, total } = answer;
      const left = lines.map((line) => minorOf(line.amount) - minorOf(line.discount));
      const parcel = minorOf(shipping.amount) - minorOf(shipping.discount);
      const onTop = each.tax.inclusive ? 0 : minorOf(tax);

      expect(minorOf(total)).toBe(add(left) + parcel + onTop);
      expect(minorOf(subtotal)).toBe(add(lines.map(({ amount }) => minorOf(amount))));
      expect(minorOf(discount)).toBe(add(discounts.map(({ amount }) => minorOf(amount))));
      const perLine = lines.map((line) =>
        add((line.discounts ?? []).map((d) => minorOf(d.amount))),
      );
      expect(perLine).toEqual(lines.map((line) => minorOf(line.discount)));
      expect(add(perLine) + minorOf(shipping.discount)).toBe(minorOf(discount));
      const taxed = [...lines.map((line) => minorOf(line.tax)), minorOf(shipping.tax)];
      expect(minorOf(tax)).toBe(add(taxed));
      expect(minorOf(tax)).toBe(add(taxes.map(({ amount }) => minorOf(amount))));
    }),
    { numRuns: 300 },
  );
});

test("nothing is ever negative", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (each) => {
      const { lines, shipping, total, tax } = await quoteOf(each);
      for (const line of lines) {
        expect(minorOf(line.discount)).toBeLessThanOrEqual(minorOf(line.amount));
      }
      expect(minorOf(shipping.discount)).toBeLessThanOrEqual(minorOf(shipping.amount));
      expect(minorOf(total)).toBeGreaterThanOrEqual(0);
      expect(minorOf(tax)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 200 },
  );
});

test("the order of the lines changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(world, async (each) => {
      const { lines, hash: _hash, ...answer } = await quoteOf(each);
      const { lines: reversed, hash: _other, ...same } = await quoteOf(each, true);
      expect(same).toEqual(answer);
      expect(reversed.toReversed()).toEqual(lines);
    }),
    { numRuns: 200 },
  );
});

test("one more promotion never costs more, but for the rounding of a cent a line", async () => {
  await fc.assert(
    fc.asyncProperty(world, rule, fc.integer({ min: 0, max: 4 }), async (any, more, rank) => {
      const each = atOneRateOnTop(any);
      const before = await quoteOf(each);
      const promotions = [...each.promotions, promotion("more", more, { rank })];
      const after = await quoteOf({ ...each, promotions });
      const cents = before.lines.length + 1;
      expect(minorOf(after.total)).toBeLessThanOrEqual(minorOf(before.total) + cents);
    }),
    { numRuns: 300 },
  );
});

test("a larger share or amount off never costs more", async () => {
  const larger = fc.record({ small: ppm, more: ppm, amount: fc.integer({ min: 1, max: 9_000 }) });
  await fc.assert(
    fc.asyncProperty(world, larger, async (any, { small, more, amount }) => {
      const { tax, goods } = atOneRateOnTop(any);
      const costs = async (rule: object) =>
        quoteOf({ tax, goods, promotions: [promotion("p", rule)] });
      const share = async (ppm: number) =>
        minorOf((await costs({ kind: "percentage", ppm })).total);
      expect(await share(Math.min(1_000_000, small + more))).toBeLessThanOrEqual(
        await share(small),
      );
      const amounts = (EUR: number) => ({ kind: "fixed", amounts: { EUR } });
      const [less, more_] = [
        await costs(amounts(amount)),
        await costs(amounts(amount + 1 + (more % 500))),
      ];
      expect(afterDiscount(more_)).toBeLessThanOrEqual(afterDiscount(less));
    }),
    { numRuns: 200 },
  );
});

test("a hundred lines of one cent share a discount to the cent", async () => {
  const names = Array.from({ length: 100 }, (_each, at) => `sku-${at}`);
  const products = Object.fromEntries(names.map((name) => [name, 1]));
  const wanted = cart(Object.fromEntries(names.map((name) => [name, 1])));
  for (const EUR of [1, 33, 99, 100, 101]) {
    const promotions = [promotion("few", { kind: "fixed", amounts: { EUR } })];
    const answer = await quote(sourcesOf({ products, rates: [rate()], promotions }), wanted, TIMES);
    expect(isRefusal(answer)).toBe(false);
    expect(minorOf(quoted(answer).discount)).toBe(Math.min(EUR, 100));
  }
});

test("an invoice's tax is rounded once a rate, and its lines' parts add up to it", async () => {
  const prices = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(prices, fc.integer({ min: 0, max: 900 }), async (list, shipping) => {
      const names = list.map((_price, at) => `sku-${at}`);
      const shelf = sourcesOf({
        products: Object.fromEntries(names.map((name, at) => [name, list[at] ?? 0])),
        rates: [rate({ country: "JP", ratePpm: 100_000, rounding: "down" })],
        shipping: [{ amount: { amountMinor: shipping, currency: "EUR" } }],
      });
      const lines = Object.fromEntries(names.map((name) => [name, 1]));
      const answer = quoted(await quote(shelf, cart(lines, { country: "JP" }), TIMES));

      expect(minorOf(answer.tax)).toBe(Math.floor((add(list) + shipping) / 11));
      const parts = [...answer.lines.map(({ tax }) => minorOf(tax)), minorOf(answer.shipping.tax)];
      expect(add(parts)).toBe(minorOf(answer.tax));
    }),
  );
});

test("a business buyer's parts add up without any tax, and a voucher for everything leaves nothing", async () => {
  const buyer = { vatNumber: "FR40303265045" };
  const everything = promotion("all", { kind: "fixed", amounts: { EUR: 9_999_999 } }, { rank: 9 });
  await fc.assert(
    fc.asyncProperty(world, async (any) => {
      const each = { ...any, tax: { ...any.tax, place: { country: "FR" } } };
      const answer = await quoteOf(each, false, buyer);
      const left = answer.lines.map((line) => minorOf(line.amount) - minorOf(line.discount));
      const parcel = minorOf(answer.shipping.amount) - minorOf(answer.shipping.discount);
      expect(Math.min(parcel, ...left)).toBeGreaterThanOrEqual(0);
      expect(minorOf(answer.total)).toBe(add(left) + parcel);
      expect(minorOf(answer.tax)).toBe(0);

      const combining = each.promotions.filter(({ exclusive }) => !exclusive);
      const free = await quoteOf({ ...each, promotions: [...combining, everything] }, false, buyer);
      expect(minorOf(free.total)).toBe(
        minorOf(free.shipping.amount) - minorOf(free.shipping.discount),
      );
    }),
    { numRuns: 200 },
  );
});
