import type { Breaker } from "../../payments/breaker.ts";
import { PaymentMethod, ProviderName } from "../../schema/payment.ts";
import { Tables } from "../tables.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS breakers (
  provider TEXT NOT NULL,
  method TEXT NOT NULL,
  is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
  since_ms INTEGER NOT NULL,
  -- 0 while it is closed.
  probe_at_ms INTEGER NOT NULL,
  opened INTEGER NOT NULL CHECK (opened >= 0),
  passed INTEGER NOT NULL CHECK (passed >= 0),
  PRIMARY KEY (provider, method)
) STRICT, WITHOUT ROWID;
`;

export type StoredBreaker = {
  readonly provider: ProviderName;
  readonly method: PaymentMethod;
  readonly breaker: Breaker;
};

type Row = Readonly<Record<"provider" | "method", string>> &
  Readonly<Record<"isOpen" | "sinceMs" | "probeAtMs" | "opened" | "passed", number>>;

/** The circuits of one region that have ever opened; a row is written as one changes. */
export class ProviderHealthStore {
  readonly #sql: SqlStorage;
  readonly tables: Tables;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.tables = new Tables(sql, SCHEMA, "breakers");
  }

  read(): readonly StoredBreaker[] {
    if (this.tables.isEmpty()) return [];
    const rows = this.#sql.exec<Row>(
      `SELECT provider, method, is_open AS isOpen, since_ms AS sinceMs,
         probe_at_ms AS probeAtMs, opened, passed FROM breakers`,
    );
    return rows.toArray().map(({ provider, method, isOpen, ...breaker }) => ({
      provider: ProviderName.parse(provider),
      method: PaymentMethod.parse(method),
      breaker: { ...breaker, isOpen: isOpen === 1 },
    }));
  }

  write({ provider, method, breaker }: StoredBreaker): void {
    const { isOpen, sinceMs, probeAtMs, opened, passed } = breaker;
    this.#sql.exec(
      `INSERT INTO breakers (provider, method, is_open, since_ms, probe_at_ms, opened, passed)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET is_open = excluded.is_open, since_ms = excluded.since_ms,
         probe_at_ms = excluded.probe_at_ms, opened = excluded.opened, passed = excluded.passed`,
      ...[provider, method, isOpen ? 1 : 0, sinceMs, probeAtMs, opened, passed],
    );
  }
}
