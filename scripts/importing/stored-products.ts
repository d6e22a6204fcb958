import * as z from "zod";
import { CatalogueProduct } from "../../schema/catalogue.ts";
import type { Sku } from "../../schema/ids.ts";
import type { Target } from "./import-send.ts";

const PAGE = 500;
const FEW = 100; // sooner asked for one by one than found in a large catalogue
const Page = z.object({ products: z.array(CatalogueProduct), next: z.string().optional() });

/**
 * What the shop has of these SKUs: few are asked for, many are read page by page. Nothing is changed.
 *
 * Throws: when the API cannot be reached, or does not take the key.
 */
export async function storedProducts(
  target: Target,
  skus: readonly Sku[],
): Promise<ReadonlyMap<string, CatalogueProduct>> {
  if (skus.length <= FEW) {
    const each = await Promise.all(skus.map((sku) => storedProduct(target, sku)));
    return new Map(each.flatMap((product) => (product ? [[product.sku, product]] : [])));
  }
  const wanted = new Set<string>(skus);
  const stored = new Map<string, CatalogueProduct>();
  for (let after: string | undefined = ""; after !== undefined; ) {
    const query: string = after === "" ? "" : `&after=${encodeURIComponent(after)}`;
    const page: z.infer<typeof Page> = await pageOf(target, `limit=${PAGE}${query}`);
    for (const each of page.products) if (wanted.has(each.sku)) stored.set(each.sku, each);
    after = stored.size < wanted.size ? page.next : undefined;
  }
  return stored;
}

async function pageOf(target: Target, query: string): Promise<z.infer<typeof Page>> {
  return Page.parse(await answer(target, `?${query}`));
}

async function storedProduct(target: Target, sku: Sku): Promise<CatalogueProduct | undefined> {
  const found = await answer(target, `/${encodeURIComponent(sku)}`);
  return found === undefined ? undefined : CatalogueProduct.parse(found);
}

/** Undefined: there is none. */
async function answer({ url, key, fetch }: Target, path: string): Promise<unknown> {
  const headers = { Authorization: `Bearer ${key}` };
  const address = `${url}/v1/ops/catalogue/products${path}`;
  const response = await fetch(address, { headers }).catch((cause: unknown) => {
    throw new Error(`${url} cannot be reached.`, { cause });
  });
  const text = await response.text();
  if (response.status === 404) return undefined;
  if (response.status === 200) return JSON.parse(text);
  throw new Error(`${url} does not show its catalogue: ${response.status} ${text.slice(0, 200)}`);
}
