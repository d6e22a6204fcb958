/** Statements for a table of an earlier version, known by a word that its definition lacks. */
export type Upgrade = { readonly table: string; readonly lacks: string; readonly sql: string };
type Upgradable = { readonly tables: string; readonly upgrades: readonly Upgrade[] };

/**
 * An object's own tables: created by its first write, never in its constructor, so that an object
 * that is only asked leaves nothing behind.
 */
export class Tables {
  readonly #sql: SqlStorage;
  readonly #schema: string;
  readonly #witness: string;
  readonly #upgrades: readonly Upgrade[];
  /** Unknown until somebody looks; from then on only this class changes it. */
  #exist: boolean | undefined;
  /** They are there, and as this version wants them. */
  #isReady = false;

  /** `witness` is one of the tables of `schema`: where it is, they all are. */
  constructor(sql: SqlStorage, schema: string | Upgradable, witness: string) {
    const { tables, upgrades } =
      typeof schema === "string" ? { tables: schema, upgrades: [] } : schema;
    this.#sql = sql;
    this.#schema = tables;
    this.#witness = witness;
    this.#upgrades = upgrades;
  }

  /** Creates what is missing, within the present transaction. */
  ensureSchema(): void {
    if (this.#isReady || (this.#exist && this.#upgrades.length === 0)) return;
    if (!this.isEmpty()) this.#upgrade();
    this.#sql.exec(this.#schema);
    this.#exist = true;
    this.#isReady = true;
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
    this.#isReady = false;
  }

  /** All definitions are read at once, and again only after one was changed. */
  #upgrade(): void {
    let definitions = this.#upgrades.length > 0 ? this.#definitions() : undefined;
    for (const { table, lacks, sql } of this.#upgrades) {
      if (definitions?.get(table)?.includes(lacks)) continue;
      this.#sql.exec(sql);
      definitions = this.#definitions();
    }
  }

  #definitions(): ReadonlyMap<string, string> {
    const query = "SELECT name, coalesce(sql, '') AS sql FROM sqlite_master";
    const rows = this.#sql.exec<{ name: string; sql: string }>(query).toArray();
    return new Map(rows.map(({ name, sql }) => [name, sql]));
  }
}
