import { type Cell, type Mapping, NOTHING, type SheetRow } from "../product-row.ts";
import { variantName, withoutApostrophe } from "./names.ts";

/**
 * Shopify's product CSV, with the heads of before and since 2025: a row per variant, and more for
 * pictures. Title, status and such stand in a product's first row only. Prices have no currency.
 *
 * Source: https://help.shopify.com/en/manual/products/import-export/using-csv
 */
export const shopify: Mapping = (heads, rows) => {
  const columns = {
    handle: heads.column("Handle", "URL handle"),
    title: heads.column("Title"),
    sku: heads.column("Variant SKU", "SKU"),
    price: heads.column("Variant Price", "Price"),
    grams: heads.column("Variant Grams", "Weight value (grams)"),
    status: heads.column("Status"),
    published: heads.column("Published", "Published on online store"),
    options: [1, 2, 3].map((nth) => heads.column(`Option${nth} Value`)),
  };
  if (!heads.has("Title") || !heads.has("Variant SKU", "SKU")) {
    throw new Error("Shopify's product CSV has the columns Title and Variant SKU (or SKU).");
  }
  const firstOf = new Map<string, SheetRow>();
  const productOf = (row: SheetRow) => columns.handle(row).text || columns.title(row).text;
  for (const row of rows) if (!firstOf.has(productOf(row))) firstOf.set(productOf(row), row);

  const isPicture = (row: SheetRow) =>
    [columns.sku, columns.price, columns.title, ...columns.options].every(
      (of) => of(row).text === "",
    );
  const whyNot = (row: SheetRow) => {
    if (isPicture(row)) return "pictures";
    const first = firstOf.get(productOf(row)) ?? row;
    const isOffered = !/^(draft|archived|unlisted)$/i.test(columns.status(first).text);
    return isOffered && !/^false$/i.test(columns.published(first).text) ? undefined : "not offered";
  };
  const nameOf = (row: SheetRow): Cell => {
    const title = columns.title(firstOf.get(productOf(row)) ?? row);
    const options = columns.options.map((of) => of(row).text);
    return {
      ...title,
      text: variantName(
        title.text,
        options.filter((text) => text !== "Default Title"),
      ),
    };
  };
  const read = rows
    .filter((row) => whyNot(row) === undefined)
    .map((row) => ({
      line: row.line,
      sku: { ...columns.sku(row), text: withoutApostrophe(columns.sku(row).text) },
      name: nameOf(row),
      weight: { ...columns.grams(row), unit: "g" },
      prices:
        columns.price(row).text === ""
          ? []
          : [{ amount: columns.price(row), isMinor: false, currency: NOTHING }],
    }));
  const passedOver = rows.flatMap((row) => {
    const why = whyNot(row);
    return why === undefined ? [] : [{ line: row.line, why }];
  });
  return { rows: read, passedOver, unread: heads.unread() };
};
