import * as z from "zod";
import { hasWallTimes, inUtc } from "../../pricing/time/window-times.ts";
import { CatalogueProduct } from "../../schema/catalogue.ts";
import { HOW_TO_MEND, isReadable } from "./encoding.ts";
import { columnAt, factsFrom, textsOf } from "./fact-columns.ts";
import { type CsvRow, type Separator, sheetOf } from "./import-csv.ts";
import { type FileMapping, ownMapping } from "./mappings.ts";
import {
  factColumns,
  Heads,
  type ImportTerms,
  type ProductRow,
  type Rejected,
  type SheetRow,
} from "./product-row.ts";
import { type ProductValues, Unreadable, valuesOf } from "./product-values.ts";
import { columnOf, sentenceOf } from "./row-faults.ts";

const NO_ZONE = "for a time without an offset add --time-zone Europe/Berlin";

/** A product, and the lines of the file that it was made from. */
export type Imported = { readonly product: CatalogueProduct; readonly lines: readonly number[] };

export type Rows = {
  readonly good: readonly Imported[];
  readonly bad: readonly Rejected[];
  /** What was found out of a CSV, and what of it is not read, in sentences. */
  readonly found: readonly string[];
};

/**
 * A CSV's products, as `mapping` reads it. Rows of one SKU are one product: what the first says of it,
 * the others may leave empty.
 *
 * Throws: when the head is not understood, since then no row is.
 */
export function productsInCsv(
  text: string,
  { rows: mapping, terms: usual }: FileMapping = ownMapping,
  told: ImportTerms = {},
): Rows {
  const { heads: names, rows, separator } = sheetOf(text);
  const terms = { ...usual, ...told };
  const bad: Rejected[] = [];
  const whole = rows.flatMap((row) => wholeRow(row, names, bad));
  const heads = new Heads(names);
  const read = mapping(heads, whole);
  const bySku = Map.groupBy(read.rows, ({ sku }) => sku.text);
  const good = [...bySku.values()].flatMap((each) => productFrom(each, terms, bad));
  const found = [separated(separator, rows), ...unread(read), ...nameless(names, whole)];
  return { good, bad, found };
}

/** Without the empty fields behind the last head; a field there that is not, or one too few, spoils it. */
function wholeRow(row: CsvRow, heads: readonly string[], bad: Rejected[]): SheetRow[] {
  const { line } = row;
  const refused = (column: string, reason: string) => {
    bad.push({ line, column, sku: "", reason });
    return [];
  };
  if ("wrong" in row) return refused(heads[row.field] ?? `${row.field + 1}`, row.wrong);
  const { fields } = row;
  const last = fields.findLastIndex((field) => field !== "");
  if (fields.length >= heads.length && last < heads.length) return [row];
  const at = Math.min(fields.length, heads.length);
  return refused(heads[at] || `${at + 1}`, `${fields.length} fields instead of ${heads.length}`);
}

function separated(separator: Separator, rows: readonly unknown[]): string {
  return `separated by ${separator}s, ${rows.length.toLocaleString("en")} rows`;
}

function unread({ passedOver, unread }: ReturnType<FileMapping["rows"]>): readonly string[] {
  const counts = [...Map.groupBy(passedOver, ({ why }) => why)].map(
    ([why, rows]) => `${why} ${rows.length.toLocaleString("en")}`,
  );
  return [
    ...(counts.length === 0 ? [] : [`rows passed over: ${counts.join(", ")}`]),
    ...(unread.length === 0 ? [] : [`columns not read: ${unread.join(", ")}`]),
  ];
}

function nameless(heads: readonly string[], rows: readonly SheetRow[]): readonly string[] {
  return heads.flatMap((head, at) =>
    head === "" && rows.some(({ fields }) => fields[at] !== "")
      ? [`column ${at + 1} has no name and is not read`]
      : [],
  );
}

const NOT_AS_BEFORE = "this is not what an earlier row of this SKU says";

function differs(before: string | undefined, now: string | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

type Spoilt = { readonly column: string; readonly reason: string };

/** Row after row: one that spoils the product is left out of it. */
function productFrom(rows: readonly ProductRow[], terms: ImportTerms, bad: Rejected[]): Imported[] {
  let made: Imported | undefined;
  for (const row of rows) {
    const read = extended(made, row, terms);
    if ("product" in read) made = read;
    else bad.push({ line: row.line, sku: row.sku.text, ...read });
  }
  return made ? [made] : [];
}

/** The product with what one more row says of it, or what is wrong with that row. */
function extended(
  made: Imported | undefined,
  row: ProductRow,
  terms: ImportTerms,
): Imported | Spoilt {
  const values = valuesOrWhyNot(row, terms);
  if ("reason" in values) return values;
  const differing =
    made && Object.entries(values.said).find(([key, value]) => storedValue(made, key) !== value);
  if (differing) {
    const column = columnOf(row, [differing[0]]);
    return { column, reason: NOT_AS_BEFORE };
  }
  const before = textsOf(made?.product.facts);
  const other = factColumns.find((name) => differs(before[name], values.facts[name]));
  if (other) return { column: columnOf(row, [other]), reason: NOT_AS_BEFORE };
  const facts = factsFrom({ ...before, ...values.facts });
  const prices = [...(made?.product.prices ?? []), ...values.prices];
  const product = CatalogueProduct.safeParse({
    ...{ ...made?.product, ...values.said, prices },
    ...(facts ? { facts } : {}),
  });
  if (product.success) return { product: product.data, lines: [...(made?.lines ?? []), row.line] };
  const [issue] = product.error.issues;
  const path = issue?.path[0] === "facts" ? [columnAt(issue.path) ?? ""] : (issue?.path ?? []);
  const said = { ...values.said, ...values.facts };
  return { column: columnOf(row, path), reason: sentenceOf(issue, path, said) };
}

function valuesOrWhyNot(row: ProductRow, terms: ImportTerms): ProductValues | Spoilt {
  try {
    return valuesOf(row, terms);
  } catch (problem) {
    if (problem instanceof Unreadable) return { column: problem.column, reason: problem.message };
    throw problem;
  }
}

function storedValue({ product }: Imported, key: string): unknown {
  return Object.entries(product).find(([each]) => each === key)?.[1];
}

/**
 * A JSON array of products, or an object with one as `products`. Of a SKU that comes twice the first
 * counts. Times without an offset are on the wall of `timeZone`.
 */
export function productsInJson(text: string, { timeZone }: ImportTerms = {}): Rows {
  const List = z.array(z.unknown());
  const entries = z.union([List, z.object({ products: List })]).parse(JSON.parse(text));
  const good: Imported[] = [];
  const bad: Rejected[] = [];
  const known = new Set<string>();
  for (const [at, entry] of (Array.isArray(entries) ? entries : entries.products).entries()) {
    const line = at + 1;
    const read = CatalogueProduct.safeParse(entry);
    const sku = read.data?.sku ?? skuIn(entry);
    const issue = read.error?.issues[0];
    if (!read.success) {
      bad.push({ line, column: issue?.path.join(".") ?? "", sku, reason: `${issue?.message}` });
    } else if (!isReadable(read.data.name)) {
      bad.push({ line, column: "name", sku, reason: HOW_TO_MEND });
    } else if (known.has(sku)) {
      bad.push({ line, column: "sku", sku, reason: "an earlier entry has this SKU" });
    } else if (timeZone === undefined && hasWallTimes(read.data)) {
      bad.push({ line, column: "prices", sku, reason: NO_ZONE });
    } else {
      const product = timeZone === undefined ? read.data : inUtc(read.data, timeZone);
      good.push({ product, lines: [line] });
    }
    known.add(sku);
  }
  return { good, bad, found: [] };
}

function skuIn(entry: unknown): string {
  return z.object({ sku: z.string() }).safeParse(entry).data?.sku ?? "";
}
