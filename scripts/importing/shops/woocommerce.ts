import { factCellsIn } from "../fact-columns.ts";
import { type Cell, type Heads, type Mapping, NOTHING, type SheetRow } from "../product-row.ts";
import { unsaid, variantName, withoutApostrophe } from "./names.ts";
import { saleWindows } from "./sale-windows.ts";

/**
 * WooCommerce's product export with its English heads: a row per simple product, one for what a
 * variable product's variations share, and one per variation. Prices have no currency, and sale dates
 * are those of the shop's wall.
 *
 * Source: https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/export/class-wc-product-csv-exporter.php
 */
export const woocommerce: Mapping = (heads, rows) => {
  if (!heads.has("Type") || !heads.has("SKU") || !heads.has("Regular price")) {
    throw new Error("WooCommerce's product export has the columns Type, SKU and Regular price.");
  }
  const columns = columnsOf(heads);
  const parents = new Map(
    rows.flatMap((row) => [
      [columns.sku(row).text, row] as const,
      [`id:${columns.id(row).text}`, row] as const,
    ]),
  );
  const parentOf = (row: SheetRow) =>
    columns.parent(row).text === "" ? undefined : parents.get(columns.parent(row).text);
  const read = rows
    .filter((row) => whyNot(row, columns) === undefined)
    .map((row) => productRow(row, parentOf(row), columns));
  const passedOver = rows.flatMap((row) => {
    const why = whyNot(row, columns);
    return why === undefined ? [] : [{ line: row.line, why }];
  });
  return { rows: read, passedOver, unread: heads.unread() };
};

type Columns = ReturnType<typeof columnsOf>;

function columnsOf(heads: Heads) {
  const weight = heads.names.find((name) => /^weight \(\w+\)$/i.test(name)) ?? "Weight (kg)";
  const attributes = heads.names.filter((name) => /^attribute \d+ value\(s\)$/i.test(name));
  return {
    id: heads.column("ID"),
    type: heads.column("Type"),
    sku: heads.column("SKU"),
    name: heads.column("Name"),
    published: heads.column("Published"),
    taxClass: heads.column("Tax class"),
    weight: heads.column(weight),
    weightUnit: /\((\w+)\)/.exec(weight)?.[1] ?? "kg",
    regular: heads.column("Regular price"),
    sale: heads.column("Sale price"),
    from: heads.column("Date sale price starts"),
    until: heads.column("Date sale price ends"),
    parent: heads.column("Parent"),
    attributes: attributes.map((name) => heads.column(name)),
    facts: factCellsIn(heads),
  };
}

/** Only simple products and variations are sold as they are. */
function whyNot(row: SheetRow, columns: Columns): string | undefined {
  const types = columns
    .type(row)
    .text.toLowerCase()
    .split(/\s*,\s*/);
  if (types.includes("variable")) return "sold as their variations";
  if (types.includes("grouped") || types.includes("external")) return "grouped or sold elsewhere";
  return /^(0|-1|2)$/.test(columns.published(row).text) ? "not offered" : undefined;
}

function productRow(row: SheetRow, parent: SheetRow | undefined, columns: Columns) {
  const own = (of: (row: SheetRow) => Cell): Cell => {
    const cell = of(row);
    return parent && (cell.text === "" || cell.text === "parent") ? of(parent) : cell;
  };
  const moment = (cell: Cell, day: "start" | "end") =>
    cell.text === "" ? undefined : { ...cell, day };
  const name = own(columns.name);
  const options = parent ? columns.attributes.map((of) => of(row).text) : [];
  return {
    line: row.line,
    sku: { ...columns.sku(row), text: withoutApostrophe(columns.sku(row).text) },
    name: { ...name, text: variantName(name.text, unsaid(name.text, options)) },
    taxClass: taxClassOf(own(columns.taxClass)),
    weight: { ...own(columns.weight), unit: columns.weightUnit },
    prices: saleWindows({
      ...{ regular: columns.regular(row), sale: columns.sale(row), currency: NOTHING },
      from: moment(columns.from(row), "start"),
      until: moment(columns.until(row), "end"),
    }),
    facts: columns.facts(...(parent ? [row, parent] : [row])),
  };
}

/** "reduced-rate" is what WooCommerce calls a class by its own nature; others are the shop's. */
function taxClassOf(cell: Cell): Cell {
  const text = cell.text
    .toLowerCase()
    .replace(/-rate$/, "")
    .replaceAll("-", "_");
  return { ...cell, text: text === "parent" ? "" : text };
}
