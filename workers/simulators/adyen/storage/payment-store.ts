/** Payments, keys, webhook items and chores of one account: every statement on them. */

import type { Item } from "../api/adyen-wire.ts";
import type { Later, Payment } from "../payments/stored-payment.ts";
import { lapseMsOf } from "../payments/stored-payment.ts";
import { tables } from "./adyen-tables.ts";

export interface StoredKey {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly createdMs: number;
  readonly answeredAtRealMs: number;
}

export interface DueItem {
  readonly seq: number;
  readonly item: Item;
  readonly attempts: number;
}

/** A call that a fault held back, or what happens to a payment later. */
export type Chore = { readonly seq: number } & (
  | { readonly kind: "late_call"; readonly body: string }
  | { readonly kind: "later"; readonly pspReference: string; readonly later: Later }
);

export class Store {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(tables);
  }

  #payments(where: string, ...values: SqlStorageValue[]): Payment[] {
    return this.#sql
      .exec<{ state: string }>(`SELECT state FROM payments WHERE ${where}`, ...values)
      .toArray()
      .map(({ state }) => JSON.parse(state));
  }

  payment(pspReference: string): Payment | null {
    return this.#payments("psp_reference = ?", pspReference)[0] ?? null;
  }

  paymentOfPage(pageId: string): Payment | null {
    return this.#payments("page_id = ?", pageId)[0] ?? null;
  }

  /** Newest first. */
  paymentsOf(merchantReference: string): Payment[] {
    return this.#payments("merchant_reference = ? ORDER BY seq DESC", merchantReference);
  }

  latest(limit: number): Payment[] {
    return this.#payments("true ORDER BY seq DESC LIMIT ?", limit);
  }

  /** Oldest first. */
  *all(): Generator<Payment> {
    const rows = this.#sql.exec<{ state: string }>("SELECT state FROM payments ORDER BY seq");
    for (const { state } of rows) yield JSON.parse(state);
  }

  lapsed(nowMs: number): Payment[] {
    return this.#payments("lapse_ms <= ?", nowMs);
  }

  save(payment: Payment): void {
    this.#sql.exec(
      `INSERT INTO payments (psp_reference, page_id, merchant_reference, lapse_ms, state) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (psp_reference) DO UPDATE SET lapse_ms = excluded.lapse_ms, state = excluded.state`,
      payment.pspReference,
      payment.pageId,
      payment.merchantReference,
      lapseMsOf(payment),
      JSON.stringify(payment),
    );
  }

  /** Oldest first, in portions: a ledger outgrows one message. */
  portion(afterSeq: number, limit: number): { payments: Payment[]; lastSeq: number | null } {
    const rows = this.#sql
      .exec<{ seq: number; state: string }>(
        "SELECT seq, state FROM payments WHERE seq > ? ORDER BY seq LIMIT ?",
        afterSeq,
        limit,
      )
      .toArray();
    return {
      payments: rows.map(({ state }) => JSON.parse(state)),
      lastSeq: rows.length < limit ? null : (rows.at(-1)?.seq ?? null),
    };
  }

  paymentCount(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM payments").one().n;
  }

  clear(): void {
    this.#sql.exec(
      "DELETE FROM payments; DELETE FROM keys; DELETE FROM items; DELETE FROM chores;",
    );
  }

  key(key: string): StoredKey | null {
    const [row] = this.#sql.exec<{
      fingerprint: string;
      status: number;
      body: string;
      created_ms: number;
      answered_at_real_ms: number;
    }>("SELECT * FROM keys WHERE key = ?", key);
    if (!row) return null;
    const { fingerprint, status, body } = row;
    return {
      fingerprint,
      status,
      body,
      createdMs: row.created_ms,
      answeredAtRealMs: row.answered_at_real_ms,
    };
  }

  saveKey(key: string, stored: StoredKey): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO keys (key, fingerprint, status, body, created_ms, answered_at_real_ms) VALUES (?, ?, ?, ?, ?, ?)",
      key,
      stored.fingerprint,
      stored.status,
      stored.body,
      stored.createdMs,
      stored.answeredAtRealMs,
    );
  }

  addItem(item: Item, dueMs: number | null): void {
    this.#sql.exec("INSERT INTO items (due_ms, item) VALUES (?, ?)", dueMs, JSON.stringify(item));
  }

  dueItems(untilMs: number, limit: number): DueItem[] {
    return this.#sql
      .exec<{ seq: number; item: string; attempts: number }>(
        "SELECT seq, item, attempts FROM items WHERE due_ms <= ? ORDER BY due_ms, seq LIMIT ?",
        untilMs,
        limit,
      )
      .toArray()
      .map(({ seq, item, attempts }) => ({ seq, item: JSON.parse(item), attempts }));
  }

  /** `dueMs` null: delivered, or given up. */
  rescheduleItem(seq: number, dueMs: number | null): void {
    this.#sql.exec(
      "UPDATE items SET due_ms = ?, attempts = attempts + 1 WHERE seq = ?",
      dueMs,
      seq,
    );
  }

  pendingCount(): number {
    return this.#sql
      .exec<{ n: number }>("SELECT count(*) AS n FROM items WHERE due_ms IS NOT NULL")
      .one().n;
  }

  addLateCall(body: string, dueMs: number, idempotencyKey: string | null): void {
    this.#sql.exec(
      "INSERT INTO chores (due_ms, kind, idempotency_key, body) VALUES (?, 'late_call', ?, ?)",
      dueMs,
      idempotencyKey,
      body,
    );
  }

  addLater(pspReference: string, later: Later, dueMs: number): void {
    const body = JSON.stringify({ pspReference, later });
    this.#sql.exec("INSERT INTO chores (due_ms, kind, body) VALUES (?, 'later', ?)", dueMs, body);
  }

  dueChores(untilMs: number): Chore[] {
    return this.#sql
      .exec<{ seq: number; kind: string; body: string }>(
        "SELECT seq, kind, body FROM chores WHERE due_ms <= ? ORDER BY due_ms, seq",
        untilMs,
      )
      .toArray()
      .map(({ seq, kind, body }) =>
        kind === "late_call" ? { seq, kind, body } : { seq, kind: "later", ...JSON.parse(body) },
      );
  }

  removeChore(seq: number): void {
    this.#sql.exec("DELETE FROM chores WHERE seq = ?", seq);
  }

  /** Whether a late call under this key has still to run. */
  isKeyAwaited(key: string): boolean {
    return (
      this.#sql.exec("SELECT 1 FROM chores WHERE idempotency_key = ?", key).toArray().length > 0
    );
  }

  /** The account's clock was put forward: deliveries and chores that wait move as far ahead. */
  advance(byMs: number): void {
    if (byMs <= 0) return;
    this.#sql.exec("UPDATE items SET due_ms = due_ms - ? WHERE due_ms IS NOT NULL", byMs);
    this.#sql.exec("UPDATE chores SET due_ms = due_ms - ?", byMs);
  }

  /** When the alarm has something to do next, in real time. `clockShiftMs` is how far the account's clock is ahead. */
  nextDueMs(clockShiftMs: number): number | null {
    return this.#sql
      .exec<{ due: number | null }>(
        `SELECT min(due) AS due FROM (
           SELECT min(due_ms) AS due FROM items WHERE due_ms IS NOT NULL
           UNION ALL SELECT min(due_ms) FROM chores
           UNION ALL SELECT min(lapse_ms) - ? FROM payments WHERE lapse_ms IS NOT NULL)`,
        clockShiftMs,
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
