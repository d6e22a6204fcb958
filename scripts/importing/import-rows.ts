import * as z from "zod";
import { CatalogueProduct } from "../../schema/catalogue.ts";
import { csvRows } from "./import-csv.ts";

/** A product, and the lines of the file that it was made from. */
export type Imported = { readonly product: CatalogueProduct; readonly lines: readonly number[] };

/** A row that is not stored, and why. `line` is a line of a CSV, or an entry of a JSON, from 1 on. */
export type Rejected = { readonly line: number; readonly sku: string; readonly reason: string };

export type Rows = { readonly good: readonly Imported[]; readonly bad: readonly Rejected[] };

const productColumns = ["sku", "name", "taxClass", "weightGrams"] as const;
const priceColumns = ["currency", "amountMinor", "validFrom", "validUntil"] as const;
const columns: readonly string[] = [...productColumns, ...priceColumns];

type Cells = { readonly line: number; readonly cells: Readonly<Record<string, string>> };

/**
 * A CSV with a head of these columns, in any order; a row per price. Rows of one SKU are one product:
 * what the first says of it, the others may leave empty.
 *
 * Throws: when the head is not understood, since then no row is.
 */
export function productsInCsv(text: string): Rows {
  const [head, ...rows] = csvRows(text);
  const names = head && "fields" in head ? head.fields.map((name) => name.trim()) : [];
  const strange = names.find((name) => !columns.includes(name));
  if (strange !== undefined || !names.includes("sku") || !names.includes("name")) {
    throw new Error(
      `The first line names the columns, of ${columns.join(", ")}; sku and name are needed.`,
    );
  }
  const bad: Rejected[] = [];
  const bySku = new Map<string, Cells[]>();
  for (const row of rows) {
    const { line } = row;
    if ("wrong" in row) bad.push({ line, sku: "", reason: row.wrong });
    else if (row.fields.length !== names.length) {
      const reason = `${row.fields.length} fields instead of ${names.length}`;
      bad.push({ line, sku: "", reason });
    } else {
      const cells = Object.fromEntries(
        names.map((name, at) => [name, (row.fields[at] ?? "").trim()]),
      );
      const sku = cells.sku ?? "";
      bySku.set(sku, [...(bySku.get(sku) ?? []), { line, cells }]);
    }
  }
  const good = [...bySku.values()].flatMap((cells) => productFrom(cells, bad));
  return { good, bad };
}

/** Row after row: one that spoils the product is left out of it. */
function productFrom(rows: readonly Cells[], bad: Rejected[]): Imported[] {
  let made: Imported | undefined;
  for (const { line, cells } of rows) {
    const prices = cells.currency || cells.amountMinor ? [picked(cells, priceColumns)] : [];
    const of = made ? { ...made.product, ...picked(cells, productColumns) } : cells;
    const wanted = {
      ...picked(of, productColumns),
      prices: [...(made?.product.prices ?? []), ...prices],
    };
    const differs = made && differing(made.product, wanted);
    const read = CatalogueProduct.safeParse(wanted);
    if (read.success && differs === undefined) {
      made = { product: read.data, lines: [...(made?.lines ?? []), line] };
    } else {
      const reason = differs ?? sentenceOf(read.error);
      bad.push({ line, sku: cells.sku ?? "", reason });
    }
  }
  return made ? [made] : [];
}

/** What is filled in of these columns, numbers as numbers. */
function picked(of: Readonly<Record<string, unknown>>, names: readonly string[]) {
  const filled = names.filter((name) => of[name] !== undefined && of[name] !== "");
  return Object.fromEntries(filled.map((name) => [name, cellOf(name, of[name])]));
}

function cellOf(name: string, value: unknown): unknown {
  const isNumber = name === "amountMinor" || name === "weightGrams";
  return isNumber && typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)
    ? Number(value)
    : value;
}

function differing(one: CatalogueProduct, other: Readonly<Record<string, unknown>>) {
  const at = productColumns.find((name) => other[name] !== undefined && other[name] !== one[name]);
  return at && `${at}: not what an earlier row of this SKU says`;
}

/** A JSON array of products, or an object with one as `products`. Of a SKU that comes twice the first counts. */
export function productsInJson(text: string): Rows {
  const List = z.array(z.unknown());
  const entries = z.union([List, z.object({ products: List })]).parse(JSON.parse(text));
  const good: Imported[] = [];
  const bad: Rejected[] = [];
  const known = new Set<string>();
  for (const [at, entry] of (Array.isArray(entries) ? entries : entries.products).entries()) {
    const line = at + 1;
    const read = CatalogueProduct.safeParse(entry);
    const sku = read.data?.sku ?? skuIn(entry);
    if (!read.success) bad.push({ line, sku, reason: sentenceOf(read.error) });
    else if (known.has(sku)) bad.push({ line, sku, reason: "sku: an earlier entry has it" });
    else good.push({ product: read.data, lines: [line] });
    known.add(sku);
  }
  return { good, bad };
}

function skuIn(entry: unknown): string {
  return z.object({ sku: z.string() }).safeParse(entry).data?.sku ?? "";
}

function sentenceOf(error: z.ZodError | undefined): string {
  const issues = error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
}
