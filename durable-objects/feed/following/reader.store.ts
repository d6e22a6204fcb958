import type { FeedName } from "../../../schema/feeds.ts";
import type { RegionCode } from "../../../schema/regions.ts";

export const READER_SCHEMA = `
CREATE TABLE IF NOT EXISTS feed (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  region TEXT NOT NULL,
  name TEXT NOT NULL,
  -- By an operator, all of it; an endpoint that was disabled is paused by itself, below.
  paused_at_ms INTEGER,
  pause_reason TEXT,
  CHECK ((paused_at_ms IS NULL) = (pause_reason IS NULL))
) STRICT;

CREATE TABLE IF NOT EXISTS readers (
  -- The feed's own name; for webhooks the endpoint's id, for the mirror the region that is told.
  reader TEXT PRIMARY KEY,
  -- The last log offset whose effect is done; written with the effect where that is local.
  position INTEGER NOT NULL CHECK (position >= 0),
  -- The highest one that it ever reached: what lies below is a replay.
  reached INTEGER NOT NULL CHECK (reached >= 0),
  paused_at_ms INTEGER,
  pause_reason TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  failing_since_ms INTEGER,
  -- When it tries again after a failure.
  due_at_ms INTEGER,
  problem TEXT,
  CHECK ((paused_at_ms IS NULL) = (pause_reason IS NULL)),
  CHECK ((failures = 0) = (due_at_ms IS NULL))
) STRICT, WITHOUT ROWID;
`;

export type ReaderRow = {
  reader: string;
  position: number;
  reached: number;
  paused_at_ms: number | null;
  pause_reason: string | null;
  failures: number;
  failing_since_ms: number | null;
  due_at_ms: number | null;
  problem: string | null;
};

const WELL = "failures = 0, failing_since_ms = NULL, due_at_ms = NULL, problem = NULL";

export type Pause = { readonly atMs: number; readonly reason: string };
type Place = { readonly region: RegionCode; readonly feed: FeedName };

/** Where each reader of this object stands. Callers bring the transaction. */
export class ReaderStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Which feed of which region this object is. */
  place(): Place {
    const { region, name } = this.#sql
      .exec<{ region: RegionCode; name: FeedName }>("SELECT region, name FROM feed WHERE one = 1")
      .one();
    return { region, feed: name };
  }

  /** Writes down which feed this is, the first time; its readers begin at the log's start. */
  found({ region, feed }: Place, readers: readonly string[]): void {
    const insert = "INSERT INTO feed (one, region, name) VALUES (1, ?, ?) ON CONFLICT DO NOTHING";
    if (this.#sql.exec(insert, region, feed).rowsWritten === 0) return;
    for (const reader of readers) this.insert(reader, 0);
  }

  /** The operator's pause of the whole feed, if there is one. */
  paused(): Pause | undefined {
    const query = "SELECT paused_at_ms AS atMs, pause_reason AS reason FROM feed";
    const rows = this.#sql.exec<{ atMs: number | null; reason: string | null }>(query).toArray();
    const [{ atMs, reason } = { atMs: null, reason: null }] = rows;
    return atMs === null || reason === null ? undefined : { atMs, reason };
  }

  pauseAll(pause: Pause | undefined): void {
    const update = "UPDATE feed SET paused_at_ms = ?, pause_reason = ?";
    this.#sql.exec(update, pause?.atMs ?? null, pause?.reason ?? null);
  }

  /** A reader that is known stays where it is. */
  insert(reader: string, position: number): void {
    const insert = "INSERT INTO readers (reader, position, reached) VALUES (?, ?, ?)";
    this.#sql.exec(`${insert} ON CONFLICT DO NOTHING`, reader, position, position);
  }

  remove(reader: string): void {
    this.#sql.exec("DELETE FROM readers WHERE reader = ?", reader);
  }

  read(reader: string): ReaderRow | undefined {
    return this.#sql.exec<ReaderRow>("SELECT * FROM readers WHERE reader = ?", reader).toArray()[0];
  }

  all(): readonly ReaderRow[] {
    return this.#sql.exec<ReaderRow>("SELECT * FROM readers ORDER BY reader").toArray();
  }

  /**
   * Moves on, and is well again. Only from where the reader started: one that was sent elsewhere or
   * removed meanwhile stays, and this answers false.
   */
  advance({ reader, position }: ReaderRow, to: number): boolean {
    const update = `UPDATE readers SET position = ?, reached = max(reached, ?), ${WELL}`;
    const where = "WHERE reader = ? AND position = ?";
    return this.#sql.exec(`${update} ${where}`, to, to, reader, position).rowsWritten > 0;
  }

  fail(reader: string, { nowMs, dueAtMs, problem }: Failed): void {
    this.#sql.exec(
      `UPDATE readers SET failures = failures + 1, due_at_ms = ?, problem = ?,
         failing_since_ms = ifnull(failing_since_ms, ?) WHERE reader = ?`,
      dueAtMs,
      problem,
      nowMs,
      reader,
    );
  }

  pause(reader: string, reason: string, nowMs: number): void {
    this.#sql.exec(
      "UPDATE readers SET paused_at_ms = ?, pause_reason = ? WHERE reader = ?",
      nowMs,
      reason,
      reader,
    );
  }

  /** Goes on where it was, with a new budget. */
  resume(reader: string): void {
    const update = `UPDATE readers SET paused_at_ms = NULL, pause_reason = NULL, ${WELL}`;
    this.#sql.exec(`${update} WHERE reader = ?`, reader);
  }

  /** Those that fail try again now, with a new budget; what is paused by itself stays so. */
  retryAll(): void {
    this.#sql.exec(`UPDATE readers SET ${WELL} WHERE paused_at_ms IS NULL`);
  }

  rewind(reader: string, position: number): void {
    this.#sql.exec(`UPDATE readers SET position = ?, ${WELL} WHERE reader = ?`, position, reader);
  }

  /** Nothing counts as read yet. */
  forgetReached(reader: string): void {
    this.#sql.exec("UPDATE readers SET reached = 0 WHERE reader = ?", reader);
  }

  /** When the first one tries again, of those that are not at it already. */
  earliestDueMs(running: readonly string[]): number | undefined {
    if (this.paused()) return undefined;
    const query = `SELECT min(due_at_ms) AS due FROM readers WHERE paused_at_ms IS NULL
      AND reader NOT IN (SELECT value FROM json_each(?))`;
    const { due } = this.#sql.exec<{ due: number | null }>(query, JSON.stringify(running)).one();
    return due ?? undefined;
  }
}

export type Failed = { readonly nowMs: number; readonly dueAtMs: number; readonly problem: string };
