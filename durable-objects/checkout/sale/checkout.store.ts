import type { Notice } from "../../../payments/webhook-notice.ts";
import { OUTBOX_SCHEMA } from "../../outbox/outbox.ts";
import { JOURNAL_SCHEMA } from "../../saga/journal.ts";
import { Tables } from "../../tables.ts";
import type { Reply } from "./answers.ts";
import type { Checkout } from "./checkout.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS checkout (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  -- The whole sale as JSON: it is read and written as one, by its only writer.
  document TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS answers (
  route TEXT NOT NULL CHECK (
    route IN ('create', 'pay', 'patch', 'cancel', 'capture', 'refund', 'fulfill', 'cancel_order',
      'withdraw', 'confirm_withdrawal', 'return')
  ),
  idempotency_key TEXT NOT NULL,
  -- Of the payload: the same key with another one is refused.
  fingerprint TEXT NOT NULL,
  -- NULL while the first call with this key runs; others join it.
  reply TEXT,
  PRIMARY KEY (route, idempotency_key)
) STRICT, WITHOUT ROWID;

-- What providers told of this sale by signed webhooks: for some it is the only answer there is.
CREATE TABLE IF NOT EXISTS notices (
  notice_id TEXT PRIMARY KEY,
  -- JSON, as verified.
  notice TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  -- NULL until it was looked into.
  applied_at_ms INTEGER
) STRICT, WITHOUT ROWID;
`;

export type Route =
  | "create"
  | "pay"
  | "patch"
  | "cancel"
  | "capture"
  | "refund"
  | "fulfill"
  | "cancel_order"
  | ("withdraw" | "confirm_withdrawal" | "return");
type AnswerRow = {
  route: Route;
  idempotency_key: string;
  fingerprint: string;
  reply: string | null;
};

/** A call that came with an idempotency key; `reply` when it is answered at once. */
export type Expected = {
  readonly route: Route;
  readonly key: string;
  readonly fingerprint: string;
  readonly reply?: Reply | undefined;
};

export function expected(
  route: Route,
  { key, fingerprint }: Pick<Expected, "key" | "fingerprint">,
): Expected {
  return { route, key, fingerprint };
}

type Waiting = {
  readonly runDueMs: number | undefined;
  readonly eventSinceMs: number | undefined;
  /** How many were not looked into yet. */
  readonly newNotices: number;
};

export type StoredAnswer = { readonly fingerprint: string; readonly reply: Reply | undefined };

/** The statements of one checkout object. Callers bring the transaction. */
export class CheckoutStore {
  readonly #sql: SqlStorage;
  readonly tables: Tables;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.tables = new Tables(sql, SCHEMA + JOURNAL_SCHEMA + OUTBOX_SCHEMA, "checkout");
  }

  read(): Checkout | undefined {
    if (this.tables.isEmpty()) return undefined;
    const rows = this.#sql
      .exec<{ document: string }>("SELECT document FROM checkout WHERE one = 1")
      .toArray();
    return rows[0] && JSON.parse(rows[0].document);
  }

  insert(checkout: Checkout): void {
    this.tables.ensureSchema();
    const insert = "INSERT INTO checkout (one, document) VALUES (1, ?)";
    this.#sql.exec(insert, JSON.stringify(checkout));
  }

  update(checkout: Checkout): void {
    this.#sql.exec("UPDATE checkout SET document = ? WHERE one = 1", JSON.stringify(checkout));
  }

  answer(route: Route, key: string): StoredAnswer | undefined {
    if (this.tables.isEmpty()) return undefined;
    const query = "SELECT * FROM answers WHERE route = ? AND idempotency_key = ?";
    const row = this.#sql.exec<AnswerRow>(query, route, key).toArray()[0];
    if (!row) return undefined;
    const { fingerprint, reply } = row;
    return { fingerprint, reply: reply === null ? undefined : JSON.parse(reply) };
  }

  insertAnswer({ route, key, fingerprint, reply }: Expected): void {
    this.tables.ensureSchema();
    const insert =
      "INSERT INTO answers (route, idempotency_key, fingerprint, reply) VALUES (?, ?, ?, ?)";
    this.#sql.exec(insert, route, key, fingerprint, reply ? JSON.stringify(reply) : null);
  }

  /** The call that the running payment owes an answer; there is at most one. */
  unanswered(): Route | undefined {
    const query = "SELECT * FROM answers WHERE reply IS NULL AND route IN ('create', 'pay')";
    return this.#sql.exec<AnswerRow>(query).toArray()[0]?.route;
  }

  /**
   * Answers the calls of a route that wait. With a key only that one, also when it was told that its
   * provider will decide: who repeats it hears the end.
   */
  writeReply(route: Route, reply: Reply, key?: string): void {
    const update = `UPDATE answers SET reply = ?1 WHERE route = ?2 AND (
      (reply IS NULL AND idempotency_key = ifnull(?3, idempotency_key)) OR
      (reply ->> 'status' = 202 AND idempotency_key = ?3))`;
    this.#sql.exec(update, JSON.stringify(reply), route, key ?? null);
  }

  /** Everything that providers told, in the order in which it came. */
  notices(): readonly Notice[] {
    return this.#notices("");
  }

  /** What was not looked into yet. */
  newNotices(): readonly Notice[] {
    return this.#notices("WHERE applied_at_ms IS NULL");
  }

  /** What waits for the alarm, in one statement: every commit of a sale asks for it. */
  waiting(): Waiting {
    const { run, event, notices } = this.#sql
      .exec<{ run: number | null; event: number | null; notices: number }>(
        `SELECT (SELECT min(due_at_ms) FROM runs) AS run,
           (SELECT min(at_ms) FROM outbox) AS event,
           (SELECT count(*) FROM notices WHERE applied_at_ms IS NULL) AS notices`,
      )
      .one();
    return { runDueMs: run ?? undefined, eventSinceMs: event ?? undefined, newNotices: notices };
  }

  /** They were looked into; what came meanwhile is still to be. */
  markApplied(notices: readonly Notice[], nowMs: number): void {
    const update =
      "UPDATE notices SET applied_at_ms = ? WHERE notice_id IN (SELECT value FROM json_each(?))";
    this.#sql.exec(update, nowMs, JSON.stringify(notices.map(noticeName)));
  }

  /** It is looked into once more. Answers whether there is such a notice. */
  markNew(name: string): boolean {
    if (this.tables.isEmpty()) return false;
    const update = "UPDATE notices SET applied_at_ms = NULL WHERE notice_id = ? RETURNING 1";
    return this.#sql.exec(update, name).toArray().length > 0;
  }

  /** The same notice counts once. One that can change nothing needs no second look. */
  insertNotice(notice: Notice, nowMs: number, isAwaited: boolean): void {
    const insert =
      "INSERT INTO notices (notice_id, notice, received_at_ms, applied_at_ms) VALUES (?, ?, ?, ?) " +
      "ON CONFLICT DO NOTHING";
    const appliedAtMs = isAwaited ? null : nowMs;
    this.#sql.exec(insert, noticeName(notice), JSON.stringify(notice), nowMs, appliedAtMs);
  }

  #notices(where: string): readonly Notice[] {
    if (this.tables.isEmpty()) return [];
    const query = `SELECT notice FROM notices ${where} ORDER BY received_at_ms, notice_id`;
    return this.#sql
      .exec<{ notice: string }>(query)
      .toArray()
      .map(({ notice }) => JSON.parse(notice));
  }
}

/** Two providers may use the same id. */
export function noticeName({ provider, noticeId }: Pick<Notice, "provider" | "noticeId">): string {
  return `${provider}/${noticeId}`;
}
