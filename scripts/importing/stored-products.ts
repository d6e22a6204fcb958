import * as z from "zod";
import { CatalogueProduct } from "../../schema/catalogue.ts";
import type { Sku } from "../../schema/ids.ts";
import type { Target } from "./import-send.ts";

const PAGE = 500;
const Page = z.object({ products: z.array(CatalogueProduct), next: z.string().optional() });

/**
 * What the shop has of these SKUs, read page by page until all are found; nothing is changed.
 *
 * Throws: when the API cannot be reached, or does not take the key.
 */
export async function storedProducts(
  target: Target,
  skus: readonly Sku[],
): Promise<ReadonlyMap<string, CatalogueProduct>> {
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

async function pageOf({ url, key, fetch }: Target, query: string): Promise<z.infer<typeof Page>> {
  const headers = { Authorization: `Bearer ${key}` };
  const response = await fetch(`${url}/v1/ops/catalogue/products?${query}`, { headers });
  const text = await response.text();
  if (response.status !== 200) {
    throw new Error(`${url} does not show its catalogue: ${response.status} ${text.slice(0, 200)}`);
  }
  return Page.parse(JSON.parse(text));
}
