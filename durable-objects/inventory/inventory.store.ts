import type { HoldState, StockLevels } from "../../schema/stock.ts";
import { Tables } from "../tables.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS stock (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  received INTEGER NOT NULL CHECK (received >= 0),
  held INTEGER NOT NULL CHECK (held >= 0),
  allocated INTEGER NOT NULL CHECK (allocated >= 0),
  gone INTEGER NOT NULL CHECK (gone >= 0),
  -- What is available: no race and no bug may make it negative.
  CHECK (received - held - allocated - gone >= 0)
) STRICT;

CREATE TABLE IF NOT EXISTS holds (
  -- A hold is taken, changed, kept and given back by this name.
  hold_key TEXT PRIMARY KEY,
  checkout_id TEXT NOT NULL,
  -- 0 in a tombstone: a release that came before its hold.
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  state TEXT NOT NULL CHECK (state IN ('held', 'allocated', 'released', 'expired')),
  -- When the checkout lets go of it by itself.
  expires_at_ms INTEGER NOT NULL,
  -- When the alarm looks at it: held, to take it back; released or expired, to forget it.
  due_at_ms INTEGER NOT NULL,
  -- The payment that allocated it, and the highest one whose allocation was undone: an allocate
  -- of that payment or an older one came too late.
  allocated_by INTEGER NOT NULL DEFAULT 0,
  undone_up_to INTEGER NOT NULL DEFAULT 0,
  -- Grows with every change of the quantity: a change with a lower one came too late.
  generation INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS holds_by_due ON holds (due_at_ms) WHERE state <> 'allocated';

CREATE TABLE IF NOT EXISTS movements (
  -- Given by whoever moves the stock: the same one counts once.
  token TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('receipt', 'restock', 'correction')),
  -- Negative only where a correction takes pieces away.
  quantity INTEGER NOT NULL CHECK (quantity > 0 OR (kind = 'correction' AND quantity <> 0)),
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

export type HoldRow = {
  hold_key: string;
  checkout_id: string;
  quantity: number;
  state: HoldState;
  expires_at_ms: number;
  due_at_ms: number;
  allocated_by: number;
  undone_up_to: number;
  generation: number;
};

type Counters = Omit<StockLevels, "available">;
type MovementRow = Pick<Movement, "kind" | "quantity">;

/** Pieces that came, came back, or were counted again. The same token counts once. */
export type Movement = {
  readonly token: string;
  readonly kind: "receipt" | "restock" | "correction";
  readonly quantity: number;
};

const NO_STOCK: Counters = { received: 0, held: 0, allocated: 0, gone: 0 };

/** The statements of one inventory object. Callers bring the transaction. */
export class InventoryStore {
  readonly #sql: SqlStorage;
  readonly tables: Tables;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.tables = new Tables(sql, SCHEMA, "stock");
  }

  levels(): StockLevels {
    const rows = this.tables.isEmpty()
      ? []
      : this.#sql
          .exec<Counters>("SELECT received, held, allocated, gone FROM stock WHERE one = 1")
          .toArray();
    const { received, held, allocated, gone } = rows[0] ?? NO_STOCK;
    return { received, held, allocated, gone, available: received - held - allocated - gone };
  }

  /** Adds to the counters; the table's CHECKs refuse what must never be. */
  move({ received = 0, held = 0, allocated = 0 }: Partial<Counters>): void {
    const update = `UPDATE stock SET received = received + ?, held = held + ?,
      allocated = allocated + ? WHERE one = 1`;
    if (this.#sql.exec(update, received, held, allocated).rowsWritten > 0) return;
    // Not an upsert: SQLite holds the row to be inserted against the CHECKs before the conflict.
    const insert =
      "INSERT INTO stock (one, received, held, allocated, gone) VALUES (1, ?, ?, ?, 0)";
    this.#sql.exec(insert, received, held, allocated);
  }

  hold(key: string): HoldRow | undefined {
    return this.#sql.exec<HoldRow>("SELECT * FROM holds WHERE hold_key = ?", key).toArray()[0];
  }

  insertHold(row: Omit<HoldRow, "allocated_by" | "undone_up_to">): void {
    this.#sql.exec(
      `INSERT INTO holds (hold_key, checkout_id, quantity, state, expires_at_ms, due_at_ms,
         generation) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      row.hold_key,
      row.checkout_id,
      row.quantity,
      row.state,
      row.expires_at_ms,
      row.due_at_ms,
      row.generation,
    );
  }

  updateHold(row: HoldRow): void {
    this.#sql.exec(
      `UPDATE holds SET quantity = ?, state = ?, expires_at_ms = ?, due_at_ms = ?,
         allocated_by = ?, undone_up_to = ?, generation = ? WHERE hold_key = ?`,
      row.quantity,
      row.state,
      row.expires_at_ms,
      row.due_at_ms,
      row.allocated_by,
      row.undone_up_to,
      row.generation,
      row.hold_key,
    );
  }

  deleteHold(key: string): void {
    this.#sql.exec("DELETE FROM holds WHERE hold_key = ?", key);
  }

  dueHolds(nowMs: number, limit: number): readonly HoldRow[] {
    const query =
      "SELECT * FROM holds WHERE state <> 'allocated' AND due_at_ms <= ? ORDER BY due_at_ms LIMIT ?";
    return this.#sql.exec<HoldRow>(query, nowMs, limit).toArray();
  }

  earliestDueMs(): number | undefined {
    const query = "SELECT min(due_at_ms) AS due FROM holds WHERE state <> 'allocated'";
    return this.#sql.exec<{ due: number | null }>(query).one().due ?? undefined;
  }

  /** For the auditor: pieces that are promised, and those that no longer are. */
  holds(): readonly HoldRow[] {
    if (this.tables.isEmpty()) return [];
    const query = "SELECT * FROM holds WHERE quantity > 0 ORDER BY hold_key";
    return this.#sql.exec<HoldRow>(query).toArray();
  }

  movement(token: string): MovementRow | undefined {
    const query = "SELECT kind, quantity FROM movements WHERE token = ?";
    return this.#sql.exec<MovementRow>(query, token).toArray()[0];
  }

  insertMovement({ token, kind, quantity }: Movement, atMs: number): void {
    const insert = "INSERT INTO movements (token, kind, quantity, at_ms) VALUES (?, ?, ?, ?)";
    this.#sql.exec(insert, token, kind, quantity, atMs);
  }
}
