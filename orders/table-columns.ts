import { type Column, getTableColumns, type Table } from "drizzle-orm";

/**
 * A table's columns, each with the name that code knows it by: what SQL that is written by hand lists
 * of them. No statement can forget one, or have two lists in two orders.
 */
export type TableColumns = readonly { readonly name: string; readonly column: Column }[];

export function columnsOf(table: Table, except: readonly string[] = []): TableColumns {
  return Object.entries(getTableColumns(table))
    .filter(([name]) => !except.includes(name))
    .map(([name, column]) => ({ name, column }));
}

/** `order_id, version`: for an INSERT. */
export function listed(columns: TableColumns): string {
  return columns.map(({ column }) => column.name).join(", ");
}

/** `order_id AS "orderId", version AS "version"`: for a SELECT whose rows have the code's names. */
export function read(columns: TableColumns): string {
  return columns.map(({ name, column }) => `${column.name} AS "${name}"`).join(", ");
}

/** `version = excluded.version`: what the row that meets a conflict would have written. */
export function overwritten(columns: TableColumns): string {
  return columns.map(({ column }) => `${column.name} = excluded.${column.name}`).join(", ");
}
