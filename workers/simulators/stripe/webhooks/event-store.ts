/** Events, their deliveries, and what else the alarm does later: every statement on them. */

import type { Change, EventType } from "../intents/intent.ts";
import { type Page, readPage } from "../storage/list-cursor.ts";
import type { StoredEvent } from "./event-wire.ts";

/** What the alarm does later: a call that a fault held back, news of a refund, a shopper's act. */
export interface Chore {
  readonly seq: number;
  readonly kind: "late_call" | "settle_refund" | "shopper";
  readonly body: string;
}

export interface DueEvent {
  readonly event: StoredEvent;
  readonly seq: number;
  readonly attempts: number;
}

/** Where the events of one request come from and when they leave. */
export interface EventSource {
  readonly nowMs: number;
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
  /** Null: nobody is told. */
  readonly dueMs: (type: EventType) => number | null;
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

export class EventStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Stores what there is to tell; answers when the first of it is due. */
  save(change: Change, state: string, source: EventSource): number | null {
    let firstDueMs: number | null = null;
    for (const type of change.events) {
      const dueMs = source.dueMs(type);
      this.#sql.exec(
        "INSERT INTO events (id, type, created_ms, state, refund_id, request_id, idempotency_key, due_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        source.eventId(),
        type,
        source.nowMs,
        state,
        change.refund?.id ?? null,
        source.requestId,
        source.idempotencyKey,
        dueMs,
      );
      if (dueMs !== null) firstDueMs = Math.min(dueMs, firstDueMs ?? dueMs);
    }
    return firstDueMs;
  }

  event(id: string): StoredEvent | null {
    const [row] = this.#sql.exec<EventRow>("SELECT * FROM events WHERE id = ?", id);
    return row ? eventOf(row) : null;
  }

  list(page: Page, types: readonly string[]): StoredEvent[] {
    const where = types.length === 0 ? "" : `AND type IN (${types.map(() => "?").join(", ")})`;
    return readPage<EventRow>(this.#sql, "events", page, where, types).map(eventOf);
  }

  due(untilMs: number, limit: number): DueEvent[] {
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
  reschedule(seq: number, dueMs: number | null): void {
    this.#sql.exec(
      "UPDATE events SET due_ms = ?, attempts = attempts + 1 WHERE seq = ?",
      dueMs,
      seq,
    );
  }

  /** The account's clock was put forward: deliveries and chores that wait move as far ahead. */
  advance(byMs: number): void {
    if (byMs <= 0) return;
    this.#sql.exec("UPDATE events SET due_ms = due_ms - ? WHERE due_ms IS NOT NULL", byMs);
    this.#sql.exec("UPDATE tasks SET due_ms = due_ms - ?", byMs);
  }

  pendingCount(): number {
    return this.#sql
      .exec<{ n: number }>("SELECT count(*) AS n FROM events WHERE due_ms IS NOT NULL")
      .one().n;
  }

  addChore(kind: Chore["kind"], dueMs: number, body: string, idempotencyKey: string | null): void {
    this.#sql.exec(
      "INSERT INTO tasks (due_ms, kind, idempotency_key, body) VALUES (?, ?, ?, ?)",
      dueMs,
      kind,
      idempotencyKey,
      body,
    );
  }

  dueChores(untilMs: number): Chore[] {
    return this.#sql
      .exec<{ seq: number; kind: Chore["kind"]; body: string }>(
        "SELECT seq, kind, body FROM tasks WHERE due_ms <= ? ORDER BY due_ms, seq",
        untilMs,
      )
      .toArray();
  }

  removeChore(seq: number): void {
    this.#sql.exec("DELETE FROM tasks WHERE seq = ?", seq);
  }

  /** Whether a late call under this key has still to run. */
  isKeyAwaited(key: string): boolean {
    return [...this.#sql.exec("SELECT 1 FROM tasks WHERE idempotency_key = ?", key)].length > 0;
  }

  /** When the alarm has something to do next, in real time. */
  nextDueMs(): number | null {
    return this.#sql
      .exec<{ due: number | null }>(
        `SELECT min(due) AS due FROM (
           SELECT min(due_ms) AS due FROM events WHERE due_ms IS NOT NULL
           UNION ALL SELECT min(due_ms) FROM tasks)`,
      )
      .one().due;
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
