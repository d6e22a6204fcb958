-- One region's orders and their events. No personal data: a customer is a pseudonym here.

CREATE TABLE orders (
  order_id TEXT PRIMARY KEY,
  -- One order per checkout, whatever the code above does.
  checkout_id TEXT NOT NULL UNIQUE,
  shop_id TEXT NOT NULL,
  region TEXT NOT NULL,
  -- The event sequence that this row stands at; a lower one never overwrites it.
  version INTEGER NOT NULL CHECK (version >= 1),
  status TEXT NOT NULL,
  payment TEXT NOT NULL,
  fulfilment TEXT NOT NULL,
  dispute TEXT NOT NULL,
  currency TEXT NOT NULL,
  total_minor INTEGER NOT NULL CHECK (total_minor >= 0),
  captured_minor INTEGER NOT NULL CHECK (captured_minor BETWEEN 0 AND total_minor),
  refunded_minor INTEGER NOT NULL CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  -- JSON: [{sku, quantity, unitAmount}]. Written and read only with its order, never alone.
  lines TEXT NOT NULL CHECK (json_valid(lines)),
  provider TEXT NOT NULL,
  provider_reference TEXT NOT NULL,
  customer_reference TEXT,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX orders_by_time ON orders (shop_id, created_at_ms, order_id);
CREATE INDEX orders_by_customer ON orders (shop_id, customer_reference, created_at_ms)
  WHERE customer_reference IS NOT NULL;

-- The log: what happened, in the order in which this store learnt it.
CREATE TABLE events (
  log_offset INTEGER PRIMARY KEY AUTOINCREMENT,
  order_id TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  shop_id TEXT NOT NULL,
  type TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  -- The CloudEvent as it was sent.
  envelope TEXT NOT NULL CHECK (json_valid(envelope)),
  UNIQUE (order_id, sequence)
) STRICT;

-- Messages that no consumer could take. Kept until somebody decides.
CREATE TABLE dead_letters (
  message_id TEXT PRIMARY KEY,
  queue TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  first_at_ms INTEGER NOT NULL,
  last_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
