import { readFile } from "node:fs/promises";
import * as z from "zod";
import { ownColumns, type Renaming } from "./own-columns.ts";
import type { ImportTerms, Mapping } from "./product-row.ts";
import { googleMerchant } from "./shops/google-merchant.ts";
import { shopify } from "./shops/shopify.ts";
import { woocommerce } from "./shops/woocommerce.ts";

/** Reads a file's rows, and what is true of all such files. */
export type FileMapping = { readonly rows: Mapping; readonly terms: ImportTerms };

export const readyMappings: Readonly<Record<string, FileMapping>> = {
  shopify: { rows: shopify, terms: { decimal: "point" } },
  // Its exports have the shop's own decimal sign and none between thousands, so one stands for decimals.
  woocommerce: { rows: woocommerce, terms: {} },
  "google-merchant": { rows: googleMerchant, terms: { decimal: "point" } },
};

export const ownMapping: FileMapping = { rows: ownColumns(), terms: {} };

/**
 * What `--map` says: a ready mapping's name, pairs (`sku=Variant SKU,price:EUR=Price`), or a JSON file
 * of such pairs.
 *
 * Throws: for what is none of them.
 */
export async function mappingFrom(told: string | undefined): Promise<FileMapping> {
  if (told === undefined) return ownMapping;
  const ready = readyMappings[told.toLowerCase()];
  if (ready) return ready;
  if (told.includes("=")) return { rows: ownColumns(pairsIn(told)), terms: {} };
  if (told.endsWith(".json")) return { rows: ownColumns(await renamingIn(told)), terms: {} };
  const names = Object.keys(readyMappings).join(", ");
  throw new Error(
    `--map is one of ${names}, pairs such as sku=Variant SKU,name=Title, or a JSON file.`,
  );
}

function pairsIn(told: string): Renaming {
  const pairs = told.split(",").map((pair) => {
    const at = pair.indexOf("=");
    if (at === -1) throw new Error(`--map: "${pair}" is no pair such as sku=Variant SKU.`);
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

async function renamingIn(path: string): Promise<Renaming> {
  const Pairs = z.record(z.string(), z.string());
  const read = Pairs.safeParse(JSON.parse(await readFile(path, "utf8")));
  if (!read.success) throw new Error(`${path} is no object such as {"sku": "Variant SKU"}.`);
  return read.data;
}
