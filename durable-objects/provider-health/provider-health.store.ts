import { PaymentMethod, ProviderName } from "../../schema/payment.ts";
import { Tables } from "../tables.ts";
import type { Call, StoredPair } from "./provider-health.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS pairs (
  provider TEXT NOT NULL,
  method TEXT NOT NULL,
  is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  since_ms INTEGER NOT NULL,
  -- 0 while it is closed.
  probe_at_ms INTEGER NOT NULL,
  opened INTEGER NOT NULL CHECK (opened >= 0),
  passed INTEGER NOT NULL CHECK (passed >= 0),
  -- JSON: the calls of the last minute, as long as one of them was a fault.
  calls TEXT NOT NULL CHECK (json_valid(calls)),
  PRIMARY KEY (provider, method)
) STRICT, WITHOUT ROWID;
`;

type Row = Readonly<Record<"provider" | "method" | "calls", string>> &
  Readonly<Record<"isOpen" | "sinceMs" | "probeAtMs" | "opened" | "passed", number>>;

/** The pairs of one region that have met a fault; without one nothing is ever written. */
export class ProviderHealthStore {
  readonly #sql: SqlStorage;
  readonly tables: Tables;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.tables = new Tables(sql, SCHEMA, "pairs");
  }

  read(): readonly StoredPair[] {
    if (this.tables.isEmpty()) return [];
    const rows = this.#sql.exec<Row>(
      `SELECT provider, method, is_open AS isOpen, since_ms AS sinceMs,
         probe_at_ms AS probeAtMs, opened, passed, calls FROM pairs`,
    );
    return rows.toArray().map(({ provider, method, calls, isOpen, ...breaker }) => ({
      provider: ProviderName.parse(provider),
      method: PaymentMethod.parse(method),
      breaker: { ...breaker, isOpen: isOpen === 1 },
      calls: JSON.parse(calls) as readonly Call[], // as written below
    }));
  }

  write({ provider, method, breaker, calls }: StoredPair): void {
    const { isOpen, sinceMs, probeAtMs, opened, passed } = breaker;
    this.#sql.exec(
      `INSERT INTO pairs (provider, method, is_open, since_ms, probe_at_ms, opened, passed, calls)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET is_open = excluded.is_open, since_ms = excluded.since_ms,
         probe_at_ms = excluded.probe_at_ms, opened = excluded.opened, passed = excluded.passed,
         calls = excluded.calls`,
      ...[provider, method, isOpen ? 1 : 0, sinceMs, probeAtMs, opened, passed],
      JSON.stringify(calls),
    );
  }
}
