import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "../../scripts/machine/platform.ts";
import { LOCAL_OPERATOR_KEY } from "../audit/read-dumps.ts";
import { cartOf } from "../clients/storefront.ts";
import { openShop } from "./open-shop.ts";

const SKUS = 50_000;

const shop = await openShop();
const folder = await mkdtemp(join(tmpdir(), "tender-import-story-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `npm run import` as a merchant does. */
function imports(
  file: string,
  ...more: readonly string[]
): Promise<{ code: number; shown: string }> {
  const script = [join(root, "scripts/import.ts"), file, "--url", shop.url, ...more];
  return new Promise((resolve) => {
    execFile(process.execPath, script, { maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : 0;
      resolve({ code, shown: `${stderr}${stdout}` });
    });
  });
}

const read = async (sku: string) =>
  (
    await shop.storefront.send("GET", `/v1/ops/catalogue/products/${sku}`, {
      apiKey: LOCAL_OPERATOR_KEY,
    })
  ).body as object;

test("fifty thousand products are imported; the bad rows are told, and cost no other", async () => {
  const rows = Array.from({ length: SKUS }, (_each, at) => {
    return `big-${at},Product ${at},${100 + (at % 900)},EUR,${1000 + at}`;
  });
  rows[10] = "big-10,Product 10,100,EUR,not a price";
  rows[20_000] = "..,Product,100,EUR,100";
  rows[30_000] = 'big-30000,"Product,100,EUR,100';
  // A card number is refused wherever it stands, and the API is who says so.
  rows[40_000] = "4111111111111111,Product,100,EUR,100";
  const file = join(folder, "big.csv");
  await writeFile(file, `sku,name,weightGrams,currency,amountMinor\n${rows.join("\n")}\n`);

  const { code, shown } = await imports(file);

  expect(shown).toContain("49,997 of 49,997 products");
  expect(shown).toContain("Not stored: 4, each with its reason in");
  expect(code).toBe(1);
  const report = (await readFile(`${file}.rejected.csv`, "utf8")).trim().split("\n");
  expect(report.map((line) => line.split(",")[0])).toEqual([
    "line",
    "12",
    "20002",
    "30002",
    "40002",
  ]);
  expect(report[4]).toContain("card_data_refused");
  expect(await read("big-9")).toMatchObject({ prices: [{ currency: "EUR", amountMinor: 1009 }] });
  expect(await read("big-49999")).toMatchObject({ name: "Product 49999", weightGrams: 599 });
  expect(await read("big-10")).toMatchObject({ code: "not_found" });
  let count = 0;
  for (let after: string | undefined = "big"; after !== undefined; ) {
    const path = `/v1/ops/catalogue/products?after=${after}&limit=500`;
    const { body } = await shop.storefront.send("GET", path, { apiKey: LOCAL_OPERATOR_KEY });
    const page = body as { products: { sku: string }[]; next?: string };
    count += page.products.filter(({ sku }) => sku.startsWith("big-")).length;
    after = page.products.at(-1)?.sku.startsWith("big-") ? page.next : undefined;
  }
  expect(count).toBe(SKUS - 4);
}, 240_000); // as many rows as a shop may have, whatever else the machine does

test("an import that is run again changes nothing, and a small one is sold at once", async () => {
  const file = join(folder, "small.json");
  const prices = [{ currency: "EUR", amountMinor: 2500 }];
  await writeFile(
    file,
    JSON.stringify([{ sku: "teapot", name: "Teapot", weightGrams: 800, prices }]),
  );

  for (const _run of [1, 2]) {
    expect(await imports(file)).toMatchObject({
      ...{ code: 0, shown: expect.stringContaining("Every row is stored.") },
    });
  }
  await shop.receive("teapot", 3, "first-pots");
  const { status, body } = await shop.storefront.create(cartOf("teapot"));
  expect(status).toBe(201);
  expect(body.quote).toMatchObject({ subtotal: { amountMinor: 2500, currency: "EUR" } });
});

test("a spreadsheet's semicolons, decimal commas and Windows-1252 are found out, tried, and stored", async () => {
  const file = join(folder, "Preisliste.csv");
  const rows = [
    "Artikel;Bezeichnung;Preis;Gewicht;Lager",
    "sessel-1;Sessel \u201EGro\u00DF\u201C;1.234,56;12,5;4",
    "hocker-1;Hocker;89,90;;",
    "tisch-1;Tisch;1.299;;",
    ";;;;",
  ];
  const bytes = rows.join("\r\n").replace("\u201E", "\u0084").replace("\u201C", "\u0093");
  await writeFile(file, bytes, "latin1");
  const map = ["--map", "sku=Artikel,name=Bezeichnung,price:EUR=Preis,weight:kg=Gewicht"];

  const dry = await imports(file, ...map, "--dry-run");
  expect(dry.code).toBe(1);
  expect(dry.shown).toContain("Windows-1252; separated by semicolons, 3 rows");
  expect(dry.shown).toContain("columns not read: Lager");
  expect(dry.shown).toMatch(/new +2 +sessel-1 +Sessel „Groß“, standard, 12500 g, 1234.56 EUR/);
  expect(dry.shown).toContain("new 2, changed 0, unchanged 0, refused 1. Nothing was sent.");
  expect(await read("sessel-1")).toMatchObject({ code: "not_found" });

  const stored = await imports(file, ...map);
  expect(stored.code).toBe(1);
  expect(stored.shown).toContain('line 4, column Preis, SKU tisch-1: "1.299": this may have');
  expect(await read("sessel-1")).toMatchObject({
    ...{ name: "Sessel „Groß“", weightGrams: 12_500 },
    prices: [{ currency: "EUR", amountMinor: 123_456 }],
  });

  await writeFile(file, bytes.replace("89,90", "79,90"), "latin1");
  const again = await imports(file, ...map, "--decimal", "comma", "--dry-run");
  expect(again.code).toBe(0);
  expect(again.shown).toMatch(/changed +3 +hocker-1 +price +89.90 EUR +79.90 EUR/);
  expect(again.shown).toContain("new 1, changed 1, unchanged 1, refused 0. Nothing was sent.");
  expect(await read("hocker-1")).toMatchObject({
    prices: [{ currency: "EUR", amountMinor: 8990 }],
  });
});

test("a shop's own export is stored by its ready mapping", async () => {
  const file = join(folder, "products_export_1.csv");
  await copyFile(join(root, "scripts/importing/testing/shopify-products.csv"), file);
  const report = join(folder, "shopify.rejected.csv");
  const { code, shown } = await imports(
    file,
    ...["--map", "shopify", "--currency", "EUR", "--report", report],
  );
  expect(code).toBe(1);
  expect(shown).toContain("line 8, column Variant SKU: the SKU is missing");
  expect(await readFile(report, "utf8")).toBe(
    'line,column,sku,reason\n8,"Variant SKU","","the SKU is missing"\n',
  );
  expect(await read("RH-BLUE-L")).toMatchObject({
    ...{ name: "River Hoodie - Blue / L", weightGrams: 480 },
    prices: [{ currency: "EUR", amountMinor: 5750 }],
  });
});

test("a file or a call that nobody understands stores nothing, and says what is wanted", async () => {
  const file = join(folder, "odd.csv");
  await writeFile(file, "sku;title\nx;y\n");

  expect(await imports(file)).toMatchObject({
    ...{ code: 2, shown: expect.stringContaining("The first line names the columns") },
  });
  expect(await imports(join(folder, "none.csv"))).toMatchObject({ code: 2 });
  expect(await imports(file, "--map", "magento")).toMatchObject({
    ...{ code: 2, shown: expect.stringContaining("--map is one of shopify") },
  });
});
