-- What happened to a shop and to no order: checkouts left alone, stock that is back. No personal
-- data. The log is of orders alone: their sequences have no gap.
CREATE TABLE shop_events (
  shop_id TEXT NOT NULL,
  type TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  -- Told again it is the same.
  event_id TEXT NOT NULL,
  -- The CloudEvent as it was sent.
  envelope TEXT NOT NULL CHECK (json_valid(envelope)),
  PRIMARY KEY (shop_id, type, at_ms, event_id)
) STRICT, WITHOUT ROWID;
