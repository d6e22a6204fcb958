import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../schema/durations.ts";
import type { RegionCode } from "../../schema/regions.ts";
import type { ShelfName, StockLedger, Transfer } from "../../schema/stock.ts";
import { JOURNAL_SCHEMA } from "../saga/journal.ts";
import { Tables } from "../tables.ts";
import { SCHEMA, UPGRADES } from "./stock-ledger.schema.ts";
import type { TransferTx } from "./transfer.saga.ts";

const GAP_MAX_MS = HOUR_MS; // a shelf at rest is looked at once an hour
const DRIFTS_SHOWN = 50;
/** Nobody repeats a call for so long; the shelves know its token for good. */
const KEEP_ENDED_MS = 30 * DAY_MS;
const FORGET_BATCH = 500;

export type Lease = ShelfName & { readonly leased: number; readonly moves: number };
type State = "asked" | "in_transit" | "arrived" | "refused";
type LedgerRow = {
  readonly pooled: number;
  readonly gap_ms: number;
  readonly reconcile_at_ms: number | null;
};
type TransferRow = { token: string; transfer: string; state: State; at_ms: number };

/**
 * The statements of one ledger, which are also what a transfer's commits write to. Its one row and its
 * leases are kept in mind: nobody else writes them. Callers bring the transaction, through `within`.
 */
export class LedgerStore implements TransferTx {
  readonly #sql: SqlStorage;
  readonly #nowMs: () => number;
  readonly tables: Tables;
  /** Undefined before anybody looked, as are the leases. */
  #row: LedgerRow | undefined;
  #leases: readonly Lease[] | undefined;

  constructor(sql: SqlStorage, nowMs: () => number) {
    this.#sql = sql;
    this.#nowMs = nowMs;
    const tables = SCHEMA + JOURNAL_SCHEMA;
    this.tables = new Tables(sql, { tables, upgrades: UPGRADES }, "ledger");
  }

  ensure(): void {
    this.tables.ensureSchema();
    if (this.#row) return;
    const insert = `INSERT OR IGNORE INTO ledger (one, pooled, last_transfer, gap_ms)
      VALUES (1, 0, 0, ?)`;
    this.#sql.exec(insert, MINUTE_MS);
  }

  /** Runs a transaction. Of one that throws nothing is remembered, as nothing is stored of it. */
  within<R>(transaction: () => R): R {
    try {
      return transaction();
    } catch (problem) {
      // The tables may have gone with what it took back.
      this.tables.forget();
      this.#row = undefined;
      this.#leases = undefined;
      throw problem;
    }
  }

  isPooled(): boolean {
    return this.#ledger()?.pooled === 1;
  }

  pool(isPooled: boolean): void {
    this.#sql.exec("UPDATE ledger SET pooled = ?", isPooled ? 1 : 0);
    this.#row = undefined;
  }

  nextNumber(): number {
    const update =
      "UPDATE ledger SET last_transfer = last_transfer + 1 RETURNING last_transfer AS n";
    return this.#sql.exec<{ n: number }>(update).one().n;
  }

  reconcileAtMs(): number | undefined {
    return this.#ledger()?.reconcile_at_ms ?? undefined;
  }

  /** Something moved: the shelves are compared in a minute. */
  stir(): void {
    const update = "UPDATE ledger SET gap_ms = ?, reconcile_at_ms = ?";
    this.#sql.exec(update, MINUTE_MS, this.#nowMs() + MINUTE_MS);
    this.#row = undefined;
  }

  /** All was equal, or it was made equal: less and less often while nothing moves, then no more. */
  rest(): void {
    const update = `UPDATE ledger SET gap_ms = gap_ms * 2,
      reconcile_at_ms = iif(pooled = 1 OR gap_ms < ?, ? + min(gap_ms, ?), NULL)`;
    this.#sql.exec(update, GAP_MAX_MS, this.#nowMs(), GAP_MAX_MS);
    this.#row = undefined;
  }

  leases(): readonly Lease[] {
    if (this.tables.isEmpty()) return [];
    const query = "SELECT region, cell, leased, moves FROM leases ORDER BY region, cell";
    this.#leases ??= this.#sql.exec<Lease>(query).toArray();
    return this.#leases;
  }

  lease({ region, cell }: ShelfName): Lease | undefined {
    return this.leases().find((lease) => lease.region === region && lease.cell === cell);
  }

  enrol({ region, cell }: ShelfName): void {
    const insert = "INSERT OR IGNORE INTO leases (region, cell, leased, moves) VALUES (?, ?, 0, 0)";
    if (this.#sql.exec(insert, region, cell).rowsWritten > 0) this.#leases = undefined;
  }

  setLease({ region, cell }: ShelfName, leased: number): void {
    const update = "UPDATE leases SET leased = ? WHERE region = ? AND cell = ?";
    this.#sql.exec(update, leased, region, cell);
    this.#leases = undefined;
  }

  drifted({ region, cell, expected, found }: ShelfName & { expected: number; found: number }) {
    const insert =
      "INSERT INTO drifts (at_ms, region, cell, expected, found) VALUES (?, ?, ?, ?, ?)";
    this.#sql.exec(insert, this.#nowMs(), region, cell, expected, found);
  }

  asked(transfer: Transfer): void {
    const insert =
      "INSERT INTO transfers (token, transfer, state, at_ms) VALUES (?, ?, 'asked', ?)";
    this.#sql.exec(insert, transfer.token, JSON.stringify(transfer), this.#nowMs());
    this.enrol(transfer.from);
    this.enrol(transfer.to);
    this.#moved(transfer.from, 0);
  }

  departed(transfer: Transfer): void {
    this.#become(transfer, "in_transit");
    this.#moved(transfer.from, -transfer.quantity);
  }

  arrived(transfer: Transfer): void {
    this.#become(transfer, "arrived");
    this.#moved(transfer.to, transfer.quantity);
  }

  refused(transfer: Transfer): void {
    this.#become(transfer, "refused");
    this.#moved(transfer.from, 0);
  }

  /** Transfers that are asked for or in transit, the oldest first. */
  alive(): readonly (Transfer & { readonly state: State; readonly atMs: number })[] {
    if (this.tables.isEmpty()) return [];
    const query = `SELECT token, transfer, state, at_ms FROM transfers
      WHERE state IN ('asked', 'in_transit') ORDER BY at_ms`;
    return this.#sql.exec<TransferRow>(query).toArray().map(fromRow);
  }

  transfer(token: string): (Transfer & { readonly state: State }) | undefined {
    if (this.tables.isEmpty()) return undefined;
    const query = "SELECT token, transfer, state, at_ms FROM transfers WHERE token = ?";
    return this.#sql.exec<TransferRow>(query, token).toArray().map(fromRow)[0];
  }

  /** When the transfer that ended first is forgotten, epoch ms. */
  forgetAtMs(): number | undefined {
    if (this.tables.isEmpty()) return undefined;
    const query = `SELECT min(at_ms) AS at FROM transfers WHERE state IN ('arrived', 'refused')`;
    const { at } = this.#sql.exec<{ at: number | null }>(query).one();
    return at === null ? undefined : at + KEEP_ENDED_MS;
  }

  /**
   * Forgets transfers that ended long since at both ends, and their runs. No sum is lost: leases
   * have them in, and each shelf keeps its own movement. Answers their tokens.
   */
  forgetEnded(): readonly string[] {
    const remove = `DELETE FROM transfers WHERE token IN (
      SELECT token FROM transfers WHERE state IN ('arrived', 'refused') AND at_ms <= ?
      ORDER BY at_ms LIMIT ?) RETURNING token`;
    const before = this.#nowMs() - KEEP_ENDED_MS;
    const ended = this.#sql.exec<{ token: string }>(remove, before, FORGET_BATCH).toArray();
    for (const { token } of ended) this.#sql.exec("DELETE FROM runs WHERE run_id = ?", token);
    return ended.map(({ token }) => token);
  }

  view(home: RegionCode): StockLedger {
    return {
      home,
      pooled: this.isPooled(),
      leases: this.leases().map(({ region, cell, leased }) => ({ region, cell, leased })),
      inTransit: this.alive()
        .filter(({ state }) => state === "in_transit")
        .map(({ state: _state, atMs, ...transfer }) => ({ ...transfer, at: iso(atMs) })),
      drifts: this.#drifts(),
    };
  }

  #drifts(): StockLedger["drifts"] {
    if (this.tables.isEmpty()) return [];
    const query = `SELECT region, cell, expected, found, at_ms FROM drifts
      ORDER BY at_ms DESC LIMIT ?`;
    return this.#sql
      .exec<ShelfName & { expected: number; found: number; at_ms: number }>(query, DRIFTS_SHOWN)
      .toArray()
      .map(({ at_ms, ...drift }) => ({ ...drift, at: iso(at_ms) }));
  }

  #ledger(): LedgerRow | undefined {
    if (this.tables.isEmpty()) return undefined;
    const query = "SELECT pooled, gap_ms, reconcile_at_ms FROM ledger";
    this.#row ??= this.#sql.exec<LedgerRow>(query).toArray()[0];
    return this.#row;
  }

  #become({ token }: Transfer, state: State): void {
    const update = `UPDATE transfers SET state = ?1,
      at_ms = iif(?1 = 'in_transit', at_ms, ?2) WHERE token = ?3`;
    this.#sql.exec(update, state, this.#nowMs(), token);
  }

  #moved({ region, cell }: ShelfName, quantity: number): void {
    const update = `UPDATE leases SET leased = leased + ?, moves = moves + 1
      WHERE region = ? AND cell = ?`;
    this.#sql.exec(update, quantity, region, cell);
    this.#leases = undefined;
    this.stir();
  }
}

function fromRow({ transfer, state, at_ms }: TransferRow) {
  return { ...(JSON.parse(transfer) as Transfer), state, atMs: at_ms };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
