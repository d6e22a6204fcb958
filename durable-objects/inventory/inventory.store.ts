import type { RegionCode } from "../../schema/regions.ts";
import type { HoldState, MovementKind, MovementSums, StockLevels } from "../../schema/stock.ts";
import { Tables } from "../tables.ts";
import { appended, type HoldMove } from "./hold-moves.ts";
import { SCHEMA, UPGRADES } from "./inventory.schema.ts";
import {
  HISTORY,
  type HistoryPage,
  type HistoryRow,
  NO_MOVEMENTS,
  SUMS,
} from "./movement-queries.ts";

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
  shipped: number;
  shopper: string | null;
  account: string | null;
  history: string;
};

/** What a new hold says; the rest begins empty. */
type NewHold = Omit<HoldRow, "allocated_by" | "undone_up_to" | "shipped" | "history">;

type Shopper = { readonly shopper: string; readonly account?: string | undefined };
type Counters = Omit<StockLevels, "available">;

/** Pieces that came, left, came back, or were counted again. The same token counts once. */
export type Movement = {
  readonly token: string;
  readonly kind: MovementKind;
  readonly quantity: number;
};

/** What was agreed about the SKU here, beside its counters. */
export type Terms = {
  readonly cells: number;
  readonly home: RegionCode | null;
  readonly asks: number;
  readonly shopper_max: number | null;
  readonly unpaid_max_percent: number | null;
  /** Who may sell a line when it is sold out here. */
  readonly last_resort: RegionCode | null;
};

const NO_STOCK: Counters = { received: 0, held: 0, allocated: 0, gone: 0 };
const NO_TERMS: Terms = {
  cells: 1,
  home: null,
  asks: 0,
  shopper_max: null,
  unpaid_max_percent: null,
  last_resort: null,
};

/** The statements of one inventory object. Callers bring the transaction. */
export class InventoryStore {
  readonly #sql: SqlStorage;
  readonly tables: Tables;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.tables = new Tables(sql, { tables: SCHEMA, upgrades: UPGRADES }, "stock");
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

  terms(): Terms {
    if (this.tables.isEmpty()) return NO_TERMS;
    const query = `SELECT cells, home, asks, shopper_max, unpaid_max_percent, last_resort
      FROM stock WHERE one = 1`;
    return this.#sql.exec<Terms>(query).toArray()[0] ?? NO_TERMS;
  }

  agree(change: Partial<Terms>): void {
    const known = this.terms();
    if (known === NO_TERMS) this.move({});
    const { cells, home, asks, ...agreed } = { ...known, ...change };
    const { shopper_max, unpaid_max_percent, last_resort } = agreed;
    const update = `UPDATE stock SET cells = ?, home = ?, asks = ?, shopper_max = ?,
      unpaid_max_percent = ?, last_resort = ? WHERE one = 1`;
    this.#sql.exec(update, cells, home, asks, shopper_max, unpaid_max_percent, last_resort);
  }

  /** Adds to the counters; the table's CHECKs refuse what must never be. */
  move({ received = 0, held = 0, allocated = 0, gone = 0 }: Partial<Counters>): void {
    const update = `UPDATE stock SET received = received + ?, held = held + ?,
      allocated = allocated + ?, gone = gone + ? WHERE one = 1`;
    if (this.#sql.exec(update, received, held, allocated, gone).rowsWritten > 0) return;
    // Not an upsert: SQLite holds the row to be inserted against the CHECKs before the conflict.
    const insert =
      "INSERT INTO stock (one, received, held, allocated, gone) VALUES (1, ?, ?, ?, ?)";
    this.#sql.exec(insert, received, held, allocated, gone);
  }

  /** Since when stock is back that nobody was told of, epoch ms. */
  backAtMs(): number | undefined {
    const query = "SELECT back_at_ms AS at FROM stock WHERE one = 1";
    return this.#sql.exec<{ at: number | null }>(query).toArray()[0]?.at ?? undefined;
  }

  cameBack(atMs: number): void {
    this.#sql.exec("UPDATE stock SET back_at_ms = ? WHERE one = 1", atMs);
  }

  /** A later return stays to be told. */
  toldBack(atMs: number): void {
    this.#sql.exec("UPDATE stock SET back_at_ms = NULL WHERE back_at_ms = ?", atMs);
  }

  hold(key: string): HoldRow | undefined {
    return this.#sql.exec<HoldRow>("SELECT * FROM holds WHERE hold_key = ?", key).toArray()[0];
  }

  insertHold(row: NewHold, move?: HoldMove): void {
    this.#sql.exec(
      `INSERT INTO holds (hold_key, checkout_id, quantity, state, expires_at_ms, due_at_ms,
         generation, shopper, account, history) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.hold_key,
      row.checkout_id,
      row.quantity,
      row.state,
      row.expires_at_ms,
      row.due_at_ms,
      row.generation,
      row.shopper,
      row.account,
      move ? appended("[]", move) : "[]",
    );
  }

  /** Writes what became of a hold, and the movement that made it so, as one row. */
  updateHold(row: HoldRow, move?: HoldMove): void {
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
      move ? appended(row.history, move) : row.history,
      row.hold_key,
    );
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
}
