import {
  type Cell,
  factColumns,
  type Heads,
  headKey,
  type Mapping,
  NOTHING,
  type PriceCells,
  type SheetRow,
} from "./product-row.ts";

/** Our own names of columns. `price` and `weight` are written with decimals. */
export const ownNames = [
  ...["sku", "name", "taxClass", "weightGrams", "weight", "currency"],
  ...["price", "amountMinor", "validFrom", "validUntil"],
  ...factColumns,
] as const;

/** `price:EUR`, `price (EUR)`, `amountMinor:EUR`, `weight:kg`. */
const WITH_UNIT = /^(price|amountminor|weight)[:(]([a-z]{1,3})\)?$/;
const UNITS = { price: /^[a-z]{3}$/, amountminor: /^[a-z]{3}$/, weight: /^(g|kg|lbs?|oz)$/ };

/** Our name of a column and the unit behind it, where the name is one of ours. */
export function ownName(name: string): { readonly key: string; readonly unit: string } | undefined {
  const key = headKey(name);
  if (ownNames.some((own) => headKey(own) === key)) return { key, unit: "" };
  const [, base = "", unit = ""] = WITH_UNIT.exec(key) ?? [];
  const form = Object.entries(UNITS).find(([each]) => each === base)?.[1];
  return form?.test(unit) ? { key: base, unit } : undefined;
}

/** How heads that are not ours are called here: `{ sku: "Variant SKU", "price:EUR": "Preis" }`. */
export type Renaming = Readonly<Record<string, string>>;

/**
 * A row per price, columns in any order. Of a renamed file, what is neither renamed nor ours is not read.
 *
 * Throws: where sku or name have no column; where a head is none of ours and nothing is renamed;
 * where the file lacks a renamed head.
 */
export function ownColumns(renaming: Renaming = {}): Mapping {
  return (heads, rows) => {
    const columns = columnsIn(heads, renaming);
    const has = (key: string) => columns.some((each) => each.key === key);
    const renames = Object.keys(renaming).length > 0;
    const strange = renames ? undefined : heads.names.find((name) => name !== "" && !ownName(name));
    if (strange !== undefined || !has("sku") || !has("name")) throw new Error(wanted(strange));
    const read = rows.map((row) => productRow(row, columns));
    return { rows: read, passedOver: [], unread: heads.unread() };
  };
}

function wanted(strange: string | undefined): string {
  return (
    `The first line names the columns, of ${ownNames.join(", ")}; sku and name are needed.` +
    (strange === undefined ? "" : ` "${strange}" is none of them: say with --map what it is.`)
  );
}

type Column = {
  readonly key: string;
  readonly unit: string;
  readonly of: (row: SheetRow) => Cell;
};

function columnsIn(heads: Heads, renaming: Renaming): readonly Column[] {
  const renamed = Object.entries(renaming).map(([name, head]) => {
    const own = ownName(name);
    if (!own) throw new Error(`--map: "${name}" is none of ${ownNames.join(", ")}.`);
    if (!heads.has(head)) throw new Error(`--map: the file has no column "${head}".`);
    return { ...own, head };
  });
  const taken = new Set(renamed.map(({ head }) => headKey(head)));
  const ours = heads.names.flatMap((head) => {
    const own = taken.has(headKey(head)) ? undefined : ownName(head);
    const isGiven = renamed.some(({ key, unit }) => key === own?.key && unit === own.unit);
    return own === undefined || isGiven ? [] : [{ ...own, head }];
  });
  return [...renamed, ...ours].map(({ key, unit, head }) => ({
    ...{ key, unit, of: heads.column(head) },
  }));
}

function productRow(row: SheetRow, columns: readonly Column[]) {
  const cellOf = (key: string) => columns.find((each) => each.key === key)?.of(row);
  const weights = columns.filter(({ key }) => key === "weight" || key === "weightgrams");
  const weight = weights.find(({ of }) => of(row).text !== "");
  return {
    line: row.line,
    sku: cellOf("sku") ?? NOTHING,
    name: cellOf("name") ?? NOTHING,
    taxClass: cellOf("taxclass"),
    weight: weight && {
      ...weight.of(row),
      unit: weight.key === "weightgrams" ? undefined : weight.unit,
    },
    prices: pricesIn(row, columns),
    facts: factColumns.flatMap((name) => {
      const cell = cellOf(headKey(name));
      return cell ? [[name, cell] as const] : [];
    }),
  };
}

/** One for each amount; a currency without any is one that lacks it. */
function pricesIn(row: SheetRow, columns: readonly Column[]): readonly PriceCells[] {
  const cellOf = (key: string) => columns.find((each) => each.key === key)?.of(row);
  const moment = (key: string) => {
    const cell = cellOf(key);
    return cell && cell.text !== "" ? { ...cell, day: "nothing" as const } : undefined;
  };
  const currency = cellOf("currency") ?? NOTHING;
  const amounts = columns.filter(({ key }) => key === "price" || key === "amountminor");
  const filled = amounts.filter(({ of }) => of(row).text !== "");
  const meant = filled.length === 0 && currency.text !== "" ? amounts.slice(0, 1) : filled;
  return meant.map(({ key, unit, of }) => ({
    amount: of(row),
    isMinor: key === "amountminor",
    currency: unit === "" ? currency : { column: of(row).column, text: unit.toUpperCase() },
    validFrom: moment("validfrom"),
    validUntil: moment("validuntil"),
  }));
}
