/** The tables of one account. */

export const tables = `
CREATE TABLE IF NOT EXISTS payments (
  seq INTEGER PRIMARY KEY,
  psp_reference TEXT NOT NULL UNIQUE,
  page_id TEXT NOT NULL UNIQUE,
  merchant_reference TEXT NOT NULL,
  lapse_ms INTEGER,              -- when time alone changes the payment next
  state TEXT NOT NULL            -- the payment as JSON
) STRICT;
CREATE INDEX IF NOT EXISTS payments_reference ON payments (merchant_reference);
CREATE INDEX IF NOT EXISTS payments_lapse ON payments (lapse_ms) WHERE lapse_ms IS NOT NULL;

CREATE TABLE IF NOT EXISTS keys (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,     -- path and body of the first request
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  answered_at_real_ms INTEGER NOT NULL -- until then the first request counts as running
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS items ( -- what webhooks tell
  seq INTEGER PRIMARY KEY,
  due_ms INTEGER,                -- next delivery, in real time; null when delivered or not wanted
  attempts INTEGER NOT NULL DEFAULT 0,
  item TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS items_due ON items (due_ms) WHERE due_ms IS NOT NULL;

CREATE TABLE IF NOT EXISTS chores ( -- what the alarm does later
  seq INTEGER PRIMARY KEY,
  due_ms INTEGER NOT NULL,       -- in real time
  kind TEXT NOT NULL CHECK (kind IN ('late_call', 'later')),
  idempotency_key TEXT,          -- of a late call: in use until it has run
  body TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
