import { expect, test } from "vitest";
import { CatalogueProduct } from "../../schema/catalogue.ts";
import { dryRun } from "./dry-run.ts";
import { productsInCsv } from "./import-rows.ts";
import { readyMappings } from "./mappings.ts";

const csv = (...lines: readonly string[]) => lines.join("\n");

test("what stands beside a price is read from columns of its own, whatever their case", () => {
  const { good, bad } = productsInCsv(
    csv(
      "SKU;Name;Manufacturer Name;manufacturer_address;manufacturerContact;Warnings;Tariff Code;origin country;price:EUR",
      "mug;Mug;Kilnworks;Stoke;safety@kilnworks.example;Hot.;6912.00 23;gb;12,99",
      "mug;;;;;;69120023;;",
      "pan;Pan;;;;;;;9,99",
    ),
  );
  expect(bad).toEqual([]);
  expect(good.map(({ product: { facts } }) => facts)).toEqual([
    {
      manufacturer: {
        ...{ name: "Kilnworks", postalAddress: "Stoke" },
        electronicAddress: "safety@kilnworks.example",
      },
      ...{ warnings: "Hot.", tariffCode: "69120023", originCountry: "GB" },
    },
    undefined,
  ]);
});

test("what is none of it is refused with its line and column", () => {
  const { good, bad } = productsInCsv(
    csv(
      "sku,name,responsibleName,responsibleAddress,responsibleContact,tariffCode,originCountry",
      "a,A,Tonwerk,,mail@tonwerk.example,,",
      "b,B,,,,6912,",
      "c,C,,,,,Germany",
      "d,D,,,,691200,DE",
      "d,,,,,691100,",
    ),
  );
  const told = bad.map(({ line, column, reason }) => `${line} ${column}: ${reason}`);
  expect(told).toEqual([
    "2 responsibleAddress: this is missing",
    '3 tariffCode: "6912": a tariff code has 6, 8 or 10 digits',
    expect.stringMatching(/^4 originCountry: "GERMANY": /),
    "6 tariffCode: this is not what an earlier row of this SKU says",
  ]);
  expect(good.map(({ product }) => product.sku)).toEqual(["d"]);
});

test("Shopify's heads for customs are read, of a variant or of its product", () => {
  const { good } = productsInCsv(
    csv(
      "Handle,Title,Option1 Value,Variant SKU,Variant Price,HS Code,COO,warnings",
      "hoodie,Hoodie,Blue,H-BLUE,55.00,610910,PT,Keep from fire.",
      "hoodie,,Red,H-RED,55.00,,,",
    ),
    readyMappings.shopify,
    { currency: "EUR" },
  );
  const facts = { tariffCode: "610910", originCountry: "PT", warnings: "Keep from fire." };
  expect(good.map(({ product }) => product.facts)).toEqual([facts, facts]);
});

test("other shops' exports are read with our columns beside theirs", () => {
  const woo = productsInCsv(
    csv(
      "Type,SKU,Name,Published,Regular price,Parent,tariffCode,originCountry",
      "variable,tee,Tee,1,,,610910,PT",
      "variation,tee-red,Tee - Red,1,20,tee,,",
    ),
    readyMappings.woocommerce,
    { currency: "EUR" },
  );
  expect(woo.good[0]?.product.facts).toEqual({ tariffCode: "610910", originCountry: "PT" });
  const google = productsInCsv(
    csv("id\ttitle\tprice\ttariff_code", "fan\tFan\t12.99 EUR\t8414590000"),
    readyMappings["google-merchant"],
  );
  expect(google.good[0]?.product.facts).toEqual({ tariffCode: "8414590000" });
});

test("a dry run shows which facts change, and passes over those that the file does not name", () => {
  const { good } = productsInCsv(csv("sku,name,tariffCode", "mug,Mug,69120025", "pan,Pan,"));
  const stored = [
    { sku: "mug", name: "Mug", facts: { tariffCode: "69120023", warnings: "Hot." } },
    { sku: "pan", name: "Pan", facts: { tariffCode: "732393" } },
  ].map((each) => CatalogueProduct.parse(each));
  const shown = dryRun(good, [], new Map(stored.map((each) => [each.sku, each])));
  expect(shown).toMatch(/changed +2 +mug +tariffCode +69120023 +69120025/);
  expect(shown).toContain("new 0, changed 1, unchanged 1, refused 0");
});
