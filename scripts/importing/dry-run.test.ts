import { expect, test } from "vitest";
import { CatalogueProduct } from "../../schema/catalogue.ts";
import { dryRun } from "./dry-run.ts";
import { storedProducts } from "./stored-products.ts";

const product = (sku: string, more: object = {}) =>
  CatalogueProduct.parse({ sku, name: sku.toUpperCase(), ...more });
const eur = (amountMinor: number) => ({ prices: [{ currency: "EUR", amountMinor }] });

test("a dry run tells what is new, changed, unchanged and refused", () => {
  const stored = [
    product("mug", { prices: [...eur(1299).prices, { currency: "USD", amountMinor: 1399 }] }),
    product("pan", { weightGrams: 900, ...eur(100) }),
  ];
  const good = [
    { product: product("mug", eur(1299)), lines: [2] },
    { product: product("pan", { weightGrams: 950, ...eur(200) }), lines: [3] },
    { product: product("pot", { weightGrams: 5, ...eur(1) }), lines: [4] },
  ];
  const bad = [{ line: 5, column: "price", sku: "lid", reason: "no" }];
  const told = dryRun(good, bad, new Map(stored.map((each) => [each.sku, each])));
  expect(told.split("\n").map((line) => line.split(/\s{2,}/))).toEqual([
    ["", "line", "SKU", "column", "from", "to"],
    expect.anything(),
    ["refused", "5", "lid", "price", "no"],
    ["changed", "3", "pan", "weightGrams", "900", "950"],
    ["changed", "3", "pan", "price", "1.00 EUR", "2.00 EUR"],
    ["new", "4", "pot", "POT, standard, 5 g, 0.01 EUR"],
    ["new 1, changed 1, unchanged 1, refused 1. Nothing was sent."],
  ]);
});

/** A catalogue of these SKUs, two to a page. */
function catalogue(...skus: readonly string[]) {
  const asked: string[] = [];
  const fetch = async (...[input, init]: Parameters<typeof globalThis.fetch>) => {
    const { pathname, searchParams } = new URL(String(input));
    asked.push(`${init?.method ?? "GET"} ${pathname.split("/products")[1]}`);
    const one = decodeURIComponent(pathname.split("/products/")[1] ?? "");
    if (one !== "") {
      return skus.includes(one) ? Response.json(product(one)) : new Response("", { status: 404 });
    }
    const page = skus.filter((sku) => sku > (searchParams.get("after") ?? "")).slice(0, 2);
    const next = page.at(-1) === skus.at(-1) ? undefined : page.at(-1);
    return Response.json({ products: page.map((sku) => product(sku)), next });
  };
  return { target: { url: "http://api.test", key: "op_x", fetch }, asked };
}

test("of few SKUs each is asked for", async () => {
  const { target, asked } = catalogue("a", "m");
  const found = await storedProducts(target, [product("m").sku, product("x").sku]);
  expect([...found.keys()]).toEqual(["m"]);
  expect(asked).toEqual(["GET /m", "GET /x"]);
});

test("many SKUs are read in pages", async () => {
  const { target, asked } = catalogue("a", "b", "c", "x-0", "x-1", "z");
  const skus = Array.from({ length: 101 }, (_each, at) => product(`x-${at}`).sku);
  expect([...(await storedProducts(target, skus)).keys()]).toEqual(["x-0", "x-1"]);
  expect(asked).toEqual(["GET ", "GET ", "GET "]);
});

test("a catalogue that is not shown ends the dry run", async () => {
  const fetch = async () => new Response("no", { status: 403 });
  const target = { url: "http://api.test", key: "op_x", fetch };
  await expect(storedProducts(target, [product("a").sku])).rejects.toThrow("403");
});
