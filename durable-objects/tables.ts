/**
 * An object's own tables: created by its first write, never in its constructor, so that an object
 * that is only asked leaves nothing behind.
 */
export class Tables {
  readonly #sql: SqlStorage;
  readonly #schema: string;
  readonly #witness: string;
  /** Unknown until somebody looks; from then on only this class changes it. */
  #exist: boolean | undefined;

  /** `witness` is one of the tables of `schema`: where it is, they all are. */
  constructor(sql: SqlStorage, schema: string, witness: string) {
    this.#sql = sql;
    this.#schema = schema;
    this.#witness = witness;
  }

  /** Creates what is missing, within the present transaction. */
  ensureSchema(): void {
    if (this.#exist) return;
    this.#sql.exec(this.#schema);
    this.#exist = true;
  }

  /** Whether the object has written nothing yet. */
  isEmpty(): boolean {
    this.#exist ??=
      this.#sql.exec("SELECT 1 FROM sqlite_master WHERE name = ?", this.#witness).toArray().length >
      0;
    return !this.#exist;
  }

  /** After a rollback or a purge nobody knows whether the tables are there. */
  forget(): void {
    this.#exist = undefined;
  }
}
