import type { Run } from "./run.ts";

/** The journal's one table. Created by the first write of an object, not in its constructor. */
export const JOURNAL_SCHEMA = `
CREATE TABLE IF NOT EXISTS runs (
  run_id TEXT PRIMARY KEY,
  saga TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  started_at_ms INTEGER NOT NULL,
  input TEXT NOT NULL,
  -- JSON: acts, events, turned, stuckAt, ended. One row a run keeps a move at one row written.
  journal TEXT NOT NULL,
  -- When the run wants to be looked at next; NULL when it has ended or only an event can move it.
  due_at_ms INTEGER
) STRICT, WITHOUT ROWID;
`;

type RunRow = {
  run_id: string;
  saga: string;
  version: number;
  started_at_ms: number;
  input: string;
  journal: string;
};

const SELECT = "SELECT run_id, saga, version, started_at_ms, input, journal FROM runs";
const SELECT_KEPT =
  "SELECT run_id, saga, version, started_at_ms, input, journal, due_at_ms FROM runs";
const INSERT =
  "INSERT INTO runs (run_id, saga, version, started_at_ms, input, journal, due_at_ms) " +
  "VALUES (?, ?, ?, ?, ?, ?, ?)";
const UPDATE = "UPDATE runs SET journal = ?, due_at_ms = ? WHERE run_id = ?";

/** The object's tables, JOURNAL_SCHEMA among them. */
export type Tables = {
  /** Whether the object has written nothing yet, not even tables. */
  isEmpty(): boolean;
  /** Creates them when they are missing, within the present transaction. */
  ensureSchema(): void;
};

/**
 * Where a runner keeps its runs. Every method is synchronous, and the writing ones belong into the
 * runner's `transact`: what throws there leaves nothing behind.
 */
export interface RunJournal {
  read(runId: string): Run | undefined;
  insert(run: Run, dueAtMs: number | undefined): void;
  update(run: Run, dueAtMs: number | undefined): void;
  /** Changes a run without moving it: its drive is out and will plan when it is back. */
  amend(run: Run): void;
  /** Runs that want to be looked at by now, the most overdue first. */
  dueBefore(nowMs: number): readonly string[];
}

/** Runs as rows of the object's own database, one row a run (decision 1). */
export class Journal implements RunJournal {
  readonly #sql: SqlStorage;
  readonly #tables: Tables;

  constructor(sql: SqlStorage, tables: Tables) {
    this.#sql = sql;
    this.#tables = tables;
  }

  read(runId: string): Run | undefined {
    if (this.#tables.isEmpty()) return undefined;
    return this.#sql.exec<RunRow>(`${SELECT} WHERE run_id = ?`, runId).toArray().map(fromRow)[0];
  }

  readAll(): readonly Run[] {
    if (this.#tables.isEmpty()) return [];
    return this.#sql
      .exec<RunRow>(`${SELECT} ORDER BY started_at_ms, run_id`)
      .toArray()
      .map(fromRow);
  }

  /** All runs, each with when it is due. */
  readKept(): readonly { readonly run: Run; readonly dueAtMs: number | undefined }[] {
    if (this.#tables.isEmpty()) return [];
    return this.#sql
      .exec<RunRow & { due_at_ms: number | null }>(SELECT_KEPT)
      .toArray()
      .map(({ due_at_ms, ...row }) => ({ run: fromRow(row), dueAtMs: due_at_ms ?? undefined }));
  }

  insert(run: Run, dueAtMs: number | undefined): void {
    this.#tables.ensureSchema();
    const { runId, saga, version, startedAtMs, input } = run;
    const json = JSON.stringify(input ?? null);
    const due = dueAtMs ?? null;
    this.#sql.exec(INSERT, runId, saga, version, startedAtMs, json, journalOf(run), due);
  }

  update(run: Run, dueAtMs: number | undefined): void {
    this.#sql.exec(UPDATE, journalOf(run), dueAtMs ?? null, run.runId);
  }

  amend(run: Run): void {
    this.#sql.exec("UPDATE runs SET journal = ? WHERE run_id = ?", journalOf(run), run.runId);
  }

  dueBefore(nowMs: number): readonly string[] {
    if (this.#tables.isEmpty()) return [];
    const query = "SELECT run_id FROM runs WHERE due_at_ms <= ? ORDER BY due_at_ms";
    return this.#sql
      .exec<{ run_id: string }>(query, nowMs)
      .toArray()
      .map(({ run_id }) => run_id);
  }

  earliestDueMs(): number | undefined {
    const query = "SELECT min(due_at_ms) AS due FROM runs";
    return this.#sql.exec<{ due: number | null }>(query).one().due ?? undefined;
  }
}

function journalOf(run: Run): string {
  const { acts, events, turned, stuckAt, ended } = run;
  return JSON.stringify({ acts, events, turned, stuckAt, ended });
}

function fromRow(row: RunRow): Run {
  return {
    runId: row.run_id,
    saga: row.saga,
    version: row.version,
    startedAtMs: row.started_at_ms,
    input: JSON.parse(row.input),
    ...JSON.parse(row.journal),
  };
}
