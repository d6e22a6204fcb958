import { factCellsIn } from "../fact-columns.ts";
import { type Cell, type Mapping, NOTHING, type SheetRow } from "../product-row.ts";
import { unsaid, variantName } from "./names.ts";
import { saleWindows } from "./sale-windows.ts";

/**
 * A product feed of Google Merchant Center: a row per product or variant, its price with a currency
 * ("12.99 EUR"), a sale's price with a beginning and an end.
 *
 * Source: https://support.google.com/merchants/answer/7052112
 */
export const googleMerchant: Mapping = (heads, rows) => {
  if (!heads.has("id") || !heads.has("title") || !heads.has("price")) {
    throw new Error("A feed of Google Merchant Center has the attributes id, title and price.");
  }
  const columns = {
    id: heads.column("id"),
    title: heads.column("title"),
    price: heads.column("price"),
    sale: heads.column("sale_price"),
    saleDate: heads.column("sale_price_effective_date"),
    weight: heads.column("shipping_weight", "product_weight"),
    group: heads.column("item_group_id"),
    options: ["color", "size", "material", "pattern"].map((name) => heads.column(name)),
    facts: factCellsIn(heads),
  };
  const read = rows.map((row) => {
    const title = columns.title(row);
    const isVariant = columns.group(row).text !== "";
    const options = isVariant ? columns.options.map((of) => of(row).text) : [];
    return {
      line: row.line,
      sku: columns.id(row),
      name: { ...title, text: variantName(title.text, unsaid(title.text, options)) },
      weight: { ...columns.weight(row), unit: "" },
      prices: saleWindows({
        ...{ regular: columns.price(row), sale: columns.sale(row), currency: NOTHING },
        ...saleTime(row, columns.saleDate),
      }),
      facts: columns.facts(row),
    };
  });
  return { rows: read, passedOver: [], unread: heads.unread() };
};

/** "2026-11-27T00:00+0100/2026-11-30T23:59+0100". */
function saleTime(row: SheetRow, of: (row: SheetRow) => Cell) {
  const cell = of(row);
  if (cell.text === "") return {};
  const [from = "", until = ""] = cell.text.split("/");
  return {
    from: { ...cell, text: from, day: "start" as const },
    until: { ...cell, text: until, day: "end" as const },
  };
}
