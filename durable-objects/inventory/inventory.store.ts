import type { MovementSums, StockLevels } from "../../schema/stock.ts";
import { Tables } from "../tables.ts";
import { appended, type HoldMove } from "./hold-moves.ts";
import type { Counters, HoldRow, Movement, NewHold, StockRow, Terms } from "./inventory.rows.ts";
import { SCHEMA, UPGRADES } from "./inventory.schema.ts";
import {
  HISTORY,
  type HistoryPage,
  type HistoryRow,
  NO_MOVEMENTS,
  SUMS,
} from "./movement-queries.ts";
import { ShelfMemory } from "./shelf-memory.ts";

type Shopper = { readonly shopper: string; readonly account?: string | undefined };

const NO_STOCK: StockRow = {
  ...{ received: 0, held: 0, allocated: 0, gone: 0 },
  ...{ cells: 1, home: null, asks: 0, last_resort: null },
  ...{ shopper_max: null, unpaid_max_percent: null, back_at_ms: null },
};

/**
 * The statements of one inventory object, and what it knows without them. Callers bring the transaction,
 * through `within`.
 */
export class InventoryStore {
  readonly #sql: SqlStorage;
  readonly #memory = new ShelfMemory();
  readonly tables: Tables;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.tables = new Tables(sql, { tables: SCHEMA, upgrades: UPGRADES }, "stock");
  }

  /** Runs a transaction. Of one that throws nothing is remembered, as nothing is stored of it. */
  within<R>(transaction: () => R): R {
    try {
      return transaction();
    } catch (problem) {
      // The tables may have gone with what it took back.
      this.tables.forget();
      this.#memory.forget();
      throw problem;
    }
  }

  levels(): StockLevels {
    const { received, held, allocated, gone } = this.#stock() ?? NO_STOCK;
    return { received, held, allocated, gone, available: received - held - allocated - gone };
  }

  terms(): Terms {
    const { cells, home, asks, shopper_max, unpaid_max_percent, last_resort } =
      this.#stock() ?? NO_STOCK;
    return { cells, home, asks, shopper_max, unpaid_max_percent, last_resort };
  }

  agree(change: Partial<Terms>): void {
    if (!this.#stock()) this.move({});
    const row = { ...NO_STOCK, ...this.#stock(), ...change };
    const { cells, home, asks, shopper_max, unpaid_max_percent, last_resort } = row;
    const update = `UPDATE stock SET cells = ?, home = ?, asks = ?, shopper_max = ?,
      unpaid_max_percent = ?, last_resort = ? WHERE one = 1`;
    this.#sql.exec(update, cells, home, asks, shopper_max, unpaid_max_percent, last_resort);
    this.#memory.stock = row;
  }

  /** Adds to the counters; the table's CHECKs refuse what must never be, whatever memory says. */
  move({ received = 0, held = 0, allocated = 0, gone = 0 }: Partial<Counters>): void {
    if (!this.#stock()) {
      // Not an upsert: SQLite holds the row to be inserted against the CHECKs before the conflict.
      const insert =
        "INSERT INTO stock (one, received, held, allocated, gone) VALUES (1, ?, ?, ?, ?)";
      this.#sql.exec(insert, received, held, allocated, gone);
      this.#memory.stock = { ...NO_STOCK, received, held, allocated, gone };
      return;
    }
    if (received === 0 && held === 0 && allocated === 0 && gone === 0) return;
    const update = `UPDATE stock SET received = received + ?, held = held + ?,
      allocated = allocated + ?, gone = gone + ? WHERE one = 1`;
    this.#sql.exec(update, received, held, allocated, gone);
    this.#memory.moved({ received, held, allocated, gone });
  }

  /** Since when stock is back that nobody was told of, epoch ms. */
  backAtMs(): number | undefined {
    return this.#stock()?.back_at_ms ?? undefined;
  }

  cameBack(atMs: number): void {
    this.#sql.exec("UPDATE stock SET back_at_ms = ? WHERE one = 1", atMs);
    this.#back(atMs);
  }

  /** A later return stays to be told. */
  toldBack(atMs: number): void {
    if (this.backAtMs() !== atMs) return;
    this.#sql.exec("UPDATE stock SET back_at_ms = NULL WHERE one = 1");
    this.#back(null);
  }

  /** For who holds the counters against their movements: they are read from the table again. */
  lookAgain(): void {
    this.#memory.stock = undefined;
  }

  /** An open hold that a recent call took or read; no row is read for it. */
  recentHold(key: string): HoldRow | undefined {
    return this.#memory.hold(key);
  }

  hold(key: string): HoldRow | undefined {
    const known = this.#memory.hold(key);
    if (known) return known;
    const [row] = this.#sql.exec<HoldRow>("SELECT * FROM holds WHERE hold_key = ?", key).toArray();
    if (row) this.#memory.keep(row);
    return row;
  }

  /** Answers whether there was none by this key; one that is there stays as it is. */
  insertHold(row: NewHold, move?: HoldMove): boolean {
    const history = move ? appended("[]", move) : "[]";
    const { rowsWritten } = this.#sql.exec(
      `INSERT INTO holds (hold_key, checkout_id, quantity, state, expires_at_ms, due_at_ms,
         generation, shopper, account, history) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (hold_key) DO NOTHING`,
      row.hold_key,
      row.checkout_id,
      row.quantity,
      row.state,
      row.expires_at_ms,
      row.due_at_ms,
      row.generation,
      row.shopper,
      row.account,
      history,
    );
    const isNew = rowsWritten > 0;
    if (isNew) {
      this.#memory.keep({ ...row, allocated_by: 0, undone_up_to: 0, shipped: 0, history });
    }
    return isNew;
  }

  /** Writes what became of a hold, and the movement that made it so, as one row. */
  updateHold(row: HoldRow, move?: HoldMove): void {
    const history = move ? appended(row.history, move) : row.history;
    this.#sql.exec(
      `UPDATE holds SET quantity = ?, state = ?, expires_at_ms = ?, due_at_ms = ?,
         allocated_by = ?, undone_up_to = ?, generation = ?, shipped = ?, shopper = ?, account = ?,
         history = ?
         WHERE hold_key = ?`,
      row.quantity,
      row.state,
      row.expires_at_ms,
      row.due_at_ms,
      row.allocated_by,
      row.undone_up_to,
      row.generation,
      row.shipped,
      row.shopper,
      row.account,
      history,
      row.hold_key,
    );
    this.#memory.keep({ ...row, history });
  }

  /** Pieces that whoever shares mailbox or account holds unpaid, beside a hold that is left out. */
  heldBy({ shopper, account = shopper }: Shopper, besides = ""): number {
    const query = `SELECT coalesce(sum(quantity), 0) AS held FROM (
      SELECT hold_key, quantity FROM holds WHERE shopper IN (?1, ?2) AND state = 'held'
      UNION SELECT hold_key, quantity FROM holds WHERE account = ?2 AND state = 'held')
      WHERE hold_key <> ?3`;
    return this.#sql.exec<{ held: number }>(query, shopper, account, besides).one().held;
  }

  /** Sales to which pieces are promised, the largest first. */
  promisedTo(limit: number): readonly string[] {
    const query = `SELECT checkout_id FROM holds WHERE state IN ('held', 'allocated')
      AND quantity > shipped GROUP BY checkout_id ORDER BY sum(quantity) DESC, 1 LIMIT ?`;
    return this.#sql
      .exec<{ checkout_id: string }>(query, limit)
      .toArray()
      .map(({ checkout_id }) => checkout_id);
  }

  deleteHold(key: string): void {
    this.#sql.exec("DELETE FROM holds WHERE hold_key = ?", key);
    this.#memory.drop(key);
  }

  dueHolds(nowMs: number, limit: number): readonly HoldRow[] {
    if ((this.earliestDueMs() ?? Number.POSITIVE_INFINITY) > nowMs) return [];
    this.#memory.dueMs = undefined;
    const query =
      "SELECT * FROM holds WHERE state <> 'allocated' AND due_at_ms <= ? ORDER BY due_at_ms LIMIT ?";
    return this.#sql.exec<HoldRow>(query, nowMs, limit).toArray();
  }

  /** When the alarm has to look at the holds, epoch ms: never too late, and too early at most once. */
  earliestDueMs(): number | undefined {
    if (this.#memory.dueMs === undefined) {
      const query = "SELECT min(due_at_ms) AS due FROM holds WHERE state <> 'allocated'";
      this.#memory.dueMs = this.#sql.exec<{ due: number | null }>(query).one().due;
    }
    return this.#memory.dueMs ?? undefined;
  }

  /** For the auditor: pieces that are promised, and those that no longer are. */
  holds(): readonly HoldRow[] {
    if (this.tables.isEmpty()) return [];
    const query = "SELECT * FROM holds WHERE quantity > 0 ORDER BY hold_key";
    return this.#sql.exec<HoldRow>(query).toArray();
  }

  movement(token: string): Pick<Movement, "kind" | "quantity"> | undefined {
    const query = "SELECT kind, quantity FROM movements WHERE token = ?";
    return this.#sql.exec<Movement>(query, token).toArray()[0];
  }

  insertMovement({ token, kind, quantity }: Movement, atMs: number): void {
    const insert = "INSERT INTO movements (token, kind, quantity, at_ms) VALUES (?, ?, ?, ?)";
    this.#sql.exec(insert, token, kind, quantity, atMs);
  }

  /** What the counters have to be, added up from every movement. Holds long dead sum to nothing. */
  movementSums(): MovementSums {
    if (this.tables.isEmpty()) return NO_MOVEMENTS;
    return this.#sql.exec<MovementSums>(SUMS).one();
  }

  /** Movements of holds and of the stock itself. */
  movements({ sinceMs, beforeMs, limit }: HistoryPage): readonly HistoryRow[] {
    if (this.tables.isEmpty()) return [];
    return this.#sql.exec<HistoryRow>(HISTORY, sinceMs, beforeMs, limit).toArray();
  }

  /** Read once, with all that a call may ask of it; `null` is remembered as well. */
  #stock(): StockRow | null {
    if (this.#memory.stock !== undefined) return this.#memory.stock;
    const query = "SELECT * FROM stock WHERE one = 1";
    const [row] = this.tables.isEmpty() ? [] : this.#sql.exec<StockRow>(query).toArray();
    // A table of an earlier version has fewer columns until the next write.
    this.#memory.stock = row ? { ...NO_STOCK, ...row } : null;
    return this.#memory.stock;
  }

  #back(atMs: number | null): void {
    const { stock } = this.#memory;
    if (stock) this.#memory.stock = { ...stock, back_at_ms: atMs };
  }
}
