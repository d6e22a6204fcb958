import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CatalogueProduct } from "../../schema/catalogue.ts";
import { bar, Progress } from "./import-progress.ts";
import { productsInCsv, productsInJson } from "./import-rows.ts";
import { batchesOf, sendAll } from "./import-send.ts";
import { mappingFrom, readyMappings } from "./mappings.ts";
import { ownColumns } from "./own-columns.ts";

const folder = await mkdtemp(join(tmpdir(), "tender-import-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("rows of one SKU are one product, and a bad one of them is left out", () => {
  const { good, bad } = productsInCsv(
    [
      "sku,name,weightGrams,currency,amountMinor,validFrom",
      "mug,Mug,350,EUR,1299,",
      "mug,,,USD,1399,",
      "mug,,,EUR,999,2026-11-27T00:00:00Z",
      "mug,,,EUR,12.99,2027-01-01T00:00:00Z",
      "mug,Cup,,GBP,1099,",
      "mug,,,EUR,1,",
      "pan,Pan,,,,",
      "..,Pan,,EUR,100,",
      "pot,Pot,heavy,EUR,100,",
      "lid,,,EUR,100,",
      "few,fields",
    ].join("\n"),
  );
  expect(good).toEqual([
    {
      product: {
        ...{ sku: "mug", name: "Mug", taxClass: "standard", weightGrams: 350 },
        prices: [
          { currency: "EUR", amountMinor: 1299 },
          { currency: "USD", amountMinor: 1399 },
          { currency: "EUR", amountMinor: 999, validFrom: "2026-11-27T00:00:00Z" },
        ],
      },
      lines: [2, 3, 4],
    },
    {
      product: { sku: "pan", name: "Pan", taxClass: "standard", weightGrams: 0, prices: [] },
      lines: [8],
    },
  ]);
  const told = bad.map(({ line, column, sku, reason }) => `${line} ${column} ${sku}: ${reason}`);
  expect(told).toEqual([
    "12 weightGrams : 2 fields instead of 6",
    '5 amountMinor mug: "12.99": an amount in minor units (cents) is a whole number; 12.99 goes into a column price',
    "6 name mug: this is not what an earlier row of this SKU says",
    "7 amountMinor mug: two prices of one currency begin at the same time",
    expect.stringMatching(/^9 sku \.\.: "\.\.": a SKU is/),
    '10 weightGrams pot: "heavy": grams are a whole number; others go into a column weight:kg',
    "11 name lid: the name is missing",
  ]);
});

test("minor units are whole numbers: 12.00 and 1.000 are no 12 and 1 cents", () => {
  const rows = ["12.00", "1.000", "1e3", "-5", "1299", "1,299"].map((amount, at) => {
    return `sku-${at},Mug,EUR,"${amount}"`;
  });
  const { good, bad } = productsInCsv(`sku,name,currency,amountMinor\n${rows.join("\n")}`);
  expect(good.map(({ product }) => product.prices)).toEqual([
    [{ currency: "EUR", amountMinor: 1299 }],
  ]);
  expect(bad.map(({ line, column }) => [line, column])).toEqual(
    [2, 3, 4, 5, 7].map((line) => [line, "amountMinor"]),
  );
});

test("decimal prices stand in a column of their own, with the currency beside, above or within", () => {
  const { good, bad } = productsInCsv(
    [
      "SKU;Name;Weight:kg;PRICE;Currency;price:CHF;Price (kwd)",
      "a;A;1,250;12,99;eur;;",
      "b;B;;1.234,56;EUR;1'299.00;1.250",
      "c;C;;12,99 USD;;;",
      "d;D;;12.99;JPY;;",
      "e;E;;12,99;;;",
      "f;F;;12,99 USD;EUR;;",
      "g;G;;1.234;EUR;;",
      "h;H;;12,99;EUX;;",
      "i;I;;;EUR;;",
      "j;J;heavy;1;EUR;;",
    ].join("\n"),
  );
  expect(
    good.map(({ product: { sku, prices, weightGrams } }) => [sku, weightGrams, prices]),
  ).toEqual([
    ["a", 1250, [{ currency: "EUR", amountMinor: 1299 }]],
    [
      "b",
      0,
      [
        { currency: "EUR", amountMinor: 123456 },
        { currency: "CHF", amountMinor: 129900 },
        { currency: "KWD", amountMinor: 1250 },
      ],
    ],
    ["c", 0, [{ currency: "USD", amountMinor: 1299 }]],
  ]);
  expect(bad.map(({ line, column, reason }) => `${line} ${column}: ${reason}`)).toEqual([
    '5 PRICE: "12.99": JPY has no decimals',
    '6 PRICE: "12,99": of which currency? Add --currency EUR',
    '7 PRICE: "12,99 USD": Currency says EUR',
    '8 PRICE: "1.234": this may have three decimals or be 1234: write 1234.00, or add --decimal point|comma',
    '9 PRICE: "12,99": EUX is no currency of ISO 4217',
    "10 PRICE: the amount is missing",
    expect.stringMatching(/^11 Weight:kg: "heavy": this is no number/),
  ]);
});

test("heads in any case, columns and rows that are empty, and fields behind the last head are read", () => {
  const { good, bad, found } = productsInCsv(
    "\n,,,\nSku ,NAME,,amount_minor,currency\n,,,,\nmug,Mug,,1,EUR,,\n\npan,Pan,x,2,EUR,\npot,Pot,,3,EUR,y\n",
  );
  expect(good.map(({ product, lines }) => [product.sku, lines])).toEqual([
    ["mug", [5]],
    ["pan", [7]],
  ]);
  expect(bad).toEqual([{ line: 8, column: "6", sku: "", reason: "6 fields instead of 5" }]);
  expect(found).toEqual(["separated by commas, 3 rows", "column 3 has no name and is not read"]);
});

test("a character that cannot be read is never stored, and a column that is not read may have it", () => {
  const mapping = { rows: ownColumns({ name: "Title" }), terms: {} };
  const { good, bad } = productsInCsv(
    "sku,Title,Text\na,Tass\uFFFD,x\nb,Tas\u0081se,x\nc,Tasse,\uFFFD\n",
    mapping,
  );
  expect(good.map(({ product }) => product.sku)).toEqual(["c"]);
  expect(bad.map(({ line, column, sku }) => [line, column, sku])).toEqual([
    [2, "Title", "a"],
    [3, "Title", "b"],
  ]);
});

test("a mapping names heads of others; what it does not name is ours or is not read, and said", () => {
  const mapping = { rows: ownColumns({ sku: "Artikel", "price:EUR": "Preis" }), terms: {} };
  const read = productsInCsv("artikel;Name;PREIS;Farbe\nmug;Mug;12,99;rot", mapping);
  expect(read.good[0]?.product).toMatchObject({
    ...{ sku: "mug", name: "Mug", prices: [{ currency: "EUR", amountMinor: 1299 }] },
  });
  expect(read.found).toEqual(["separated by semicolons, 1 rows", "columns not read: Farbe"]);
  expect(() => productsInCsv("Nummer;Name;Preis\n1;a;2", mapping)).toThrow(
    '--map: the file has no column "Artikel"',
  );
});

test("--map is a ready mapping, pairs, or a file of pairs", async () => {
  expect(await mappingFrom("Shopify")).toBe(readyMappings.shopify);
  const file = join(folder, "mapping.json");
  await writeFile(file, JSON.stringify({ sku: "No, old", name: "Title" }));
  const { good } = productsInCsv('"No, old",Title\na,A', await mappingFrom(file));
  expect(good[0]?.product).toMatchObject({ sku: "a", name: "A" });
  const pairs = await mappingFrom("sku=Variant SKU, name=Title");
  expect(productsInCsv("Variant SKU,Title\na,A", pairs).good).toHaveLength(1);
  await expect(mappingFrom("magento")).rejects.toThrow("--map is one of shopify, woocommerce");
  await expect(mappingFrom("sku=a,b")).rejects.toThrow('"b" is no pair');
  const strange = await mappingFrom("skuu=a");
  expect(() => productsInCsv("a,b\n1,2", strange)).toThrow('"skuu" is none of sku');
});

test("times have an offset, or are those of a clock on the wall that is named", () => {
  const text = "sku,name,price:EUR,validFrom\na,A,1,2026-11-27T00:00+0100\nb,B,1,2026-07-27 9:30\n";
  const { bad } = productsInCsv(`${text}c,C,1,2026-02-30T00:00+01:00\n`);
  expect(bad).toMatchObject([
    { line: 3, column: "validFrom", sku: "b", reason: expect.stringContaining("--time-zone") },
    { line: 4, column: "validFrom", sku: "c" },
  ]);
  const { good } = productsInCsv(text, undefined, { timeZone: "Europe/Berlin" });
  expect(good.map(({ product }) => product.prices[0]?.validFrom)).toEqual([
    "2026-11-26T23:00:00Z",
    "2026-07-27T07:30:00Z",
  ]);
});

/** Source: IANA's rules: Berlin has 02:00 to 03:00 twice on 2026-10-25, and none on 2026-03-29; New York 01:00 to 02:00 twice on 2026-11-01. */
test.each([
  ["2026-10-25 2:30", "Europe/Berlin", "2026-10-25T00:30:00Z"],
  ["2026-10-25 2:30+01:00", "Europe/Berlin", "2026-10-25T01:30:00Z"],
  ["2026-03-29 02:30", "Europe/Berlin", "2026-03-29T01:00:00Z"],
  ["2026-11-01 01:30:20", "America/New_York", "2026-11-01T05:30:20Z"],
])("%s on the wall of %s is %s, as for windows over the API", (time, timeZone, moment) => {
  const text = `sku,name,price:EUR,validFrom\na,A,1,${time}\n`;
  const { good } = productsInCsv(text, undefined, { timeZone });
  expect(good[0]?.product.prices[0]?.validFrom).toBe(moment);
});

test("times of a JSON have an offset, or are those of a clock on the wall that is named", () => {
  const prices = [{ currency: "EUR", amountMinor: 1, validFrom: "2026-10-25T02:30" }];
  const text = JSON.stringify([{ sku: "mug", name: "Mug", prices }]);
  expect(productsInJson(text).bad).toMatchObject([
    { sku: "mug", column: "prices", reason: expect.stringContaining("--time-zone") },
  ]);
  const { good } = productsInJson(text, { timeZone: "Europe/Berlin" });
  expect(good[0]?.product.prices[0]?.validFrom).toBe("2026-10-25T00:30:00.000Z");
});

test("a price in a currency that was withdrawn is refused with what took its place", () => {
  const { bad } = productsInCsv("sku,name,price:HRK,price:XCG\na,A,75.30,1\n");
  expect(bad).toMatchObject([{ line: 2, reason: expect.stringContaining("use EUR") }]);
});

test("a head that names other columns is no head", () => {
  expect(() => productsInCsv("sku,title\nmug,Mug")).toThrow("The first line names the columns");
  expect(() => productsInCsv("sku,title\nmug,Mug")).toThrow('"title" is none of them');
  expect(() => productsInCsv("")).toThrow("The first line names the columns");
  expect(() => productsInCsv("sku,name,SKU\n")).toThrow('"SKU" twice, as columns 1 and 3');
});

test("of a JSON every good entry is taken", () => {
  const mug = { sku: "mug", name: "Mug", prices: [{ currency: "EUR", amountMinor: 1 }] };
  const text = JSON.stringify({ products: [mug, { sku: "x" }, 7, { ...mug, name: "Again" }] });
  const { good, bad } = productsInJson(text);
  expect(good.map(({ product }) => product.name)).toEqual(["Mug"]);
  expect(bad).toMatchObject([
    { line: 2, sku: "x" },
    { line: 3, sku: "" },
    { line: 4, sku: "mug", reason: "an earlier entry has this SKU" },
  ]);
  const torn = productsInJson(JSON.stringify([{ ...mug, name: "Tass\uFFFD" }]));
  expect(torn.bad).toMatchObject([{ line: 1, column: "name", sku: "mug" }]);
  expect(torn.good).toEqual([]);
});

const products = (count: number) =>
  Array.from({ length: count }, (_each, at) => ({
    product: CatalogueProduct.parse({ sku: `sku-${at}`, name: "P".repeat(100) }),
    lines: [at + 2],
  }));

test("a call has as many products as its body may hold", () => {
  const batches = batchesOf(products(2000));
  const sizes = batches.map((batch) => JSON.stringify(batch.map((each) => each.product)).length);
  expect(Math.max(...sizes)).toBeLessThan(64 * 1024);
  expect(batches.flat()).toHaveLength(2000);
  expect(batches.length).toBeLessThan(10);
  expect(batchesOf([])).toEqual([]);
});

/** An API that stores what it likes, and says no as it is told to. */
function api(answer: (skus: readonly string[], call: number) => Response | Promise<Response>) {
  const stored = new Set<string>();
  let calls = 0;
  const target = {
    ...{ url: "http://api.test", key: "op_x", pause: async () => undefined },
    fetch: async (...[, init]: Parameters<typeof fetch>) => {
      const body = JSON.parse(String(init?.body)) as { products: { sku: string }[] };
      const skus = body.products.map(({ sku }) => sku);
      const response = await answer(skus, ++calls);
      if (response.ok) for (const sku of skus) stored.add(sku);
      return response;
    },
  };
  return { target, stored, calls: () => calls };
}

const refused = () =>
  Response.json({ code: "card_data_refused", title: "No cards." }, { status: 400 });

test("one product that the API refuses costs no other", async () => {
  const shop = api((skus) => (skus.includes("sku-77") ? refused() : Response.json({})));
  const bad: object[] = [];
  const batches = batchesOf(products(600));
  await sendAll(
    shop.target,
    { batches, first: 0 },
    { done: (_at, more) => void bad.push(...more) },
  );

  expect(bad).toEqual([
    { line: 79, column: "", sku: "sku-77", reason: "No cards. (card_data_refused)" },
  ]);
  expect(shop.stored.size).toBe(599);
});

test("an API that stumbles is asked again; one that is away ends the import with what is stored", async () => {
  const batches = batchesOf(products(3000));
  const stumbling = api((_skus, call) =>
    call % 3 === 0 ? new Response("", { status: 503 }) : Response.json({}),
  );
  const none = { done: () => undefined };
  await sendAll(stumbling.target, { batches, first: 0 }, none);
  expect(stumbling.stored.size).toBe(3000);

  const away = api((_skus, call) =>
    call > 4 ? Promise.reject(new TypeError("fetch failed")) : Response.json({}),
  );
  let done = 0;
  const told = {
    done: (count: number) => {
      done = count;
    },
  };
  await expect(sendAll(away.target, { batches, first: 0 }, told)).rejects.toThrow("fetch failed");
  expect(done).toBe(4);

  const back = api(() => Response.json({}));
  await sendAll(back.target, { batches, first: done }, told);
  expect(new Set([...away.stored, ...back.stored]).size).toBe(3000);
  expect(back.calls()).toBe(batches.length - 4);
});

test("a key that is not an operator's ends the import at once", async () => {
  const shop = api(() => new Response("", { status: 403 }));
  const sending = sendAll(
    shop.target,
    { batches: batchesOf(products(1)), first: 0 },
    {
      done: () => undefined,
    },
  );
  await expect(sending).rejects.toThrow("not an operator's");
  expect(shop.calls()).toBe(1);
});

test("a broken-off import is remembered for the same file and place, until it is through", async () => {
  const file = join(folder, "products.csv");
  const bad = [{ line: 3, column: "", sku: "x", reason: "y" }];
  const first = await Progress.of(file, "text", "http://a");
  await first.keep(4, bad);

  expect(await Progress.of(file, "text", "http://a")).toMatchObject({ done: 4, bad });
  expect(await Progress.of(file, "other", "http://a")).toMatchObject({ done: 0, bad: [] });
  expect(await Progress.of(file, "text", "http://b")).toMatchObject({ done: 0, bad: [] });
  await first.finish();
  expect(await Progress.of(file, "text", "http://a")).toMatchObject({ done: 0, bad: [] });
});

test("the bar says how far it is", () => {
  expect(bar(12_000, 48_000, 3)).toMatch(/^█{7}─{23} 12,000 of 48,000 products, rows rejected: 3$/);
  expect(bar(0, 0, 0)).toMatch(/^█{30} 0 of 0/);
});
