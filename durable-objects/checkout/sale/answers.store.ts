import type { Tables } from "../../tables.ts";
import type { Reply } from "./answers.ts";

export const ANSWERS_SCHEMA = `
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

type AnswerRow = {
  route: Route;
  idempotency_key: string;
  fingerprint: string;
  reply: string | null;
};

/**
 * What each call of a sale was answered, under its key. Rows are read once, when the object comes back:
 * nobody else writes them.
 */
export class Answers {
  readonly #sql: SqlStorage;
  readonly #tables: Tables;
  #known: Expected[] | undefined;

  constructor(sql: SqlStorage, tables: Tables) {
    this.#sql = sql;
    this.#tables = tables;
  }

  under(route: Route, key: string): Expected | undefined {
    return this.#all().find((each) => each.route === route && each.key === key);
  }

  insert({ route, key, fingerprint, reply }: Expected): void {
    const all = this.#all();
    this.#tables.ensureSchema();
    const insert =
      "INSERT INTO answers (route, idempotency_key, fingerprint, reply) VALUES (?, ?, ?, ?)";
    this.#sql.exec(insert, route, key, fingerprint, reply ? JSON.stringify(reply) : null);
    this.#known = [...all, { route, key, fingerprint, reply }];
  }

  /** The call that the running payment owes an answer; there is at most one. */
  owedByPayment(): Route | undefined {
    const owed = this.#all().find(
      ({ route, reply }) => !reply && (route === "create" || route === "pay"),
    );
    return owed?.route;
  }

  /**
   * Answers the calls of a route that wait. With a key only that one, also when it was told that its
   * provider will decide: who repeats it hears the end.
   */
  reply(route: Route, reply: Reply, key?: string): void {
    const isMeant = (each: Expected) =>
      each.route === route &&
      (each.reply ? key === each.key && isPending(each.reply) : (key ?? each.key) === each.key);
    const answered = this.#all().filter(isMeant);
    const update = "UPDATE answers SET reply = ? WHERE route = ? AND idempotency_key = ?";
    for (const each of answered) this.#sql.exec(update, JSON.stringify(reply), route, each.key);
    this.#known = this.#all().map((each) => (answered.includes(each) ? { ...each, reply } : each));
  }

  /** Storage is no longer what is known of it. */
  forget(): void {
    this.#known = undefined;
  }

  #all(): Expected[] {
    this.#known ??= this.#tables.isEmpty() ? [] : this.#read();
    return this.#known;
  }

  #read(): Expected[] {
    return this.#sql
      .exec<AnswerRow>("SELECT route, idempotency_key, fingerprint, reply FROM answers")
      .toArray()
      .map(({ route, idempotency_key: key, fingerprint, reply }) => {
        return { route, key, fingerprint, reply: reply === null ? undefined : JSON.parse(reply) };
      });
  }
}

function isPending(reply: Reply): boolean {
  return "status" in reply && reply.status === 202;
}
