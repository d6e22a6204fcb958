import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { promotionStub } from "../../../../durable-objects/placement.ts";
import type { Quote } from "../../../../schema/checkout.ts";
import { ShopId } from "../../../../schema/ids.ts";
import { PromotionId } from "../../../../schema/promotion.ts";
import { shopKeys } from "../../../../scripts/machine/local-keys.ts";
import { eventually } from "../../../../test/eventually.ts";

afterEach(() => vi.useRealTimers());

type Answer = { readonly http: number } & Record<string, unknown>;

async function call(method: string, path: string, body?: object, key: string = shopKeys.operator) {
  const headers = {
    ...{ authorization: `Bearer ${key}`, "content-type": "application/json" },
    "idempotency-key": crypto.randomUUID(),
  };
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
  const response = await exports.default.fetch(new Request(`https://tender.test/v1${path}`, init));
  const json = (await response.json()) as Record<string, unknown>;
  return { ...json, http: response.status } as Answer;
}

const put = (path: string, body: object) => call("PUT", `/ops/catalogue${path}`, body);
const get = (path: string) => call("GET", `/ops/catalogue${path}`);
const kettle = { name: "Kettle", weightGrams: 900 };
const eur = (amountMinor: number, more: object = {}) => ({ currency: "EUR", amountMinor, ...more });

/** What one piece of it costs a shopper in Germany, or why it is not sold. */
async function quoted(sku: string, more: object = {}) {
  const customer = { email: "ada@example.com" };
  const buyer = { currency: "EUR", country: "DE", customer };
  const body = { lines: [{ sku, quantity: 1 }], ...buyer, ...more };
  const answer = await call("POST", "/checkouts", body, shopKeys.publishable);
  return (answer.quote ?? answer.code) as { subtotal: object; discounts: object[] } | string;
}

test("a product that is stored is sold at its price, and read as it stands", async () => {
  const prices = [eur(3990), { currency: "USD", amountMinor: 4490 }];
  const stored = { sku: "kettle", ...kettle, taxClass: "standard", prices };

  expect(await put("/products/kettle", { ...kettle, prices })).toEqual({ http: 200, ...stored });
  expect(await get("/products/kettle")).toEqual({ http: 200, ...stored });
  await call("POST", "/ops/stock", {
    ...{ region: "eu", sku: "kettle", quantity: 5, movementId: "delivery" },
  });
  expect(await quoted("kettle")).toMatchObject({ subtotal: eur(3990) });
});

test("prices replace all of their currency, and leave the others alone", async () => {
  const usual = eur(5000);
  const sale = eur(4000, { validFrom: "2027-01-01T00:00:00.000Z" });
  const dollars = { currency: "USD", amountMinor: 5500 };
  await put("/products/pan", { name: "Pan", prices: [usual, sale, dollars] });

  expect(await put("/products/pan", { name: "Pan", prices: [eur(6000)] })).toMatchObject({
    prices: [eur(6000), dollars],
  });
  expect(await put("/products/pan", { name: "Big pan" })).toMatchObject({
    name: "Big pan",
    prices: [eur(6000), dollars],
  });
});

test("five hundred products are stored in one call, page by page read, and one by one removed", async () => {
  const products = Array.from({ length: 500 }, (_each, at) => {
    return { sku: `zz-${String(at).padStart(3, "0")}`, name: `P ${at}`, prices: [eur(100 + at)] };
  });
  expect(await put("/products", { products })).toEqual({ http: 200, stored: 500 });
  expect(await put("/products", { products })).toEqual({ http: 200, stored: 500 });

  const skus: string[] = [];
  for (let after: unknown = "zz"; typeof after === "string"; ) {
    const page = await get(`/products?after=${after}&limit=200`);
    skus.push(...(page.products as { sku: string }[]).map(({ sku }) => sku));
    after = page.next;
  }
  expect(skus).toEqual(products.map(({ sku }) => sku));

  expect(await call("DELETE", "/ops/catalogue/products/zz-000")).toEqual({
    ...{ http: 200, sku: "zz-000" },
  });
  expect(await call("DELETE", "/ops/catalogue/products/zz-000")).toMatchObject({
    code: "not_found",
  });
  expect(await get("/products/zz-000")).toMatchObject({ code: "not_found" });
  expect(await quoted("zz-000")).toBe("unknown_sku");
});

test.each([
  ["a negative price", { prices: [eur(-1)] }],
  ["half a cent", { prices: [eur(0.5)] }],
  ["a currency that is none", { prices: [{ currency: "XQQ", amountMinor: 100 }] }],
  ["a currency that was withdrawn", { prices: [{ currency: "HRK", amountMinor: 100 }] }],
  [
    "a window that ends before it begins",
    {
      prices: [eur(1, { validFrom: "2027-02-01T00:00:00Z", validUntil: "2027-01-01T00:00:00Z" })],
    },
  ],
  ["two prices from the same moment on", { prices: [eur(1), eur(2)] }],
  ["an unknown member", { colour: "red" }],
  ["no name", { name: "" }],
])("a product with %s is refused, and nothing of its call is stored", async (_kind, more) => {
  const products = [
    { sku: "good", name: "Good" },
    { sku: "wrong", name: "Wrong", ...more },
  ];
  expect(await put("/products", { products })).toMatchObject({
    http: 400,
    code: "invalid_request",
  });
  expect(await get("/products/good")).toMatchObject({ code: "not_found" });
});

test("a call with one SKU twice is refused: which of them should hold?", async () => {
  const twin = { sku: "twin", name: "Twin" };
  expect(await put("/products", { products: [twin, twin] })).toMatchObject({ http: 400 });
});

test("a promotion is a new version with every change, and none without", async () => {
  const terms = {
    ...{ name: "Kettle week", code: "kettle20", rule: { kind: "percentage", ppm: 200_000 } },
    ...{ exclusive: false, rank: 5 },
  };
  const first = { promotionId: "kettle-week", version: 1, ...terms, code: "KETTLE20" };

  expect(await put("/promotions/kettle-week", terms)).toEqual({ http: 200, ...first });
  expect(await put("/promotions/kettle-week", terms)).toEqual({ http: 200, ...first });
  expect(await quoted("kettle", { promotionCodes: ["KETTLE20"] })).toMatchObject({
    discounts: [{ code: "KETTLE20", amount: eur(798) }],
  });
  const timed = { ...terms, endsAt: "2030-01-01T00:00", usesMax: 10 };
  expect(await put("/promotions/kettle-week", timed)).toMatchObject({ version: 2, usesMax: 10 });
  expect(await put("/promotions/kettle-week", terms)).toEqual({ http: 200, ...first, version: 3 });
  expect(await get("/promotions/kettle-week")).toMatchObject({ version: 3 });
  expect((await get("/promotions")).promotions).toContainEqual({ ...first, version: 3 });
  expect(await get("/promotions/no-such")).toMatchObject({ code: "not_found" });
});

test("a promotion in a currency that was withdrawn is refused, and says what took its place", async () => {
  const steps = [{ from: { EUR: 5000, BGN: 9800 }, off: { ppm: 100_000 } }];
  const terms = { name: "Leva", rule: { kind: "threshold", steps }, exclusive: false, rank: 1 };
  expect(await put("/promotions/leva", terms)).toMatchObject({
    ...{ http: 400, code: "invalid_request" },
    issues: ["BGN was withdrawn, its last day was 2026-01-31; use EUR"],
  });
});

/** Source: IANA's rules for Europe/Berlin: 02:00 to 03:00 twice on 2026-10-25, left out on 2027-03-28. */
test("a price's window takes an offset or the time on the shop's wall, and is read in UTC", async () => {
  const night = { validFrom: "2026-10-25T02:30", validUntil: "2026-10-25T02:30+01:00" };
  const spring = { validFrom: "2027-03-28T02:30", validUntil: "2027-04-01T00:00:00Z" };
  const prices = [eur(1000, night), eur(900, spring)];
  expect(await put("/products/clock", { name: "Clock", prices })).toMatchObject({
    http: 200,
    prices: [
      eur(1000, { validFrom: "2026-10-25T00:30:00.000Z", validUntil: "2026-10-25T01:30:00.000Z" }),
      eur(900, { validFrom: "2027-03-28T01:00:00.000Z", validUntil: "2027-04-01T00:00:00.000Z" }),
    ],
  });
  const twice = [
    eur(1, { validFrom: "2027-01-01T00:00" }),
    eur(2, { validFrom: "2026-12-31T23:00:00Z" }),
  ];
  for (const wrong of [
    twice,
    [eur(1, { validFrom: "2027-01-01T00:00", validUntil: "2026-12-31T22:00:00Z" })],
    [eur(1, { validFrom: "2027-02-30T00:00" })],
  ]) {
    expect(await put("/products/clock", { name: "Clock", prices: wrong })).toMatchObject({
      ...{ http: 400, code: "invalid_request" },
    });
  }
});

test("a promotion takes an offset, keeps the moment, and can be ended", async () => {
  const terms = {
    ...{ name: "Night", rule: { kind: "percentage", ppm: 100_000 }, exclusive: false, rank: 9 },
    ...{ code: "NIGHT", startsAt: "2026-10-25T02:30+01:00", endsAt: "2090-01-01T00:00" },
  };
  const first = { ...terms, startsAt: "2026-10-25T01:30:00.000Z", version: 1 };
  expect(await put("/promotions/night", terms)).toMatchObject({ http: 200, ...first });
  expect(await put("/promotions/night", terms)).toMatchObject({ http: 200, ...first });
  const mixed = { ...terms, endsAt: "2090-01-01T00:00+01:00" };
  expect(await put("/promotions/night", mixed)).toMatchObject({
    ...{ version: 2, endsAt: "2089-12-31T23:00:00.000Z" },
  });
  for (const endsAt of ["2026-10-25T02:30", "2026-10-25T01:30:00Z", "2026-13-01T00:00"]) {
    expect(await put("/promotions/night", { ...terms, endsAt })).toMatchObject({ http: 400 });
  }
  const ended = await call("POST", "/ops/catalogue/promotions/night/end");
  expect(ended).toMatchObject({ http: 200, version: 3, endsAt: expect.stringMatching(/T..:..$/) });
  expect(await call("POST", "/ops/catalogue/promotions/night/end")).toEqual(ended);
});

const teaWeek = {
  ...{ name: "Tea week", code: "TEA2", rule: { kind: "percentage", ppm: 500_000 } },
  ...{ exclusive: false, rank: 1, usesMax: 2 },
};

async function withTea() {
  const lines = [{ sku: "teapot", quantity: 1 }];
  const buyer = { currency: "EUR", country: "DE", customer: { email: "ada@example.com" } };
  const body = { lines, ...buyer, promotionCodes: ["TEA2"] };
  return call("POST", "/checkouts", body, shopKeys.publishable);
}

test("a promotion that is ended is over at once for new quotes, and running sales keep its price", async () => {
  await put("/products/teapot", { name: "Teapot", prices: [eur(4000)] });
  await call("POST", "/ops/stock", {
    ...{ region: "eu", sku: "teapot", quantity: 9, movementId: "teapots" },
  });
  await put("/promotions/tea", teaWeek);
  const uses = () => promotionStub(env, ShopId.parse("demo"), PromotionId.parse("tea")).taken();
  const paying = await withTea();
  const leaving = await withTea();
  expect(await uses()).toBe(2);

  const ended = await call("POST", "/ops/catalogue/promotions/tea/end");
  expect(ended).toMatchObject({ http: 200, promotionId: "tea", version: 2 });
  expect(ended.endsAt).toMatch(/^20..-..-..T..:..$/);
  expect(await call("POST", "/ops/catalogue/promotions/tea/end")).toEqual(ended);
  vi.setSystemTime(Date.now() + 6 * 60_000); // no isolate remembers the catalogue for so long
  expect(await withTea()).toMatchObject({ code: "promotion_not_active", codes: ["TEA2"] });

  const { checkoutId, quote } = paying as unknown as { checkoutId: string; quote: Quote };
  expect(quote.discount).toEqual(eur(2000));
  const payment = { method: "card", tokens: { stripe: "pm_visa" } };
  const body = { payment, expectedTotal: quote.total };
  const path = `/checkouts/${checkoutId}/pay`;
  expect(await call("POST", path, body, shopKeys.secret)).toMatchObject({ http: 200, quote });
  const gone = `/checkouts/${leaving.checkoutId}/cancel`;
  const left = await call("POST", gone, {}, shopKeys.secret);
  expect(left).toMatchObject({ http: 200, status: "cancelled" });
  await eventually(uses, (taken) => taken === 1, { withinMs: 10_000, gapMs: 20 });

  // Begun again, it goes on counting where it stood.
  expect(await put("/promotions/tea", teaWeek)).toMatchObject({ version: 3 });
  vi.setSystemTime(Date.now() + 6 * 60_000);
  expect(await withTea()).toMatchObject({ http: 201 });
  expect(await withTea()).toMatchObject({ code: "promotion_exhausted" });
});

test("a promotion that has not begun can be ended, and one that is not there cannot", async () => {
  const terms = { ...teaWeek, code: "NEVER", startsAt: "2090-01-01T00:00" };
  await put("/promotions/never", terms);
  const ended = await call("POST", "/ops/catalogue/promotions/never/end");
  expect(ended).toMatchObject({ http: 200, version: 2 });
  expect(ended).not.toHaveProperty("startsAt");
  expect(await quoted("teapot", { promotionCodes: ["NEVER"] })).toBe("promotion_not_active");
  expect(await call("POST", "/ops/catalogue/promotions/no-such/end")).toMatchObject({ http: 404 });
});

test("a code belongs to one promotion", async () => {
  const terms = {
    ...{ name: "Other", code: "WELCOME10", rule: { kind: "percentage", ppm: 1000 } },
    ...{ exclusive: false, rank: 5 },
  };
  expect(await put("/promotions/other", terms)).toMatchObject({
    ...{ http: 409, code: "promotion_code_taken", codes: ["WELCOME10"], by: "welcome-10" },
  });
  expect(await get("/promotions/other")).toMatchObject({ code: "not_found" });
  const { code: _code, ...automatic } = { ...terms, flag: "never" };
  expect(await put("/promotions/other", automatic)).toMatchObject({ version: 1 });
  expect(await put("/promotions/other", terms)).toMatchObject({ code: "promotion_code_taken" });
  expect(await get("/promotions/other")).not.toHaveProperty("code");
});

test("shipping is what the tables of a country's zone say", async () => {
  const step = (upToGrams: number, amountMinor: number) => {
    return { option: "alpine", name: "Over the Alps", upToGrams, amountMinor, rank: 1 };
  };
  const rates = [step(500, 700), step(5000, 1400)];
  expect(await put("/shipping-zones/CH", { zone: "alps" })).toEqual({
    ...{ http: 200, country: "CH", zone: "alps" },
  });
  expect(await put("/shipping-rates/alps/EUR", { rates })).toEqual({ http: 200, rates });
  expect((await get("/shipping-zones")).zones).toContainEqual({ country: "CH", zone: "alps" });

  expect(await quoted("kettle", { country: "CH" })).toMatchObject({
    shipping: { option: "alpine", amount: eur(1400) },
  });
  expect(await put("/shipping-rates/alps/EUR", { rates: [step(5000, 900)] })).toMatchObject({
    rates: [{ amountMinor: 900 }],
  });
  expect(await put("/shipping-rates/alps/EUR", { rates: [step(1, 1), step(1, 2)] })).toMatchObject({
    code: "invalid_request",
  });
  expect(await put("/shipping-rates/alps/XQQ", { rates })).toMatchObject({
    code: "invalid_request",
  });
});

test("a storefront reads the shelf page by page; what has no price in the currency is passed over", async () => {
  const priced = (at: number) => (at % 3 === 0 ? { currency: "USD", amountMinor: 1 } : eur(100));
  const products = Array.from({ length: 50 }, (_each, at) => {
    return { sku: `zy-${String(at).padStart(2, "0")}`, name: `P ${at}`, prices: [priced(at)] };
  });
  await put("/products", { products });
  const inEuros = products.filter(({ prices }) => prices[0]?.currency === "EUR");

  const shelf = (more: string) =>
    call("GET", `/products?currency=EUR&country=DE${more}`, undefined, shopKeys.publishable);
  const pages: string[][] = [];
  for (let cursor: unknown = "zy"; typeof cursor === "string"; ) {
    const page = await shelf(`&limit=10&cursor=${cursor}`);
    expect(page).toMatchObject({ http: 200, region: "eu", shippingOptions: [{}, {}] });
    pages.push((page.products as { sku: string }[]).map(({ sku }) => sku));
    cursor = page.next;
  }
  const found = pages.flat().filter((sku) => sku.startsWith("zy-"));
  expect(found).toEqual(inEuros.map(({ sku }) => sku));
  expect(pages[0]).toHaveLength(10);
  expect(await shelf("&limit=0")).toMatchObject({ code: "invalid_request" });
  expect(await shelf("&cursor=%09")).toMatchObject({ code: "invalid_request" });
  expect(await shelf("&cursor=zzzz")).toMatchObject({ http: 200, products: [] });
});

test("only an operator changes the catalogue", async () => {
  const path = "/ops/catalogue/products/kettle";
  expect(await call("PUT", path, kettle, shopKeys.secret)).toMatchObject({ http: 403 });
  expect(await call("GET", path, undefined, shopKeys.publishable)).toMatchObject({ http: 403 });
});

test("a price that some provider can take is stored; one that none ever could says why not", async () => {
  const priced = (currency: string, amountMinor: number) =>
    put("/products/villa", { name: "Villa", prices: [{ currency, amountMinor }] });

  expect(await priced("IDR", 150_000_000)).toMatchObject({ http: 200 });
  expect(await priced("ISK", 1_500_000)).toMatchObject({ http: 200 });
  expect(await priced("ISK", 10_000_000_000)).toMatchObject({
    ...{ http: 400, code: "invalid_request" },
    issues: ["villa: no provider charges more than 9999999999 minor units of ISK"],
  });
  expect(await priced("MGA", 250_050)).toMatchObject({
    issues: ["villa: no provider counts MGA in less than 100 minor units"],
  });
  expect(await priced("KPW", 1000)).toMatchObject({ issues: ["villa: no provider takes KPW"] });
  const rate = { option: "standard", name: "Standard", upToGrams: 1000, rank: 1 };
  expect(
    await put("/shipping-rates/is/ISK", { rates: [{ ...rate, amountMinor: 10_000_000_000 }] }),
  ).toMatchObject({
    issues: ["standard: no provider charges more than 9999999999 minor units of ISK"],
  });
});
