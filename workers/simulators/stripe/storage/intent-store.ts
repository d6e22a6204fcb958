/** Intents, idempotency keys and settings: every statement on them. Events are in `event-store.ts`. */

import { type Intent, lapsesAt } from "../intents/intent.ts";
import { ConfirmationTokenStore } from "./confirmation-token-store.ts";
import { type Page, readPage } from "./list-cursor.ts";
import { tables } from "./stripe-tables.ts";

export interface StoredKey {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
  readonly answeredAtRealMs: number;
}

/** An intent that an older build stored lacks the fields of today: they get their defaults. */
function intentOf(state: string): Intent {
  const stored: Intent = JSON.parse(state);
  const { charge, refunds } = stored;
  return {
    ...{ local: null, method: null, multicapture: false, dispute: null },
    ...stored,
    charge: charge && { ...{ method: "card" }, ...charge },
    refunds: refunds.map((refund) => ({
      ...{ debitedMs: refund.createdMs, returnedMs: null, failureReason: null },
      ...refund,
    })),
  };
}

export class Store {
  readonly #sql: SqlStorage;
  readonly confirmationTokens: ConfirmationTokenStore;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(tables);
    this.confirmationTokens = new ConfirmationTokenStore(sql);
  }

  intent(id: string): Intent | null {
    const [row] = this.#sql.exec<{ state: string }>("SELECT state FROM intents WHERE id = ?", id);
    return row ? intentOf(row.state) : null;
  }

  save(intent: Intent, state: string): void {
    this.#sql.exec(
      `INSERT INTO intents (id, created_ms, checkout_id, hold_until_ms, state) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET checkout_id = excluded.checkout_id, hold_until_ms = excluded.hold_until_ms, state = excluded.state`,
      intent.id,
      intent.createdMs,
      intent.metadata.checkout_id ?? null,
      lapsesAt(intent),
      state,
    );
  }

  *intents(): Generator<Intent> {
    const rows = this.#sql.exec<{ state: string }>("SELECT state FROM intents ORDER BY seq DESC");
    for (const row of rows) yield intentOf(row.state);
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
      intents: rows.map((row) => intentOf(row.state)),
      lastSeq: rows.length < limit ? null : (rows.at(-1)?.seq ?? null),
    };
  }

  clear(): void {
    this.#sql.exec(
      "DELETE FROM intents; DELETE FROM keys; DELETE FROM events; DELETE FROM tasks; DELETE FROM confirmation_tokens;",
    );
  }

  intentCount(): number {
    return this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM intents").one().n;
  }

  /** Newest first; one more than the limit when there is more. */
  listIntents(page: Page): Intent[] {
    return readPage<{ state: string }>(this.#sql, "intents", page, "", []).map((row) =>
      intentOf(row.state),
    );
  }

  intentsOfCheckout(checkoutId: string): Intent[] {
    return this.#sql
      .exec<{ state: string }>(
        "SELECT state FROM intents WHERE checkout_id = ? ORDER BY seq DESC",
        checkoutId,
      )
      .toArray()
      .map((row) => intentOf(row.state));
  }

  lapsedHolds(nowMs: number): Intent[] {
    return this.#sql
      .exec<{ state: string }>("SELECT state FROM intents WHERE hold_until_ms <= ?", nowMs)
      .toArray()
      .map((row) => intentOf(row.state));
  }

  /** When the next hold or code lapses, by the account's own clock. */
  nextLapseMs(): number | null {
    return this.#sql
      .exec<{ due: number | null }>(
        "SELECT min(hold_until_ms) AS due FROM intents WHERE hold_until_ms IS NOT NULL",
      )
      .one().due;
  }

  key(key: string): (StoredKey & { readonly createdMs: number }) | null {
    const [row] = this.#sql.exec<{
      fingerprint: string;
      status: number;
      body: string;
      request_id: string;
      created_ms: number;
      answered_at_real_ms: number;
    }>("SELECT * FROM keys WHERE key = ?", key);
    if (!row) return null;
    return {
      fingerprint: row.fingerprint,
      status: row.status,
      body: row.body,
      requestId: row.request_id,
      createdMs: row.created_ms,
      answeredAtRealMs: row.answered_at_real_ms,
    };
  }

  saveKey(key: string, stored: StoredKey, nowMs: number): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO keys (key, fingerprint, status, body, request_id, created_ms, answered_at_real_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
      key,
      stored.fingerprint,
      stored.status,
      stored.body,
      stored.requestId,
      nowMs,
      stored.answeredAtRealMs,
    );
  }

  pruneKeys(beforeMs: number): void {
    this.#sql.exec("DELETE FROM keys WHERE created_ms < ?", beforeMs);
  }

  meta(name: string): string | null {
    const [row] = this.#sql.exec<{ value: string }>("SELECT value FROM meta WHERE name = ?", name);
    return row?.value ?? null;
  }

  setMeta(name: string, value: string): void {
    this.#sql.exec("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value);
  }
}
