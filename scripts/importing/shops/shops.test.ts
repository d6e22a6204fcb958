import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { productsInCsv } from "../import-rows.ts";
import { readyMappings } from "../mappings.ts";
import type { ImportTerms } from "../product-row.ts";

const exported = (name: string) => readFile(join(import.meta.dirname, "../testing", name), "utf8");

async function read(file: string, map: string, terms: ImportTerms) {
  const { good, bad, found } = productsInCsv(await exported(file), readyMappings[map], terms);
  const products = good.map(({ product: { sku, name, weightGrams, prices } }) => {
    const costs = prices.map(({ amountMinor, currency, validFrom, validUntil }) =>
      [amountMinor, currency, validFrom && `from ${validFrom}`, validUntil && `until ${validUntil}`]
        .filter(Boolean)
        .join(" "),
    );
    return [sku, name, weightGrams, ...costs];
  });
  const refused = bad.map(({ line, column, reason }) => `${line} ${column}: ${reason}`);
  return { products, refused, found };
}

// Heads as in https://github.com/shopifypartners/product-csvs, with Status as exports have it since 2020.
test("Shopify's variants are SKUs, with their options in the name", async () => {
  const { products, refused, found } = await read("shopify-products.csv", "shopify", {
    currency: "EUR",
  });
  expect(products).toEqual([
    ["RH-BLUE-M", "River Hoodie - Blue / M", 454, "5500 EUR"],
    ["RH-BLUE-L", "River Hoodie - Blue / L", 480, "5750 EUR"],
    ["0012", "Mug", 350, "1299 EUR"],
  ]);
  expect(refused).toEqual(["8 Variant SKU: the SKU is missing"]);
  expect(found).toContain("rows passed over: pictures 1, not offered 1");
});

// Heads as in https://help.shopify.com/cdn/shopifycloud/product-knowledge/production/csv/product_template.csv
test("Shopify's heads since 2025 are read as those before", async () => {
  const { products, refused } = await read("shopify-products-2025.csv", "shopify", {
    currency: "USD",
  });
  expect(products).toEqual([
    ["BOOT-41", "Boots - 41", 1251, "12900 USD"],
    ["BOOT-42", "Boots - 42", 1280, "12900 USD"],
  ]);
  expect(refused).toEqual([]);
});

// Heads as in https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/export/class-wc-product-csv-exporter.php
test("WooCommerce's variations are SKUs that have of their parent what they lack", async () => {
  const { products, refused, found } = await read("woocommerce-products.csv", "woocommerce", {
    ...{ currency: "EUR", timeZone: "Europe/Berlin" },
  });
  expect(products).toEqual([
    ["tee-red-l", "V-Neck T-Shirt - Red, L", 250, "2000 EUR"],
    [
      ...["tee-blue-m", "V-Neck T-Shirt - Blue / M", 300, "120050 EUR"],
      "1495 EUR from 2026-11-26T23:00:00Z until 2026-11-30T22:59:59Z",
    ],
    ["novel", "Novel", 400, "999 EUR"],
    [
      ...["album", "Album", 0, "1200 EUR until 2027-01-01T23:00:00Z"],
      "1500 EUR from 2027-01-01T23:00:00Z",
    ],
  ]);
  expect(refused).toEqual(["9 SKU: the SKU is missing"]);
  expect(found).toContain(
    "rows passed over: sold as their variations 1, grouped or sold elsewhere 1, not offered 1",
  );
});

test("WooCommerce's classes of tax are ours by name", async () => {
  const { good } = productsInCsv(
    await exported("woocommerce-products.csv"),
    readyMappings.woocommerce,
    { currency: "EUR", timeZone: "Europe/Berlin" },
  );
  const classes = good.map(({ product: { sku, taxClass } }) => [sku, taxClass]);
  expect(classes).toContainEqual(["novel", "reduced"]);
  expect(classes).toContainEqual(["tee-red-l", "standard"]);
});

// Attributes as in https://support.google.com/merchants/answer/7052112
test("Google Merchant's prices have their currency, and a sale its time", async () => {
  const { products, refused } = await read("google-merchant.tsv", "google-merchant", {});
  expect(products).toEqual([
    ["MON-24", 'Monitor 24" wide', 3200, "18900 EUR"],
    [
      ...["TEE-R-L", "Tee - Red / L", 227, "1999 EUR"],
      "1499 EUR from 2026-11-26T23:00:00Z until 2026-11-30T22:59:00Z",
    ],
    ["TEE-B-L", "Tee blue - L", 250, "119999 USD"],
  ]);
  expect(refused).toEqual(['5 price: "12.99 JPY": JPY has no decimals']);
});

test.each([
  ["shopify", "Title and Variant SKU"],
  ["woocommerce", "Type, SKU and Regular price"],
  ["google-merchant", "id, title and price"],
])("a file that is not %s's is refused as a whole", (map, wanted) => {
  expect(() => productsInCsv("sku,name\na,b", readyMappings[map])).toThrow(wanted);
});
