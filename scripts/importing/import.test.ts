import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CatalogueProduct } from "../../schema/catalogue.ts";
import { csvRows } from "./import-csv.ts";
import { bar, Progress } from "./import-progress.ts";
import { productsInCsv, productsInJson } from "./import-rows.ts";
import { batchesOf, sendAll } from "./import-send.ts";

const folder = await mkdtemp(join(tmpdir(), "tender-import-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a row that is no CSV costs itself alone", () => {
  const text = '\uFEFFa,b\r\n"x ""y""","two\nlines"\nbro"ken,1\n\nlast,\n';
  expect([...csvRows(text)]).toEqual([
    { line: 1, fields: ["a", "b"] },
    { line: 2, fields: ['x "y"', "two\nlines"] },
    { line: 4, wrong: "a quote is out of place" },
    { line: 6, fields: ["last", ""] },
  ]);
});

test("a quote that is never closed does not swallow the rows after it", () => {
  expect([...csvRows('a\n"open\nb\nc')]).toEqual([
    { line: 1, fields: ["a"] },
    { line: 2, wrong: "a quote is out of place" },
    { line: 3, fields: ["b"] },
    { line: 4, fields: ["c"] },
  ]);
});

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
      "bad sku,Pan,,EUR,100,",
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
  expect(bad.map(({ line, sku }) => [line, sku])).toEqual([
    ...[
      [12, ""],
      [5, "mug"],
      [6, "mug"],
      [7, "mug"],
    ],
    ...[
      [9, "bad sku"],
      [10, "pot"],
      [11, "lid"],
    ],
  ]);
  expect(bad.every(({ reason }) => reason.length > 5)).toBe(true);
});

test("a head that names other columns is no head", () => {
  expect(() => productsInCsv("sku,title\nmug,Mug")).toThrow("The first line names the columns");
  expect(() => productsInCsv("")).toThrow("The first line names the columns");
});

test("of a JSON every good entry is taken", () => {
  const mug = { sku: "mug", name: "Mug", prices: [{ currency: "EUR", amountMinor: 1 }] };
  const text = JSON.stringify({ products: [mug, { sku: "x" }, 7, { ...mug, name: "Again" }] });
  const { good, bad } = productsInJson(text);
  expect(good.map(({ product }) => product.name)).toEqual(["Mug"]);
  expect(bad).toMatchObject([
    { line: 2, sku: "x" },
    { line: 3, sku: "" },
    { line: 4, sku: "mug", reason: "sku: an earlier entry has it" },
  ]);
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

const refused = () => Response.json({ code: "card_data_refused" }, { status: 400 });

test("one product that the API refuses costs no other", async () => {
  const shop = api((skus) => (skus.includes("sku-77") ? refused() : Response.json({})));
  const bad: object[] = [];
  const batches = batchesOf(products(600));
  await sendAll(
    shop.target,
    { batches, first: 0 },
    { done: (_at, more) => void bad.push(...more) },
  );

  expect(bad).toEqual([{ line: 79, sku: "sku-77", reason: "card_data_refused" }]);
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
  const bad = [{ line: 3, sku: "x", reason: "y" }];
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
