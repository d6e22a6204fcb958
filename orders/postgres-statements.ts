import { getTableName } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { SAID_ONCE } from "./order-row.ts";
import type { Statement } from "./postgres-connection.ts";
import { deadLetters, events, orders, shopEvents, stubs } from "./postgres-tables.ts";
import { columnsOf, listed, overwritten, read, type TableColumns } from "./table-columns.ts";

/**
 * Postgres' SQL of what every sale writes and every feed reads. Many rows are one statement of one
 * text: each column is an array. `arraysOf` makes them, in the order of the same columns.
 */
const logged = columnsOf(events, ["offset"]);
const ordered = columnsOf(orders);
const kept = columnsOf(deadLetters, ["state", "decidedAtMs", "discardReason"]);
const told = columnsOf(shopEvents);
const mirrored = columnsOf(stubs);

/** A statement that writes rows of a table. */
export type RowStatement = Statement & { readonly columns: TableColumns };

/** Whoever has locked it is the only one that writes the log or rebuilds from it. */
export const LOCK_HEAD: Statement = {
  name: "lock_head",
  text: `SELECT last_offset FROM log_head FOR UPDATE`,
};

/**
 * Appends what the log does not have yet, at the offsets after its head. The head must be locked
 * by a statement before this one: a statement sees what was committed when it began.
 */
export const APPEND_EVENTS: RowStatement = {
  name: "append_events",
  columns: logged,
  text: `WITH appended AS (
      INSERT INTO events (log_offset, ${listed(logged)})
      SELECT last_offset + row_number() OVER (ORDER BY place), ${listed(logged)}
      FROM log_head, unnest(${arrays(logged)}) WITH ORDINALITY AS given (${listed(logged)}, place)
      WHERE NOT EXISTS (
        SELECT FROM events AS known
        WHERE known.order_id = given.order_id AND known.sequence = given.sequence
      )
      RETURNING log_offset
    )
    UPDATE log_head SET last_offset = (SELECT max(log_offset) FROM appended)
    WHERE EXISTS (SELECT FROM appended)`,
};

export const UPSERT_ORDERS: RowStatement = {
  name: "upsert_orders",
  columns: ordered,
  text: `${insert(orders, ordered)}
    ON CONFLICT (order_id) DO UPDATE SET ${overwritten(columnsOf(orders, SAID_ONCE))}
    WHERE excluded.version > orders.version`,
};

export const ADD_LETTERS: RowStatement = {
  name: "add_letters",
  columns: kept,
  text: `${insert(deadLetters, kept)}
    ON CONFLICT DO NOTHING`,
};

/** No letter may be among the rows twice: a statement changes a row once. */
export const KEEP_LETTERS: RowStatement = {
  name: "keep_letters",
  columns: kept,
  text: `${insert(deadLetters, kept)}
    ON CONFLICT (letter_id) DO UPDATE SET
      attempts = dead_letters.attempts + excluded.attempts,
      cause = excluded.cause,
      last_at_ms = excluded.last_at_ms,
      state = CASE dead_letters.state WHEN 'redriven' THEN 'open' ELSE dead_letters.state END,
      decided_at_ms =
        CASE dead_letters.state WHEN 'redriven' THEN NULL ELSE dead_letters.decided_at_ms END`,
};

export const KEEP_SHOP_EVENTS: RowStatement = {
  name: "keep_shop_events",
  columns: told,
  text: `${insert(shopEvents, told)}
    ON CONFLICT DO NOTHING`,
};

/** No order may be among the rows twice: a statement changes a row once. */
export const KEEP_STUBS: RowStatement = {
  name: "keep_stubs",
  columns: mirrored,
  text: `${insert(stubs, mirrored)}
    ON CONFLICT (order_id) DO UPDATE SET ${overwritten(columnsOf(stubs, SAID_ONCE))}
    WHERE excluded.version >= order_stubs.version AND excluded.as_of_ms >= order_stubs.as_of_ms`,
};

export const ORDER_BY_ID: Statement = {
  name: "order_by_id",
  text: `SELECT ${read(ordered)} FROM orders WHERE order_id = $1 AND shop_id = $2`,
};

export const STUB_BY_ID: Statement = {
  name: "stub_by_id",
  text: `SELECT ${read(mirrored)} FROM order_stubs WHERE order_id = $1 AND shop_id = $2`,
};

export const LOG_PAGE: Statement = {
  name: "log_page",
  text: `SELECT log_offset AS "offset", envelope AS "event" FROM events
    WHERE log_offset > $1
    ORDER BY log_offset LIMIT $2`,
};

export const SHOP_LOG_PAGE: Statement = {
  name: "shop_log_page",
  text: `SELECT log_offset AS "offset", envelope AS "event" FROM events
    WHERE shop_id = $1 AND log_offset > $2 AND at_ms >= $3
    ORDER BY log_offset LIMIT $4`,
};

export const LOG_OF_ORDERS: Statement = {
  name: "log_of_orders",
  text: `SELECT log_offset AS "offset", envelope AS "event" FROM events
    WHERE order_id = ANY ($1::text[])`,
};

export const SEQUENCES_OF_ORDERS: Statement = {
  name: "sequences_of_orders",
  text: `SELECT order_id AS "orderId", sequence FROM events WHERE order_id = ANY ($1::text[])`,
};

export const LOG_HEAD: Statement = {
  name: "log_head",
  text: `SELECT last_offset AS "last" FROM log_head`,
};

export const LATEST_OF_SHOP: Statement = {
  name: "latest_of_shop",
  text: `SELECT DISTINCT ON (order_id) order_id AS "orderId", envelope AS "event" FROM events
    WHERE shop_id = $1 AND order_id > $2
    ORDER BY order_id, sequence DESC LIMIT $3`,
};

export const DROP_ORDERS: Statement = {
  name: "drop_orders",
  text: `DELETE FROM orders
    WHERE shop_id = $1 AND order_id > $2 AND ($3::text IS NULL OR order_id <= $3)`,
};

function insert(table: PgTable, columns: TableColumns): string {
  return `INSERT INTO ${getTableName(table)} (${listed(columns)})
    SELECT * FROM unnest(${arrays(columns)})`;
}

/** `$1::text[], $2::integer[]` */
function arrays(columns: TableColumns): string {
  return columns.map(({ column }, at) => `$${at + 1}::${column.getSQLType()}[]`).join(", ");
}

/** The values of a statement that writes them: an array a column. */
export function arraysOf({ columns }: RowStatement, rows: readonly object[]): readonly unknown[] {
  return columns.map(({ name, column }) => {
    const isJson = column.getSQLType() === "json";
    return rows.map((row) => {
      const value: unknown = Reflect.get(row, name);
      return isJson ? JSON.stringify(value) : value;
    });
  });
}
