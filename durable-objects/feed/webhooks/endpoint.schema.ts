/** Tables of the endpoints and of what was sent to them. */
export const ENDPOINT_SCHEMA = `
CREATE TABLE IF NOT EXISTS endpoints (
  endpoint_id TEXT PRIMARY KEY,
  shop_id TEXT NOT NULL,
  -- Grows with every change: a copy that comes late changes nothing.
  version INTEGER NOT NULL CHECK (version >= 1),
  -- 1: a tombstone, so that a late copy brings nothing back.
  is_removed INTEGER NOT NULL CHECK (is_removed IN (0, 1)),
  -- JSON: address, wanted types, secrets. Read and written as one.
  document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS deliveries (
  delivery_id INTEGER PRIMARY KEY AUTOINCREMENT,
  endpoint_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  attempt INTEGER NOT NULL CHECK (attempt >= 1),
  at_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  -- NULL where no answer came.
  status INTEGER,
  problem TEXT
) STRICT;

CREATE INDEX IF NOT EXISTS deliveries_by_endpoint ON deliveries (endpoint_id, delivery_id);
`;
