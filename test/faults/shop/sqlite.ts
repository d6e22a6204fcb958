import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** An object's SQLite database without an object: the same statements, checks and rollbacks. */
export class MemorySqlite {
  readonly #database = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();

  /** As `ctx.storage.sql`, as far as the stores use it. */
  get sql(): SqlStorage {
    const exec = (query: string, ...values: SQLInputValue[]) => this.#exec(query, values);
    const sql: object = { exec };
    return sql as SqlStorage;
  }

  /** As `ctx.storage.transactionSync`. */
  transact<R>(work: () => R): R {
    this.#database.exec("BEGIN");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (problem) {
      this.#database.exec("ROLLBACK");
      throw problem;
    }
  }

  #exec(query: string, values: readonly SQLInputValue[]) {
    if (query.includes("CREATE TABLE")) {
      this.#database.exec(query);
      return cursor([], 0);
    }
    const statement = this.#prepared(query);
    if (statement.columns().length > 0) return cursor(statement.all(...values), 0);
    return cursor([], Number(statement.run(...values).changes));
  }

  #prepared(query: string): StatementSync {
    const known = this.#statements.get(query);
    if (known) return known;
    const statement = this.#database.prepare(query);
    this.#statements.set(query, statement);
    return statement;
  }
}

function cursor(rows: readonly unknown[], rowsWritten: number) {
  const one = () => {
    if (rows.length !== 1) throw new Error(`one row expected, found ${rows.length}`);
    return rows[0];
  };
  return { toArray: () => rows, one, rowsWritten };
}
