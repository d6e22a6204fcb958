import type { FeedName } from "../../../schema/feeds.ts";
import type { RegionCode } from "../../../schema/regions.ts";

import { NEW, type ReaderRow, WELL } from "./reader.row.ts";

export type Pause = { readonly atMs: number; readonly reason: string };
type Place = { readonly region: RegionCode; readonly feed: FeedName };

/**
 * Where each reader of this object stands. Callers bring the transaction. Read once and kept: this
 * object is the only writer of its rows.
 */
export class ReaderStore {
  readonly #sql: SqlStorage;
  #place: Place | undefined;
  #pause: { readonly of: Pause | undefined } | undefined;
  #rows: Map<string, ReaderRow> | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** After a transaction that was taken back: memory may hold what never was. */
  forget(): void {
    this.#place = undefined;
    this.#pause = undefined;
    this.#rows = undefined;
  }

  /** Which feed of which region this object is. */
  place(): Place {
    this.#place ??= this.#sql
      .exec<{ region: RegionCode; feed: FeedName }>(
        "SELECT region, name AS feed FROM feed WHERE one = 1",
      )
      .one();
    return this.#place;
  }

  /** Writes down which feed this is, the first time; its readers begin at the log's start. */
  found({ region, feed }: Place, readers: readonly string[]): void {
    if (this.#place) return;
    const insert = "INSERT INTO feed (one, region, name) VALUES (1, ?, ?) ON CONFLICT DO NOTHING";
    const isNew = this.#sql.exec(insert, region, feed).rowsWritten > 0;
    this.#place = { region, feed };
    if (isNew) for (const reader of readers) this.insert(reader, 0);
  }

  /** The operator's pause of the whole feed, if there is one. */
  paused(): Pause | undefined {
    this.#pause ??= { of: this.#readPause() };
    return this.#pause.of;
  }

  pauseAll(pause: Pause | undefined): void {
    const update = "UPDATE feed SET paused_at_ms = ?, pause_reason = ?";
    this.#sql.exec(update, pause?.atMs ?? null, pause?.reason ?? null);
    this.#pause = { of: pause };
  }

  /** A reader that is known stays where it is. */
  insert(reader: string, position: number): void {
    if (this.read(reader)) return;
    const insert = "INSERT INTO readers (reader, position, reached) VALUES (?, ?, ?)";
    this.#sql.exec(insert, reader, position, position);
    this.#known().set(reader, { ...NEW, reader, position, reached: position });
  }

  remove(reader: string): void {
    this.#sql.exec("DELETE FROM readers WHERE reader = ?", reader);
    this.#known().delete(reader);
  }

  read(reader: string): ReaderRow | undefined {
    return this.#known().get(reader);
  }

  all(): readonly ReaderRow[] {
    return [...this.#known().values()];
  }

  /**
   * Moves on, and is well again. Only from where the reader started: one that was sent elsewhere or
   * removed meanwhile stays, and this answers false.
   */
  advance({ reader, position }: ReaderRow, to: number): boolean {
    const now = this.read(reader);
    if (now?.position !== position) return false;
    this.#write({ ...now, ...WELL, position: to, reached: Math.max(now.reached, to) });
    return true;
  }

  fail(reader: string, { nowMs, dueAtMs, problem }: Failed): void {
    this.#change(reader, ({ failures, failing_since_ms }) => ({
      failures: failures + 1,
      failing_since_ms: failing_since_ms ?? nowMs,
      due_at_ms: dueAtMs,
      problem,
    }));
  }

  pause(reader: string, reason: string, nowMs: number): void {
    this.#change(reader, () => ({ paused_at_ms: nowMs, pause_reason: reason }));
  }

  /** Goes on where it was, with a new budget. */
  resume(reader: string): void {
    this.#change(reader, () => ({ ...WELL, paused_at_ms: null, pause_reason: null }));
  }

  /** Those that fail try again now, with a new budget; what is paused by itself stays so. */
  retryAll(): void {
    for (const row of this.all()) {
      if (row.paused_at_ms === null && row.failures > 0) this.#write({ ...row, ...WELL });
    }
  }

  rewind(reader: string, position: number): void {
    this.#change(reader, () => ({ ...WELL, position }));
  }

  /** Nothing counts as read yet. */
  forgetReached(reader: string): void {
    this.#change(reader, () => ({ reached: 0 }));
  }

  /** When the first one tries again, of those that are not at it already. */
  earliestDueMs(running: readonly string[]): number | undefined {
    if (this.paused()) return undefined;
    const due = this.all().flatMap(({ reader, due_at_ms, paused_at_ms }) =>
      due_at_ms === null || paused_at_ms !== null || running.includes(reader) ? [] : [due_at_ms],
    );
    return due.length === 0 ? undefined : Math.min(...due);
  }

  #readPause(): Pause | undefined {
    const query = "SELECT paused_at_ms AS atMs, pause_reason AS reason FROM feed";
    const rows = this.#sql.exec<{ atMs: number | null; reason: string | null }>(query).toArray();
    const [{ atMs, reason } = { atMs: null, reason: null }] = rows;
    return atMs === null || reason === null ? undefined : { atMs, reason };
  }

  #known(): Map<string, ReaderRow> {
    this.#rows ??= new Map(
      this.#sql
        .exec<ReaderRow>("SELECT * FROM readers ORDER BY reader")
        .toArray()
        .map((row) => [row.reader, row]),
    );
    return this.#rows;
  }

  #change(reader: string, change: (row: ReaderRow) => Partial<ReaderRow>): void {
    const row = this.read(reader);
    if (row) this.#write({ ...row, ...change(row) });
  }

  #write(row: ReaderRow): void {
    this.#sql.exec(
      UPDATE,
      ...[row.position, row.reached, row.paused_at_ms, row.pause_reason, row.failures],
      ...[row.failing_since_ms, row.due_at_ms, row.problem, row.reader],
    );
    this.#known().set(row.reader, row);
  }
}

const UPDATE = `UPDATE readers SET position = ?, reached = ?, paused_at_ms = ?, pause_reason = ?,
  failures = ?, failing_since_ms = ?, due_at_ms = ?, problem = ? WHERE reader = ?`;

export type Failed = { readonly nowMs: number; readonly dueAtMs: number; readonly problem: string };
