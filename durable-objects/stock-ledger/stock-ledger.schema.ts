/** The tables of one ledger, beside the journal of its transfers. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS ledger (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  -- Whether regions that run low are given from others that have more.
  pooled INTEGER NOT NULL CHECK (pooled IN (0, 1)),
  -- Numbers the transfers that the ledger begins by itself.
  last_transfer INTEGER NOT NULL,
  -- When the shelves are compared next, and how long after that; NULL while nothing moves.
  reconcile_at_ms INTEGER,
  gap_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS leases (
  region TEXT NOT NULL,
  cell INTEGER NOT NULL,
  -- Pieces that this shelf has received, as far as the ledger knows: it sells these and no more.
  leased INTEGER NOT NULL,
  -- Grows with every transfer: a sight of the shelf from before one is too old to correct by.
  moves INTEGER NOT NULL,
  PRIMARY KEY (region, cell)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS transfers (
  token TEXT PRIMARY KEY,
  -- JSON: from, to, quantity.
  transfer TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked', 'in_transit', 'arrived', 'refused')),
  -- When it was asked for; once it has ended, when it did.
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS transfers_alive ON transfers (at_ms)
  WHERE state IN ('asked', 'in_transit');

CREATE INDEX IF NOT EXISTS transfers_ended ON transfers (at_ms)
  WHERE state IN ('arrived', 'refused');

CREATE TABLE IF NOT EXISTS drifts (
  at_ms INTEGER NOT NULL,
  region TEXT NOT NULL,
  cell INTEGER NOT NULL,
  expected INTEGER NOT NULL,
  found INTEGER NOT NULL
) STRICT;
`;

/** What tables of an earlier version lack. */
export const UPGRADES = [
  {
    table: "transfers_ended",
    lacks: "at_ms",
    sql: `CREATE INDEX IF NOT EXISTS transfers_ended ON transfers (at_ms)
      WHERE state IN ('arrived', 'refused');`,
  },
] as const;
