/** The tables of one account. */

export const tables = `
CREATE TABLE IF NOT EXISTS intents (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL,
  checkout_id TEXT,        -- metadata.checkout_id, for search
  hold_until_ms INTEGER,   -- while money is held or a code is shown: when that lapses
  state TEXT NOT NULL      -- the intent as JSON
) STRICT;
CREATE INDEX IF NOT EXISTS intents_created ON intents (created_ms);
CREATE INDEX IF NOT EXISTS intents_checkout ON intents (checkout_id) WHERE checkout_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS intents_hold ON intents (hold_until_ms) WHERE hold_until_ms IS NOT NULL;

CREATE TABLE IF NOT EXISTS keys (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,     -- method, path and parameters of the first request
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  request_id TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  answered_at_real_ms INTEGER NOT NULL -- until then the first request counts as running
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS keys_created ON keys (created_ms);

CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  state TEXT NOT NULL,           -- the intent at that moment
  refund_id TEXT,
  request_id TEXT,
  idempotency_key TEXT,
  due_ms INTEGER,                -- next delivery, in real time; null when delivered or not wanted
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS events_due ON events (due_ms) WHERE due_ms IS NOT NULL;

DROP TABLE IF EXISTS chores;      -- knew fewer kinds
CREATE TABLE IF NOT EXISTS tasks ( -- what the alarm does later: late calls, refunds that settle, shoppers who act
  seq INTEGER PRIMARY KEY,
  due_ms INTEGER NOT NULL,       -- in real time
  kind TEXT NOT NULL CHECK (kind IN ('late_call', 'settle_refund', 'shopper')),
  idempotency_key TEXT,          -- of a late call: in use until it has run
  body TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS confirmation_tokens (
  id TEXT PRIMARY KEY,
  payment_method TEXT NOT NULL,  -- a test token
  return_url TEXT,
  created_ms INTEGER NOT NULL,
  payment_intent TEXT            -- that it confirmed: it does so once
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
