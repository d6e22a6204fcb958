/** Stripe's cursors over a table: newest first, `starting_after` and `ending_before` name a row. */

export interface Page {
  readonly limit: number;
  readonly startingAfter: string | null;
  readonly endingBefore: string | null;
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
}

type Cursor = { created_ms: number; seq: number };

/** One row more than the limit when there is more: the last one, or the first when it reads backwards (`ending_before`). */
export function readPage<Row extends Record<string, SqlStorageValue>>(
  sql: SqlStorage,
  table: "intents" | "events",
  page: Page,
  where: string,
  values: readonly string[],
): Row[] {
  const cursorOf = (id: string | null): Cursor | undefined =>
    id === null
      ? undefined
      : [...sql.exec<Cursor>(`SELECT created_ms, seq FROM ${table} WHERE id = ?`, id)][0];
  const after = cursorOf(page.startingAfter);
  const before = cursorOf(page.endingBefore);
  const isBackwards = page.endingBefore !== null;
  const direction = isBackwards ? "ASC" : "DESC";
  const rows = sql
    .exec<Row>(
      `SELECT * FROM ${table}
       WHERE created_ms >= ? AND created_ms < ? AND (created_ms, seq) < (?, ?) AND (created_ms, seq) > (?, ?) ${where}
       ORDER BY created_ms ${direction}, seq ${direction} LIMIT ?`,
      page.fromMs,
      page.untilMs,
      after?.created_ms ?? Number.MAX_SAFE_INTEGER,
      after?.seq ?? 0,
      before?.created_ms ?? -1,
      before?.seq ?? 0,
      ...values,
      page.limit + 1,
    )
    .toArray();
  return isBackwards ? rows.reverse() : rows;
}
