import { RecentRows } from "../recent-rows.ts";
import { Tables } from "../tables.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS counts (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  -- Uses that are taken or used up: what the global limit limits.
  taken INTEGER NOT NULL CHECK (taken >= 0)
) STRICT;

CREATE TABLE IF NOT EXISTS uses (
  -- A checkout has one use at most.
  checkout_id TEXT PRIMARY KEY,
  -- Where the checkout is found.
  shop_id TEXT NOT NULL,
  -- A hash that names nobody; NULL where customers are not counted.
  customer TEXT,
  -- Another hash, of the account; NULL for a guest as well.
  account TEXT,
  -- taken with the hold; used by a placed order, for good; given_back, or refused to come late.
  state TEXT NOT NULL CHECK (state IN ('taken', 'used', 'given_back')),
  -- Grows with every change of the checkout: what has a lower one came too late.
  generation INTEGER NOT NULL,
  -- When the alarm looks at it: taken, to ask the checkout; given back, to forget it.
  due_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS uses_by_customer ON uses (customer)
  WHERE customer IS NOT NULL AND state <> 'given_back';
CREATE INDEX IF NOT EXISTS uses_by_account ON uses (account)
  WHERE account IS NOT NULL AND state <> 'given_back';
CREATE INDEX IF NOT EXISTS uses_by_due ON uses (due_at_ms) WHERE due_at_ms IS NOT NULL;
`;

/** What tables of an earlier version lack. There, an account stood in place of the customer. */
const UPGRADES = [
  { table: "uses", lacks: "account", sql: "ALTER TABLE uses ADD COLUMN account TEXT" },
];

type Counted = {
  readonly checkoutId: string;
  readonly customer: string;
  readonly account?: string | undefined;
};

export type UseRow = {
  checkout_id: string;
  shop_id: string;
  customer: string | null;
  account: string | null;
  state: "taken" | "used" | "given_back";
  generation: number;
  due_at_ms: number | null;
};

const USES_MAX = 256; // a busy promotion's last minute; each some hundred bytes

/**
 * The statements of one promotion's counter, and what it knows without them, as nobody else writes its
 * rows: how many uses are taken, and which checkout has one. Callers bring the transaction, through `within`.
 */
export class PromotionStore {
  readonly #sql: SqlStorage;
  readonly tables: Tables;
  readonly #uses = new RecentRows<UseRow>(USES_MAX);
  /** Undefined before anybody looked. */
  #taken: number | undefined;
  /** As in an inventory: no use is due before; `null` when none is, undefined before anybody looked. */
  #dueMs: number | null | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.tables = new Tables(sql, { tables: SCHEMA, upgrades: UPGRADES }, "uses");
  }

  /** Runs a transaction. Of one that throws nothing is remembered, as nothing is stored of it. */
  within<R>(transaction: () => R): R {
    try {
      return transaction();
    } catch (problem) {
      // The tables may have gone with what it took back.
      this.tables.forget();
      this.#uses.clear();
      this.#taken = undefined;
      this.#dueMs = undefined;
      throw problem;
    }
  }

  taken(): number {
    if (this.tables.isEmpty()) return 0;
    const query = "SELECT taken FROM counts WHERE one = 1";
    this.#taken ??= this.#sql.exec<{ taken: number }>(query).toArray()[0]?.taken ?? 0;
    return this.#taken;
  }

  /** Uses of other checkouts whose buyer shares mailbox or account. */
  takenBy({ checkoutId, customer, account = customer }: Counted): number {
    if (this.tables.isEmpty()) return 0;
    const query = `SELECT count(*) AS n FROM (
      SELECT checkout_id FROM uses WHERE customer IN (?2, ?3) AND state <> 'given_back'
      UNION SELECT checkout_id FROM uses WHERE account = ?3 AND state <> 'given_back')
      WHERE checkout_id <> ?1`;
    return this.#sql.exec<{ n: number }>(query, checkoutId, customer, account).one().n;
  }

  /** The table's CHECK refuses what must never be. */
  move(taken: number): void {
    if (this.#taken !== undefined) this.#taken += taken;
    const update = "UPDATE counts SET taken = taken + ? WHERE one = 1";
    if (this.#sql.exec(update, taken).rowsWritten > 0) return;
    this.#sql.exec("INSERT INTO counts (one, taken) VALUES (1, ?)", taken);
  }

  use(checkoutId: string): UseRow | undefined {
    if (this.tables.isEmpty()) return undefined;
    const known = this.#uses.get(checkoutId);
    if (known !== undefined) return known ?? undefined;
    const query = "SELECT * FROM uses WHERE checkout_id = ?";
    const [row] = this.#sql.exec<UseRow>(query, checkoutId).toArray();
    // That it has none is what its take asks next.
    this.#uses.keep(checkoutId, row ?? null);
    return row;
  }

  save(row: UseRow): void {
    const { checkout_id, shop_id, customer, account, state, generation, due_at_ms } = row;
    const upsert = `INSERT INTO uses (checkout_id, shop_id, customer, account, state, generation,
      due_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET customer = excluded.customer, account = excluded.account,
        state = excluded.state, generation = excluded.generation, due_at_ms = excluded.due_at_ms`;
    this.#sql.exec(upsert, checkout_id, shop_id, customer, account, state, generation, due_at_ms);
    this.#uses.keep(checkout_id, row);
    if (due_at_ms !== null && this.#dueMs !== undefined) {
      this.#dueMs = Math.min(due_at_ms, this.#dueMs ?? due_at_ms);
    }
  }

  forget(checkoutId: string): void {
    this.#sql.exec("DELETE FROM uses WHERE checkout_id = ?", checkoutId);
    this.#uses.drop(checkoutId);
  }

  due(nowMs: number, limit: number): readonly UseRow[] {
    this.#dueMs = undefined; // what is looked into now is due later
    const query = "SELECT * FROM uses WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?";
    return this.#sql.exec<UseRow>(query, nowMs, limit).toArray();
  }

  /** When the alarm has to look, epoch ms: never too late, and too early at most once. */
  earliestDueMs(): number | undefined {
    if (this.#dueMs === undefined) {
      const query = "SELECT min(due_at_ms) AS due FROM uses WHERE due_at_ms IS NOT NULL";
      this.#dueMs = this.#sql.exec<{ due: number | null }>(query).one().due;
    }
    return this.#dueMs ?? undefined;
  }
}
