-- What happened to a shop and to no order: checkouts left alone, stock that is back. No personal
-- data. The log is of orders alone: their sequences have no gap.
CREATE TABLE shop_events (
  shop_id text NOT NULL,
  type text NOT NULL,
  at_ms bigint NOT NULL,
  -- Told again it is the same.
  event_id text COLLATE "C" NOT NULL,
  -- The CloudEvent as it was sent.
  envelope json NOT NULL,
  PRIMARY KEY (shop_id, type, at_ms, event_id)
);
