/** The account's tables and every statement on them. One call of the API is one transaction of its object. */

import type { Change, EventType, Intent } from "./intent.ts";
import type { StoredEvent } from "./wire.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS intents (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL,
  checkout_id TEXT,        -- metadata.checkout_id, for search
  hold_until_ms INTEGER,   -- set while money is held: when the hold lapses
  state TEXT NOT NULL      -- the intent as JSON
) STRICT;
CREATE INDEX IF NOT EXISTS intents_created ON intents (created_ms);
CREATE INDEX IF NOT EXISTS intents_checkout ON intents (checkout_id) WHERE checkout_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS intents_hold ON intents (hold_until_ms) WHERE hold_until_ms IS NOT NULL;

CREATE TABLE IF NOT EXISTS keys (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,     -- method, path and parameters of the first request
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  request_id TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  answered_at_ms INTEGER NOT NULL -- until then the first request counts as running
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS keys_created ON keys (created_ms);

CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  state TEXT NOT NULL,           -- the intent at that moment
  refund_id TEXT,
  request_id TEXT,
  idempotency_key TEXT,
  due_ms INTEGER,                -- next delivery, in real time; null when delivered or not wanted
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS events_due ON events (due_ms) WHERE due_ms IS NOT NULL;

CREATE TABLE IF NOT EXISTS chores ( -- what the alarm does later: late calls, refunds that settle
  seq INTEGER PRIMARY KEY,
  due_ms INTEGER NOT NULL,       -- in real time
  kind TEXT NOT NULL CHECK (kind IN ('late_call', 'settle_refund')),
  idempotency_key TEXT,          -- of a late call: in use until it has run
  body TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

export interface StoredKey {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
  readonly answeredAtMs: number;
}

export interface Chore {
  readonly seq: number;
  readonly kind: "late_call" | "settle_refund";
  readonly body: string;
}

export interface DueEvent {
  readonly event: StoredEvent;
  readonly seq: number;
  readonly attempts: number;
}

export interface Page {
  readonly limit: number;
  readonly startingAfter: string | null;
  readonly endingBefore: string | null;
  readonly fromMs: number;
  /** Exclusive. */
  readonly untilMs: number;
}

/** Where the events of one request come from and when they leave. */
export interface EventSource {
  readonly nowMs: number;
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  /** Null: nobody listens. */
  readonly dueMs: number | null;
  readonly eventId: () => string;
}

type EventRow = {
  seq: number;
  id: string;
  type: EventType;
  created_ms: number;
  state: string;
  refund_id: string | null;
  request_id: string | null;
  idempotency_key: string | null;
  due_ms: number | null;
  attempts: number;
};

export class Store {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(SCHEMA);
  }

  intent(id: string): Intent | null {
    const [row] = this.#sql.exec<{ state: string }>("SELECT state FROM intents WHERE id = ?", id);
    return row ? JSON.parse(row.state) : null;
  }

  /** Stores the intent and what there is to tell about it. */
  save(change: Change, source: EventSource): void {
    const { intent } = change;
    const state = JSON.stringify(intent);
    const held = intent.status === "requires_capture" ? intent.charge?.captureBeforeMs : null;
    this.#sql.exec(
      `INSERT INTO intents (id, created_ms, checkout_id, hold_until_ms, state) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET checkout_id = excluded.checkout_id, hold_until_ms = excluded.hold_until_ms, state = excluded.state`,
      intent.id,
      intent.createdMs,
      intent.metadata.checkout_id ?? null,
      held ?? null,
      state,
    );
    for (const type of change.events) {
      this.#sql.exec(
        "INSERT INTO events (id, type, created_ms, state, refund_id, request_id, idempotency_key, due_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        source.eventId(),
        type,
        source.nowMs,
        state,
        change.refund?.id ?? null,
        source.requestId,
        source.idempotencyKey,
        source.dueMs,
      );
    }
  }

  *intents(): Generator<Intent> {
    const rows = this.#sql.exec<{ state: string }>("SELECT state FROM intents ORDER BY seq DESC");
    for (const row of rows) yield JSON.parse(row.state);
  }

  /** Oldest first, in portions: a ledger outgrows one message. */
  portion(afterSeq: number, limit: number): { intents: Intent[]; lastSeq: number | null } {
    const rows = this.#sql
      .exec<{ seq: number; state: string }>(
        "SELECT seq, state FROM intents WHERE seq > ? ORDER BY seq LIMIT ?",
        afterSeq,
        limit,
      )
      .toArray();
    return {
      intents: rows.map((row) => JSON.parse(row.state)),
      lastSeq: rows.length < limit ? null : (rows.at(-1)?.seq ?? null),
    };
  }

  clear(): void {
    this.#sql.exec(
      "DELETE FROM intents; DELETE FROM keys; DELETE FROM events; DELETE FROM chores;",
    );
  }

  intentCount(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM intents").one().n;
  }

  /** Newest first; one more than the limit when there is more. */
  listIntents(page: Page): Intent[] {
    const rows = this.#page<{ state: string }>("intents", page, "");
    return rows.map((row) => JSON.parse(row.state));
  }

  listEvents(page: Page, types: readonly string[]): StoredEvent[] {
    const where = types.length === 0 ? "" : `AND type IN (${types.map(() => "?").join(", ")})`;
    return this.#page<EventRow>("events", page, where, types).map(eventOf);
  }

  #page<Row extends Record<string, SqlStorageValue>>(
    table: "intents" | "events",
    page: Page,
    where: string,
    values: readonly string[] = [],
  ): Row[] {
    const seqOf = (id: string | null): number | null =>
      id === null
        ? null
        : ([...this.#sql.exec<{ seq: number }>(`SELECT seq FROM ${table} WHERE id = ?`, id)][0]
            ?.seq ?? null);
    const after = seqOf(page.startingAfter);
    const before = seqOf(page.endingBefore);
    const backwards = page.endingBefore !== null;
    const rows = this.#sql
      .exec<Row>(
        `SELECT * FROM ${table} WHERE created_ms >= ? AND created_ms < ? AND seq < ? AND seq > ? ${where}
         ORDER BY created_ms ${backwards ? "ASC" : "DESC"}, seq ${backwards ? "ASC" : "DESC"} LIMIT ?`,
        page.fromMs,
        page.untilMs,
        after ?? Number.MAX_SAFE_INTEGER,
        before ?? -1,
        ...values,
        page.limit + 1,
      )
      .toArray();
    return backwards ? rows.reverse() : rows;
  }

  intentsOfCheckout(checkoutId: string): Intent[] {
    return this.#sql
      .exec<{ state: string }>(
        "SELECT state FROM intents WHERE checkout_id = ? ORDER BY seq DESC",
        checkoutId,
      )
      .toArray()
      .map((row) => JSON.parse(row.state));
  }

  lapsedHolds(nowMs: number): Intent[] {
    return this.#sql
      .exec<{ state: string }>("SELECT state FROM intents WHERE hold_until_ms <= ?", nowMs)
      .toArray()
      .map((row) => JSON.parse(row.state));
  }

  key(key: string): (StoredKey & { readonly createdMs: number }) | null {
    const [row] = this.#sql.exec<{
      fingerprint: string;
      status: number;
      body: string;
      request_id: string;
      created_ms: number;
      answered_at_ms: number;
    }>("SELECT * FROM keys WHERE key = ?", key);
    if (!row) return null;
    return {
      fingerprint: row.fingerprint,
      status: row.status,
      body: row.body,
      requestId: row.request_id,
      createdMs: row.created_ms,
      answeredAtMs: row.answered_at_ms,
    };
  }

  saveKey(key: string, stored: StoredKey, nowMs: number): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO keys (key, fingerprint, status, body, request_id, created_ms, answered_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
      key,
      stored.fingerprint,
      stored.status,
      stored.body,
      stored.requestId,
      nowMs,
      stored.answeredAtMs,
    );
  }

  pruneKeys(beforeMs: number): void {
    this.#sql.exec("DELETE FROM keys WHERE created_ms < ?", beforeMs);
  }

  event(id: string): StoredEvent | null {
    const [row] = this.#sql.exec<EventRow>("SELECT * FROM events WHERE id = ?", id);
    return row ? eventOf(row) : null;
  }

  dueEvents(untilMs: number, limit: number): DueEvent[] {
    return this.#sql
      .exec<EventRow>(
        "SELECT * FROM events WHERE due_ms <= ? ORDER BY due_ms, seq LIMIT ?",
        untilMs,
        limit,
      )
      .toArray()
      .map((row) => ({ event: eventOf(row), seq: row.seq, attempts: row.attempts }));
  }

  /** `dueMs` null: delivered, or given up. */
  rescheduleEvent(seq: number, dueMs: number | null): void {
    this.#sql.exec(
      "UPDATE events SET due_ms = ?, attempts = attempts + 1 WHERE seq = ?",
      dueMs,
      seq,
    );
  }

  addChore(kind: Chore["kind"], dueMs: number, body: string, idempotencyKey: string | null): void {
    this.#sql.exec(
      "INSERT INTO chores (due_ms, kind, idempotency_key, body) VALUES (?, ?, ?, ?)",
      dueMs,
      kind,
      idempotencyKey,
      body,
    );
  }

  dueChores(untilMs: number): Chore[] {
    return this.#sql
      .exec<{ seq: number; kind: Chore["kind"]; body: string }>(
        "SELECT seq, kind, body FROM chores WHERE due_ms <= ? ORDER BY due_ms, seq",
        untilMs,
      )
      .toArray();
  }

  removeChore(seq: number): void {
    this.#sql.exec("DELETE FROM chores WHERE seq = ?", seq);
  }

  /** Whether a late call under this key has still to run. */
  isKeyAwaited(key: string): boolean {
    return [...this.#sql.exec("SELECT 1 FROM chores WHERE idempotency_key = ?", key)].length > 0;
  }

  /** When the alarm has something to do next, in real time. */
  nextDueMs(): number | null {
    return this.#sql
      .exec<{ due: number | null }>(
        "SELECT min(due) AS due FROM (SELECT min(due_ms) AS due FROM events WHERE due_ms IS NOT NULL UNION ALL SELECT min(due_ms) FROM chores)",
      )
      .one().due;
  }

  meta(name: string): string | null {
    const [row] = this.#sql.exec<{ value: string }>("SELECT value FROM meta WHERE name = ?", name);
    return row?.value ?? null;
  }

  setMeta(name: string, value: string): void {
    this.#sql.exec("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value);
  }
}

function eventOf(row: EventRow): StoredEvent {
  return {
    id: row.id,
    type: row.type,
    createdMs: row.created_ms,
    intent: JSON.parse(row.state),
    refundId: row.refund_id,
    requestId: row.request_id,
    idempotencyKey: row.idempotency_key,
    pending: row.due_ms !== null,
  };
}
