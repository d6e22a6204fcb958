import { deadLetters, events, orders, shopEvents, stubs } from "./d1-tables.ts";
import { SAID_ONCE } from "./order-row.ts";
import { columnsOf, listed, overwritten, read, type TableColumns } from "./table-columns.ts";

/**
 * D1's SQL of what every sale writes and every feed reads: the text is made once. Many rows are one
 * statement, their JSON its one parameter, because D1 counts statements, takes a hundred parameters
 * a statement, and holds its texts under 100 kB: https://developers.cloudflare.com/d1/platform/limits/
 */
const logged = columnsOf(events, ["offset"]);
const ordered = columnsOf(orders);
const kept = columnsOf(deadLetters, ["state", "decidedAtMs", "discardReason"]);
const told = columnsOf(shopEvents);
const mirrored = columnsOf(stubs);

/**
 * Looks first: an insert that met a conflict would use an offset up, a hole in the log. It looks
 * before the first row is written, so an event may not be among the rows twice. Rows are written as
 * the JSON has them.
 */
export const APPEND_EVENTS = `INSERT INTO events (${listed(logged)})
  SELECT ${given(logged)} FROM json_each(?1)
  WHERE NOT EXISTS (
    SELECT 1 FROM events AS known
    WHERE known.order_id = value ->> 'orderId' AND known.sequence = value ->> 'sequence'
  )`;

// After a SELECT without WHERE, SQLite would read ON CONFLICT as the ON of a join.
export const UPSERT_ORDERS = `INSERT INTO orders (${listed(ordered)})
  SELECT ${given(ordered)} FROM json_each(?1) WHERE true
  ON CONFLICT (order_id) DO UPDATE SET ${overwritten(columnsOf(orders, SAID_ONCE))}
  WHERE excluded.version > orders.version`;

export const ADD_LETTERS = `INSERT INTO dead_letters (${listed(kept)})
  SELECT ${given(kept)} FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`;

export const KEEP_LETTERS = `INSERT INTO dead_letters (${listed(kept)})
  SELECT ${given(kept)} FROM json_each(?1) WHERE true
  ON CONFLICT (letter_id) DO UPDATE SET
    attempts = attempts + excluded.attempts,
    cause = excluded.cause,
    last_at_ms = excluded.last_at_ms,
    state = iif(state = 'redriven', 'open', state),
    decided_at_ms = iif(state = 'redriven', NULL, decided_at_ms)`;

export const KEEP_SHOP_EVENTS = `INSERT INTO shop_events (${listed(told)})
  SELECT ${given(told)} FROM json_each(?1) WHERE true
  ON CONFLICT DO NOTHING`;

export const KEEP_STUBS = `INSERT INTO order_stubs (${listed(mirrored)})
  SELECT ${given(mirrored)} FROM json_each(?1) WHERE true
  ON CONFLICT (order_id) DO UPDATE SET ${overwritten(columnsOf(stubs, SAID_ONCE))}
  WHERE excluded.version >= order_stubs.version AND excluded.as_of_ms >= order_stubs.as_of_ms`;

export const ORDER_BY_ID = `SELECT ${read(ordered)} FROM orders
  WHERE order_id = ?1 AND shop_id = ?2`;

export const STUB_BY_ID = `SELECT ${read(mirrored)} FROM order_stubs
  WHERE order_id = ?1 AND shop_id = ?2`;

export const LOG_PAGE = `SELECT log_offset AS "offset", envelope FROM events
  WHERE log_offset > ?1
  ORDER BY log_offset LIMIT ?2`;

export const SHOP_LOG_PAGE = `SELECT log_offset AS "offset", envelope FROM events
  WHERE shop_id = ?1 AND log_offset > ?2 AND at_ms >= ?3
  ORDER BY log_offset LIMIT ?4`;

export const LOG_OF_ORDERS = `SELECT log_offset AS "offset", envelope FROM events
  WHERE order_id IN (SELECT value FROM json_each(?1))`;

export const SEQUENCES_OF_ORDERS = `SELECT order_id AS "orderId", sequence FROM events
  WHERE order_id IN (SELECT value FROM json_each(?1))`;

export const LOG_HEAD = `SELECT max(log_offset) AS "last" FROM events`;

/** SQLite answers the envelope of the row that holds the maximum. */
export const LATEST_OF_SHOP = `SELECT order_id AS "orderId", max(sequence), envelope FROM events
  WHERE shop_id = ?1 AND order_id > ?2
  GROUP BY order_id
  ORDER BY order_id LIMIT ?3`;

/** A row that an event changed since the log stood at ?4 is newer than what was read there. */
export const DROP_ORDERS = `DELETE FROM orders
  WHERE shop_id = ?1 AND order_id > ?2 AND (?3 IS NULL OR order_id <= ?3)
  AND NOT EXISTS (
    SELECT 1 FROM events AS newer
    WHERE newer.order_id = orders.order_id AND newer.log_offset > ?4
  )`;

/** A column of JSON comes as the JSON text that it is, letter by letter. */
function given(columns: TableColumns): string {
  return columns.map(({ name }) => `value ->> '${name}'`).join(", ");
}

/**
 * A parameter of D1 may have 2 MB. A character has up to three bytes there, and one row that is
 * larger goes alone.
 */
const PARAMETER_CHARACTERS_MAX = 600_000;

/** Rows as JSON arrays, each small enough for one parameter; none for no rows. */
export function parametersOf(rows: readonly object[]): readonly string[] {
  const parameters: string[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const json = JSON.stringify(row);
    characters += json.length + 1;
    if (characters > PARAMETER_CHARACTERS_MAX) {
      parameters.push([]);
      characters = json.length;
    }
    parameters.at(-1)?.push(json);
  }
  return parameters.map((jsons) => `[${jsons.join(",")}]`);
}
