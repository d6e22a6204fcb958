import type { Notice } from "../../../payments/webhook-notice.ts";
import { OUTBOX_SCHEMA } from "../../outbox/outbox.ts";
import { JOURNAL_SCHEMA } from "../../saga/journal.ts";
import { Tables } from "../../tables.ts";
import { ANSWERS_SCHEMA, Answers } from "./answers.store.ts";
import type { Checkout } from "./checkout.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS checkout (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  -- The whole sale as JSON: it is read and written as one, by its only writer.
  document TEXT NOT NULL
) STRICT;

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

type Heard = { readonly notice: Notice; readonly isNew: boolean };

/** The statements of one checkout object. Callers bring the transaction. */
export class CheckoutStore {
  readonly #sql: SqlStorage;
  readonly tables: Tables;
  readonly answers: Answers;
  /** What providers told; undefined until it is read. Nobody else writes it. */
  #notices: readonly Heard[] | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const schema = SCHEMA + ANSWERS_SCHEMA + JOURNAL_SCHEMA + OUTBOX_SCHEMA;
    this.tables = new Tables(sql, schema, "checkout");
    this.answers = new Answers(sql, this.tables);
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

  /** Everything that providers told, in the order in which it came. */
  notices(): readonly Notice[] {
    return this.#all().map(({ notice }) => notice);
  }

  /** What was not looked into yet. */
  newNotices(): readonly Notice[] {
    return this.#all()
      .filter(({ isNew }) => isNew)
      .map(({ notice }) => notice);
  }

  knows(notice: Notice): boolean {
    return this.#knowsName(noticeName(notice));
  }

  /** They were looked into; what came meanwhile is still to be. */
  markApplied(notices: readonly Notice[], nowMs: number): void {
    const names = notices.map(noticeName);
    const update =
      "UPDATE notices SET applied_at_ms = ? WHERE notice_id IN (SELECT value FROM json_each(?))";
    this.#sql.exec(update, nowMs, JSON.stringify(names));
    this.#mark(names, false);
  }

  /** It is looked into once more. Answers whether there is such a notice. */
  markNew(name: string): boolean {
    if (!this.#knowsName(name)) return false;
    this.#sql.exec("UPDATE notices SET applied_at_ms = NULL WHERE notice_id = ?", name);
    this.#mark([name], true);
    return true;
  }

  /** The same notice counts once. One that can change nothing needs no second look. */
  insertNotice(notice: Notice, nowMs: number, isNew: boolean): void {
    if (this.knows(notice)) return;
    const insert =
      "INSERT INTO notices (notice_id, notice, received_at_ms, applied_at_ms) VALUES (?, ?, ?, ?)";
    this.#sql.exec(insert, noticeName(notice), JSON.stringify(notice), nowMs, isNew ? null : nowMs);
    this.#notices = [...this.#all(), { notice, isNew }];
  }

  /** Storage is no longer what is known of it. */
  forget(): void {
    this.tables.forget();
    this.answers.forget();
    this.#notices = undefined;
  }

  #knowsName(name: string): boolean {
    return this.#all().some(({ notice }) => noticeName(notice) === name);
  }

  #mark(names: readonly string[], isNew: boolean): void {
    this.#notices = this.#all().map((each) =>
      names.includes(noticeName(each.notice)) ? { ...each, isNew } : each,
    );
  }

  #all(): readonly Heard[] {
    this.#notices ??= this.tables.isEmpty() ? [] : this.#read();
    return this.#notices;
  }

  #read(): readonly Heard[] {
    const query =
      "SELECT notice, applied_at_ms IS NULL AS is_new FROM notices ORDER BY received_at_ms, notice_id";
    return this.#sql
      .exec<{ notice: string; is_new: number }>(query)
      .toArray()
      .map(({ notice, is_new }) => ({ notice: JSON.parse(notice), isNew: is_new === 1 }));
  }
}

/** Two providers may use the same id. */
export function noticeName({ provider, noticeId }: Pick<Notice, "provider" | "noticeId">): string {
  return `${provider}/${noticeId}`;
}
