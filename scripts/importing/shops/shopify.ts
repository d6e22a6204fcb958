import { factCellsIn } from "../fact-columns.ts";
import { type Cell, type Heads, type Mapping, NOTHING, type SheetRow } from "../product-row.ts";
import { variantName, withoutApostrophe } from "./names.ts";

/**
 * Shopify's product CSV, with the heads of before and since 2025: a row per variant, and more for
 * pictures. Title, status and such stand in a product's first row only. Prices have no currency.
 *
 * Source: https://help.shopify.com/en/manual/products/import-export/using-csv
 */
export const shopify: Mapping = (heads, rows) => {
  if (!heads.has("Title") || !heads.has("Variant SKU", "SKU")) {
    throw new Error("Shopify's product CSV has the columns Title and Variant SKU (or SKU).");
  }
  const columns = columnsOf(heads);
  const productOf = (row: SheetRow) => columns.handle(row).text || columns.title(row).text;
  const firsts = new Map<string, SheetRow>();
  for (const row of rows) if (!firsts.has(productOf(row))) firsts.set(productOf(row), row);

  const judged = rows.map((row) => {
    const first = firsts.get(productOf(row)) ?? row;
    return { row, first, why: whyNot(row, first, columns) };
  });
  return {
    rows: judged
      .filter(({ why }) => why === undefined)
      .map(({ row, first }) => variant(row, first, columns)),
    passedOver: judged.flatMap(({ row, why }) => (why ? [{ line: row.line, why }] : [])),
    unread: heads.unread(),
  };
};

type Columns = ReturnType<typeof columnsOf>;

function columnsOf(heads: Heads) {
  return {
    handle: heads.column("Handle", "URL handle"),
    title: heads.column("Title"),
    sku: heads.column("Variant SKU", "SKU"),
    price: heads.column("Variant Price", "Price"),
    grams: heads.column("Variant Grams", "Weight value (grams)"),
    status: heads.column("Status"),
    published: heads.column("Published", "Published on online store"),
    // Of its inventory CSV, and as tools that export variants whole call them.
    facts: factCellsIn(heads, {
      tariffCode: ["HS Code", "Variant HS Code"],
      originCountry: ["COO", "Country of Origin", "Variant Country of Origin"],
    }),
    options: [1, 2, 3].map((nth) => heads.column(`Option${nth} Value`)),
  };
}

function whyNot(row: SheetRow, first: SheetRow, columns: Columns): string | undefined {
  const ofVariant = [columns.sku, columns.price, columns.title, ...columns.options];
  if (ofVariant.every((of) => of(row).text === "")) return "pictures";
  const isActive = !/^(draft|archived|unlisted)$/i.test(columns.status(first).text);
  const isPublished = !/^false$/i.test(columns.published(first).text);
  return isActive && isPublished ? undefined : "not offered";
}

function variant(row: SheetRow, first: SheetRow, columns: Columns) {
  const title = columns.title(first);
  const options = columns.options.map((of) => of(row).text);
  const price = columns.price(row);
  const sku: Cell = columns.sku(row);
  return {
    line: row.line,
    sku: { ...sku, text: withoutApostrophe(sku.text) },
    // A product without options has one that is called so.
    name: {
      ...title,
      text: variantName(
        title.text,
        options.filter((option) => option !== "Default Title"),
      ),
    },
    weight: { ...columns.grams(row), unit: "g" },
    prices: price.text === "" ? [] : [{ amount: price, isMinor: false, currency: NOTHING }],
    facts: columns.facts(row, first),
  };
}
