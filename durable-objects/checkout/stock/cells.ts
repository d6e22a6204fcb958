import type { Line } from "../../../schema/checkout.ts";
import type { ShopId, Sku } from "../../../schema/ids.ts";
import type { RegionCode } from "../../../schema/regions.ts";
import type { Spread } from "../sale/checkout.ts";

type Stock = { readonly shopId: ShopId; readonly region: RegionCode };

const REMEMBERED_MAX = 10_000;

/**
 * SKUs that lie in more than one cell, as far as this isolate was told. Cell 0 tells with every
 * answer, so that no sale asks; who does not know yet begins at cell 0 and is told there.
 */
const cellsBySku = new Map<string, number>();

export function rememberCells({ shopId, region }: Stock, sku: Sku, cells: number | undefined) {
  if (cells === undefined || cells < 2) return;
  if (cellsBySku.size >= REMEMBERED_MAX) cellsBySku.clear();
  cellsBySku.set(`${shopId}/${region}/${sku}`, cells);
}

/** As known now; a change keeps what was fixed before. Undefined where each SKU has one cell. */
export function spreadOf(
  { shopId, region, lines, shopper }: Stock & { lines: readonly Line[]; shopper: string },
  before?: Spread,
): Spread | undefined {
  const cells: Record<string, number> = { ...before?.cells };
  for (const { sku } of lines) {
    const known = cellsBySku.get(`${shopId}/${region}/${sku}`);
    if (known !== undefined) cells[sku] ??= known;
  }
  if (Object.keys(cells).length === 0) return undefined;
  return { hash: before?.hash ?? hashOf(shopper), cells };
}

/** The order in which a line's cells are asked. */
export function ringOf(spread: Spread | undefined, sku: Sku): readonly number[] {
  const count = spread?.cells[sku] ?? 1;
  const start = (spread?.hash ?? 0) % count;
  return Array.from({ length: count }, (_, index) => (start + index) % count);
}

/** FNV-1a, 32 bits. Source: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  // Its low bits are weak, and a remainder by a small number reads only those.
  return (hash ^ (hash >>> 15)) >>> 0;
}
